// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Keeps the beginning and the end of a text that may be very long: errors stand at the end, the reason often at the beginning.
package struct HeadAndTail: Sendable {
    private let half: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    /// Bytes that are in neither part.
    package private(set) var omitted = 0

    /// - Parameter limit: Bytes kept in all.
    package init(limit: Int) { half = max(64, limit / 2) }

    /// Adds a piece of the text.
    package mutating func append(_ text: String) {
        var bytes = Array(text.utf8)[...]
        if head.count < half {
            let part = bytes.prefix(half - head.count)
            head += part
            bytes = bytes.dropFirst(part.count)
        }
        guard !bytes.isEmpty else { return }
        tail += bytes
        // Cut now and then instead of at every piece.
        if tail.count > half * 2 { trim() }
    }

    /// The text, with a line that says how much is missing between its parts.
    package var text: String { result.text }

    /// The same, and the bytes that are missing: no character is cut apart, so they may be a few more than did not fit.
    package var result: (text: String, omitted: Int) {
        var copy = self
        copy.trim()
        guard copy.omitted > 0 else { return (String(decoding: copy.head + copy.tail, as: UTF8.self), 0) }
        let first = Self.withoutBrokenEnd(copy.head[...])
        let last = copy.tail.drop { $0 & 0xC0 == 0x80 }
        let missing = copy.omitted + (copy.head.count - first.count) + (copy.tail.count - last.count)
        return (
            String(decoding: first, as: UTF8.self) + "\n[… \(missing) bytes left out …]\n" + String(decoding: last, as: UTF8.self), missing
        )
    }

    /// Without the first bytes of a character whose last ones are not there.
    private static func withoutBrokenEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let lead = bytes.lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return bytes }
        let length =
            switch bytes[lead] {
            case 0xF0...: 4
            case 0xE0...: 3
            case 0xC0...: 2
            default: 1
            }
        return lead + length > bytes.endIndex ? bytes[..<lead] : bytes
    }

    private mutating func trim() {
        let extra = tail.count - half
        guard extra > 0 else { return }
        tail.removeFirst(extra)
        omitted += extra
    }
}
