// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// Hands the output of both streams out, one piece at a time, and stops at the limit while the reading goes on.
final class OutputMeter: Sendable {
    private struct Counts {
        var remaining: Int
        var omitted = 0
        var firstError: [UInt8] = []
    }

    private let counts: Mutex<Counts>
    private let gate = TurnGate()
    private let output: @Sendable (CommandOutput) async -> Void

    init(limit: Int, output: @escaping @Sendable (CommandOutput) async -> Void) {
        counts = Mutex(Counts(remaining: max(0, limit)))
        self.output = output
    }

    var omittedBytes: Int { counts.withLock { $0.omitted } }
    /// The beginning of the error stream, where the sandbox program writes when it cannot start.
    var firstError: String { String(decoding: counts.withLock { $0.firstError }, as: UTF8.self) }

    func take(_ bytes: [UInt8], from stream: CommandOutput.Stream) async {
        await gate.enter()
        defer { gate.leave() }
        let kept = counts.withLock { counts -> Int in
            let kept = min(bytes.count, counts.remaining)
            counts.remaining -= kept
            counts.omitted += bytes.count - kept
            if stream == .standardError, counts.firstError.count < 512 { counts.firstError.append(contentsOf: bytes.prefix(512)) }
            return kept
        }
        if kept > 0 { await output(CommandOutput(stream: stream, bytes: kept == bytes.count ? bytes : Array(bytes[..<kept]))) }
    }
}
