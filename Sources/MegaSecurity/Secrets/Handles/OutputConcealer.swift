// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// Replaces values in the output of a command by their handles while it comes, each stream by itself. The end of a piece is held back as long
/// as a value may begin there.
final class OutputConcealer: Sendable {
    private let values: [(bytes: [UInt8], handle: String)]
    private let longest: Int
    private let pending = Mutex<[CommandOutput.Stream: [UInt8]]>([:])

    /// - Parameter values: The longest first.
    init(_ values: [(bytes: [UInt8], handle: String)]) {
        self.values = values
        longest = values.first?.bytes.count ?? 0
    }

    /// What may be shown now.
    func take(_ piece: CommandOutput) -> [CommandOutput] {
        guard longest > 1 else { return [piece] }
        let ready = pending.withLock { pending in
            var bytes = (pending[piece.stream] ?? []) + piece.bytes
            var ready = conceal(&bytes)
            // The rest may be a value's beginning.
            let kept = beginning(in: bytes)
            ready += bytes.prefix(bytes.count - kept)
            pending[piece.stream] = Array(bytes.suffix(kept))
            return ready
        }
        return ready.isEmpty ? [] : [CommandOutput(stream: piece.stream, bytes: ready)]
    }

    /// What was held back to the end.
    func finish() -> [CommandOutput] {
        let rest = pending.withLock { pending in
            defer { pending = [:] }
            return pending
        }
        return [CommandOutput.Stream.standardOutput, .standardError].compactMap { stream -> CommandOutput? in
            guard let bytes = rest[stream], !bytes.isEmpty else { return nil }
            return CommandOutput(stream: stream, bytes: bytes)
        }
    }

    /// Everything up to the last value, with handles in; `bytes` keeps what comes after.
    private func conceal(_ bytes: inout [UInt8]) -> [UInt8] {
        let found = bytes.withUnsafeBufferPointer { buffer in
            var found: [(range: Range<Int>, handle: String)] = []
            for (value, handle) in values { ByteSearch.all(of: value, in: buffer) { found.append(($0, handle)) } }
            return found.sorted { ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count) }
        }
        var result: [UInt8] = []
        var position = 0
        for (range, handle) in found {
            if range.lowerBound >= position {
                result += bytes[position..<range.lowerBound]
                result += Array(handle.utf8)
            }
            position = max(position, range.upperBound)
        }
        bytes.removeFirst(position)
        return result
    }

    /// How many bytes at the end are a value's beginning.
    private func beginning(in bytes: [UInt8]) -> Int {
        for count in stride(from: min(bytes.count, longest - 1), to: 0, by: -1) {
            let tail = bytes.suffix(count)
            if values.contains(where: { $0.bytes.count > count && tail.elementsEqual($0.bytes.prefix(count)) }) { return count }
        }
        return 0
    }
}
