// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A set of ASCII characters. Other bytes are never in it.
struct ByteSet: Sendable, Hashable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ text: String) { for byte in text.utf8 { insert(byte) } }

    mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
    }

    @inline(__always) func contains(_ byte: UInt8) -> Bool {
        if byte < 64 { return low & (1 << UInt64(byte)) != 0 }
        return byte < 128 && high & (1 << UInt64(byte &- 64)) != 0
    }

    func union(_ other: ByteSet) -> ByteSet {
        var result = self
        result.low |= other.low
        result.high |= other.high
        return result
    }

    static let digits = ByteSet("0123456789")
    static let lowerLetters = ByteSet("abcdefghijklmnopqrstuvwxyz")
    static let upperLetters = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    static let letters = lowerLetters.union(upperLetters)
    static let alphanumerics = letters.union(digits)
    /// Letters, digits and the underscore.
    static let words = alphanumerics.union(ByteSet("_"))
    static let lowerHex = digits.union(ByteSet("abcdef"))
    static let hex = lowerHex.union(ByteSet("ABCDEF"))
    /// Base64 for URLs.
    static let base64URL = words.union(ByteSet("-"))
    static let base64 = alphanumerics.union(ByteSet("+/="))
    /// What a name in source code, a header or a configuration file may consist of.
    static let names = words.union(ByteSet("-."))
}
