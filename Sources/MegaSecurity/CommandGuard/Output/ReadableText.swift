// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A text as it reads, byte for byte beside the text as it is.
struct ReadableText: Sendable {
    var bytes: [UInt8]
    /// Where each byte comes from; nil when nothing was left out or put in.
    var origins: [Int]?
    /// Which bytes are not what stands there; nil when all are.
    var changed: [Bool]?

    /// The text as it is.
    init(plain bytes: [UInt8]) { self.bytes = bytes }

    /// The text with lookalikes and accented letters as ASCII, and without what cannot be seen.
    init(folding raw: [UInt8]) {
        bytes = []
        bytes.reserveCapacity(raw.count)
        var places: [Int] = []
        var marks: [Bool] = []
        places.reserveCapacity(raw.count + 1)
        marks.reserveCapacity(raw.count)
        var dropped = false
        var index = 0
        while index < raw.count {
            let scalar = TextScalar.one(raw, index)
            defer { index += scalar.length }
            if scalar.value < 0x80 {
                bytes.append(UInt8(scalar.value))
                places.append(index)
                // What was left out in front of a letter changes the word it is in.
                marks.append(dropped)
                dropped = false
                continue
            }
            if isIgnored(scalar.value) {
                dropped = true
                continue
            }
            if let tag = tagText(scalar.value) {
                bytes.append(tag)
                places.append(index)
                marks.append(true)
                continue
            }
            let (text, likeness) = Lookalikes.ascii(scalar.value)
            // An accent is spelling; a letter of another alphabet, a wide or a mathematical one is not.
            let isMarked = likeness == .marked && Script.of(scalar.value) == .latin
            for byte in text.isEmpty ? [UInt8(ascii: "\u{1}")] : text {
                bytes.append(byte)
                places.append(index)
                marks.append(!text.isEmpty && !isMarked)
            }
            dropped = false
        }
        places.append(raw.count)
        origins = places
        changed = marks
    }

    private func isIgnored(_ value: UInt32) -> Bool {
        if Lookalikes.isMark(value) { return true }
        guard value >= 0xAD, !(0xE0020...0xE007E).contains(value) else { return false }
        return Unicode.Scalar(value)?.properties.isDefaultIgnorableCodePoint ?? false
    }

    private func tagText(_ value: UInt32) -> UInt8? {
        (0xE0020...0xE007E).contains(value) ? UInt8(value - 0xE0000) : nil
    }

    /// The place of a piece in the text as it is.
    func span(_ range: Range<Int>) -> Range<Int> {
        guard let origins else { return range }
        let low = origins[range.lowerBound]
        return low..<max(low, origins[range.upperBound])
    }

    func isChanged(_ range: Range<Int>) -> Bool { changed.map { $0[range].contains(true) } ?? false }
}
