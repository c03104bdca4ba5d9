// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Classes of bytes in shell text.
enum ShellBytes {
    /// Bytes that stand for themselves anywhere in a word: letters, digits and `_./:=,@%+-^!`, and everything outside ASCII.
    @inline(__always) static func isPlain(_ byte: UInt8) -> Bool {
        if byte >= 0x80 { return true }
        if byte < 64 { return (0x27FF_F822_0000_0000 as UInt64 >> UInt64(byte)) & 1 == 1 }
        // A bit for each byte of the lower and the upper half of ASCII.
        return (0x07FF_FFFE_C7FF_FFFF as UInt64 >> UInt64(byte - 64)) & 1 == 1
    }

    /// Blanks, line ends and operators: what ends an unquoted word.
    @inline(__always) static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x3B, 0x26, 0x7C, 0x28, 0x29, 0x3C, 0x3E: true
        default: false
        }
    }

    @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    @inline(__always) static func isNameStart(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x5F
    }
    @inline(__always) static func isName(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
    @inline(__always) static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x37)
        case 0x61...0x66: UInt32(byte - 0x57)
        default: nil
        }
    }
}

extension UInt8 {
    /// For byte comparisons that read like text.
    @inline(__always) static func ascii(_ scalar: Unicode.Scalar) -> UInt8 { UInt8(ascii: scalar) }
}
