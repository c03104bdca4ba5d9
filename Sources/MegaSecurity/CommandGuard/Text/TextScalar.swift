// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A character of the text, with its bytes.
struct TextScalar: Sendable, Hashable {
    /// The character; U+FFFD where the bytes are no UTF-8.
    var value: UInt32
    var offset: Int
    var length: Int
    /// Within quotes, as a POSIX shell reads them.
    var isQuoted = false
    var isMalformed = false

    var span: Range<Int> { offset..<offset + length }
}

/// What one pass over the bytes says about what else has to be looked at.
struct TextProfile: Sendable {
    var hasNonASCII = false
    /// A control character other than tab and line feed.
    var hasControl = false
    var hasLineBreak = false

    init(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { buffer in
            var high: UInt8 = 0
            var isControl = false
            var isLine = false
            for byte in buffer {
                high |= byte
                let below = byte < 0x20
                isLine = isLine || byte == 0x0A || byte == 0x0D
                isControl = isControl || (below && byte != 0x0A && byte != 0x09) || byte == 0x7F
            }
            hasNonASCII = high >= 0x80
            hasControl = isControl
            hasLineBreak = isLine
        }
    }
}

extension TextScalar {
    /// Decodes a text. Bytes that are no UTF-8 become one malformed character each. `quotes` follows a POSIX shell's quotes.
    static func decode(_ bytes: [UInt8], quotes: Bool = true) -> [TextScalar] {
        var scalars: [TextScalar] = []
        scalars.reserveCapacity(bytes.count)
        var index = 0
        var quote: UInt32 = 0
        var isEscaped = false
        while index < bytes.count {
            var scalar = one(bytes, index)
            if quotes {
                scalar.isQuoted = quote != 0
                if isEscaped {
                    isEscaped = false
                } else if scalar.value == 0x5C, quote != 0x27 {
                    isEscaped = true
                } else if scalar.value == 0x22 || scalar.value == 0x27 {
                    if quote == 0 { quote = scalar.value } else if quote == scalar.value { quote = 0 }
                }
            }
            scalars.append(scalar)
            index += scalar.length
        }
        return scalars
    }

    /// The character at a place, as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF.
    static func one(_ bytes: [UInt8], _ index: Int) -> TextScalar {
        let first = bytes[index]
        if first < 0x80 { return TextScalar(value: UInt32(first), offset: index, length: 1) }
        let malformed = TextScalar(value: 0xFFFD, offset: index, length: 1, isMalformed: true)
        let length: Int
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
        default: return malformed
        }
        guard index + length <= bytes.count else { return malformed }
        for place in 1..<length {
            let byte = bytes[index + place]
            guard byte & 0xC0 == 0x80 else { return malformed }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let isOverlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000)
        guard !isOverlong, Unicode.Scalar(value) != nil else { return malformed }
        return TextScalar(value: value, offset: index, length: length)
    }
}
