// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// A running tool's output on its way to the person: control characters out, secrets out, also those that come in several pieces or
/// reach over several lines.
final class LiveOutput: Sendable {
    private let stream: Mutex<RedactionStream>

    init(redactor: any ContentRedactor) { stream = Mutex(RedactionStream(redactor: redactor)) }

    /// Takes in a piece and returns what may be shown now: whole lines, unless a line is very long.
    func push(_ piece: String) -> String? { shown { try $0.push(piece) } }

    /// What is left when the tool has ended.
    func finish() -> String? { shown { try $0.finish() } }

    private func shown(_ change: (inout sending RedactionStream) throws -> String?) -> String? {
        do { return try stream.withLock { try change(&$0) } } catch {
            return "[output withheld: it could not be checked for secrets]\n"
        }
    }
}
