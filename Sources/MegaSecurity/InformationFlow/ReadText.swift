// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A text cut into words, sentences and quotations, for matching values against it byte by byte.
///
/// Typographic quotes, dashes and hard blanks are made plain first. Bytes above ASCII count as letters, so that a character nobody
/// sees makes its word another word.
struct ReadText: Sendable {
    /// A run of letters and digits.
    struct Word: Sendable {
        var start: Int
        var end: Int
        var sentence: Int
        /// In lower case, as far as ASCII goes.
        var lower: String
    }

    /// The longest text looked at; what lies beyond grounds nothing.
    static let limit = 256 << 10

    let bytes: [UInt8]
    /// The same with A-Z in lower case; offsets are the same.
    let lower: [UInt8]
    let words: [Word]
    /// What stands between quotation marks, without them.
    let quotations: [Range<Int>]

    init(_ text: String) {
        let bytes = Self.plain(text)
        let lower = bytes.map(\.asciiLower)
        var words: [Word] = []
        var sentence = 0
        var index = 0
        while index < bytes.count {
            if bytes[index].isWordByte {
                let start = index
                while index < bytes.count, bytes[index].isWordByte { index += 1 }
                words.append(Word(start: start, end: index, sentence: sentence, lower: String(decoding: lower[start..<index], as: UTF8.self)))
                continue
            }
            if Self.endsSentence(bytes, at: index) { sentence += 1 }
            index += 1
        }
        self.bytes = bytes
        self.lower = lower
        self.words = words
        quotations = Self.quotations(bytes)
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The word that holds or follows an offset.
    func wordIndex(at offset: Int) -> Int? {
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            if words[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low < words.count ? low : nil
    }

    /// Where a value stands as a whole: not as a part of a longer word, address or number.
    func occurrences(of value: String, ignoringCase: Bool = true, limit: Int = 32) -> [Range<Int>] {
        let wanted = Self.plain(value).map { ignoringCase ? $0.asciiLower : $0 }
        let text = ignoringCase ? lower : bytes
        guard let first = wanted.first, wanted.count <= text.count else { return [] }
        var found: [Range<Int>] = []
        var index = 0
        while index + wanted.count <= text.count, found.count < limit {
            if text[index] == first, text[index..<index + wanted.count].elementsEqual(wanted), isWhole(index..<index + wanted.count) {
                found.append(index..<index + wanted.count)
            }
            index += 1
        }
        return found
    }

    /// Whether a value stands anywhere in it as a whole.
    func contains(_ value: String, ignoringCase: Bool = true) -> Bool {
        !occurrences(of: value, ignoringCase: ignoringCase, limit: 1).isEmpty
    }

    /// Whether a range lies within quotation marks.
    func isQuoted(_ range: Range<Int>) -> Bool {
        quotations.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
    }

    /// Whether a range is exactly what one pair of quotation marks holds.
    func isWholeQuotation(_ range: Range<Int>) -> Bool { quotations.contains(range) }

    private func isWhole(_ range: Range<Int>) -> Bool {
        if range.lowerBound > 0, bytes[range.lowerBound].isWordByte || "@./-_+".utf8.contains(bytes[range.lowerBound]) {
            let before = bytes[range.lowerBound - 1]
            if before.isWordByte || "@_-+/%=&?#~\\".utf8.contains(before) { return false }
            if ".:,".utf8.contains(before), range.lowerBound > 1, bytes[range.lowerBound - 2].isWordByte { return false }
        }
        guard range.upperBound < bytes.count else { return true }
        let after = bytes[range.upperBound]
        if after.isWordByte || "@_-+/%=&#~\\".utf8.contains(after) { return false }
        if ".:,?'".utf8.contains(after), range.upperBound + 1 < bytes.count, bytes[range.upperBound + 1].isWordByte { return false }
        return true
    }

    private static func endsSentence(_ bytes: [UInt8], at index: Int) -> Bool {
        switch bytes[index] {
        case UInt8(ascii: "\n"): return true
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"):
            var next = index + 1
            while next < bytes.count, "'\")]".utf8.contains(bytes[next]) { next += 1 }
            return next == bytes.count || bytes[next].isBlank
        default: return false
        }
    }

    private static func quotations(_ bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for mark in "\"'`".utf8 {
            var open: Int?
            for (index, byte) in bytes.enumerated() where byte == mark {
                let before = index > 0 ? bytes[index - 1] : UInt8(ascii: " ")
                let after = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: " ")
                if let start = open {
                    if !after.isWordByte {
                        if index > start { found.append(start..<index) }
                        open = nil
                    }
                } else if !before.isWordByte, !after.isBlank {
                    open = index + 1
                }
            }
        }
        return found
    }

    /// Typographic marks made plain, in UTF-8, cut at the limit.
    static func plain(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard bytes.count < limit else { break }
            switch scalar.value {
            case 0x201C, 0x201D, 0x201E, 0xAB, 0xBB: bytes.append(UInt8(ascii: "\""))
            case 0x2018, 0x2019, 0x201A: bytes.append(UInt8(ascii: "'"))
            case 0x2013, 0x2014, 0x2010, 0x2011: bytes.append(UInt8(ascii: "-"))
            case 0xA0: bytes.append(UInt8(ascii: " "))
            default: bytes.append(contentsOf: Array(String(scalar).utf8))
            }
        }
        return bytes
    }
}

extension UInt8 {
    var isDigitByte: Bool { self >= 0x30 && self <= 0x39 }
    var isLetterByte: Bool { (self | 0x20 >= 0x61 && self | 0x20 <= 0x7A) || self >= 0x80 }
    var isWordByte: Bool { isDigitByte || isLetterByte }
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
    var asciiLower: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}
