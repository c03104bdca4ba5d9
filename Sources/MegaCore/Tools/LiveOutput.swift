// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// A running tool's output on its way to the person: control characters out, secrets out, line by line, because a secret must be
/// seen whole to be recognised.
final class LiveOutput: Sendable {
    /// A line longer than this is shown in pieces.
    private static let longestLine = 4096
    /// More than this is not held back, whatever the redactor says.
    private static let mostHeldBack = 64 << 10

    private let redactor: any ContentRedactor
    private let pending = Mutex("")

    init(redactor: any ContentRedactor) { self.redactor = redactor }

    /// Takes in a piece and returns the whole lines that may be shown now.
    func push(_ piece: String) -> String? {
        let lines = pending.withLock { pending -> String in
            pending += piece
            var ready = pending.lastIndex(of: "\n").map { pending[...$0] } ?? (pending.utf8.count > Self.longestLine ? pending[...] : "")
            guard !ready.isEmpty else { return "" }
            let held = redactor.unfinishedSuffix(of: pending)
            if held > 0, held <= Self.mostHeldBack {
                let cut = pending.utf8.index(pending.endIndex, offsetBy: -min(held, pending.utf8.count))
                if cut < ready.endIndex { ready = pending[..<cut] }
            }
            defer { pending = String(pending[ready.endIndex...]) }
            return String(ready)
        }
        return clean(lines)
    }

    /// What is left when the tool has ended.
    func finish() -> String? {
        clean(
            pending.withLock { pending in
                defer { pending = "" }
                return pending
            })
    }

    private func clean(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        do { return try redactor.redact(OutputSanitizer.clean(text)) } catch {
            return "[output withheld: it could not be checked for secrets]\n"
        }
    }
}
