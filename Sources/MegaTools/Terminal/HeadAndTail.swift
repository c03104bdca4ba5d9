// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Keeps the beginning and the end of a text that may be very long: errors stand at the end, the reason often at the beginning.
struct HeadAndTail: Sendable {
    private let half: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    /// Bytes that are in neither part.
    private(set) var omitted = 0

    /// - Parameter limit: Bytes kept in all.
    init(limit: Int) { half = max(64, limit / 2) }

    mutating func append(_ text: String) {
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

    /// The text with a line that says how much is missing.
    var text: String {
        var copy = self
        copy.trim()
        guard copy.omitted > 0 else { return String(decoding: copy.head + copy.tail, as: UTF8.self) }
        var (first, last) = (copy.head[...], copy.tail[...])
        while let byte = first.last, byte & 0xC0 == 0x80 { first.removeLast(); _ = byte }
        if let byte = first.last, byte >= 0xC0 { first.removeLast() }
        while let byte = last.first, byte & 0xC0 == 0x80 { last.removeFirst(); _ = byte }
        return String(decoding: first, as: UTF8.self) + "\n[… \(copy.omitted) bytes left out …]\n" + String(decoding: last, as: UTF8.self)
    }

    private mutating func trim() {
        let extra = tail.count - half
        guard extra > 0 else { return }
        tail.removeFirst(extra)
        omitted += extra
    }
}
