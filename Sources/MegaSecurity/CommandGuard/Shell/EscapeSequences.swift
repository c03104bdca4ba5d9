// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Backslash escapes of `$'…'`, `echo -e`, printf and string literals.
enum EscapeSequences {
    enum Style {
        /// `\NNN`: bash's `$'…'`, printf's format, C.
        case ansi
        /// `\0NNN` besides: `echo -e`, printf's `%b`.
        case echo
    }

    /// Decodes what stands behind a backslash at `start` and returns how many bytes that took.
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ limit: Int, style: Style, into result: inout [UInt8]) -> Int {
        func number(_ from: Int, _ most: Int, _ radix: UInt32) -> (UInt32, Int) {
            var value: UInt32 = 0
            var count = 0
            while count < most, from + count < limit, let digit = ShellBytes.hexValue(bytes[from + count]), digit < radix {
                value = value &* radix &+ digit
                count += 1
            }
            return (value, count)
        }
        switch bytes[start] {
        case 0x6E: result.append(0x0A)
        case 0x74: result.append(0x09)
        case 0x72: result.append(0x0D)
        case 0x61: result.append(0x07)
        case 0x62: result.append(0x08)
        case 0x65, 0x45: result.append(0x1B)
        case 0x66: result.append(0x0C)
        case 0x76: result.append(0x0B)
        case 0x5C, 0x27, 0x22, 0x3F: result.append(bytes[start])
        case 0x78:
            // \x{…} as well
            let hasBrace = start + 1 < limit && bytes[start + 1] == 0x7B
            let (value, count) = number(start + (hasBrace ? 2 : 1), hasBrace ? 8 : 2, 16)
            guard count > 0 else {
                result.append(contentsOf: [0x5C, 0x78])
                return 1
            }
            result.append(UInt8(truncatingIfNeeded: value))
            return 1 + count + (hasBrace ? 2 : 0)
        case 0x75, 0x55:
            let (value, count) = number(start + 1, bytes[start] == 0x75 ? 4 : 8, 16)
            guard count > 0 else {
                result.append(contentsOf: [0x5C, bytes[start]])
                return 1
            }
            result.append(contentsOf: String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
            return 1 + count
        case 0x63:
            guard start + 1 < limit else { return 1 }
            result.append(bytes[start + 1] & 0x1F)
            return 2
        case 0x30 where style == .echo:
            let (value, count) = number(start + 1, 3, 8)
            result.append(UInt8(truncatingIfNeeded: value))
            return 1 + count
        case 0x30...0x37:
            let (value, count) = number(start, 3, 8)
            result.append(UInt8(truncatingIfNeeded: value))
            return count
        default:
            result.append(0x5C)
            result.append(bytes[start])
        }
        return 1
    }

    /// The text with its escapes decoded.
    static func decode(_ text: String, style: Style) -> [UInt8] {
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                guard buffer[index] == 0x5C, index + 1 < buffer.count else {
                    result.append(buffer[index])
                    index += 1
                    continue
                }
                index += 1 + decode(buffer, index + 1, buffer.count, style: style, into: &result)
            }
        }
        return result
    }
}
