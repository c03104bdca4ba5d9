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
        let append = { (byte: UInt8, place: Int, isChanged: Bool, bytes: inout [UInt8]) in
            bytes.append(byte)
            places.append(place)
            marks.append(isChanged)
        }
        var dropped = false
        var isInTags = false
        var index = 0
        while index < raw.count {
            let scalar = TextScalar.one(raw, index)
            defer { index += scalar.length }
            if scalar.value >= 0x80, isIgnored(scalar.value) {
                dropped = true
                continue
            }
            let tag = tagText(scalar.value)
            if (tag != nil) != isInTags {
                // Tags stand beside the text that is seen and are no part of its words.
                append(0x20, index, true, &bytes)
                isInTags.toggle()
            }
            if let tag {
                append(tag, index, true, &bytes)
            } else if scalar.value < 0x80 {
                // What was left out in front of a letter changes the word it is in.
                append(UInt8(scalar.value), index, dropped, &bytes)
            } else {
                let (text, likeness) = Lookalikes.ascii(scalar.value)
                // An accent is spelling; a letter of another alphabet, a wide or a mathematical one is not.
                let isSpelling = likeness == .marked && Script.of(scalar.value) == .latin
                for byte in text.isEmpty ? [0x01] : text { append(byte, index, !text.isEmpty && !isSpelling, &bytes) }
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
