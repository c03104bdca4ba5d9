// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Values that stand for a secret without being one.
enum Placeholders {
    private static let words = [
        "example", "changeme", "change_me", "change-me", "placeholder", "your", "xxxx", "****", "....", "redacted", "dummy", "sample", "replace", "insert",
        "todo", "fixme", "enter-", "enter_", "fake", "mock", "foobar", "invalid", "notreal", "not-real", "undefined", "deadbeef", "lorem", "abcdef123456",
        "abc123", "123456789", "qwerty", "test-", "test_", "-test", "_test", "testing", "default", "secret-", "-secret", "secret_", "_secret", "-token", "_token",
        "token-", "token_", "-key", "_key", "apikey", "api-key", "password", "passwd", "<redacted",
    ].map { Array($0.utf8) }
    /// Those that count even in a long random value, because no machine draws them.
    private static let certain = ["example", "changeme", "placeholder", "xxxxxxxx", "redacted", "your_", "your-", "********", "deadbeefdeadbeef"].map { Array($0.utf8) }

    /// Whether a value is a variable, a call or a template to be filled in.
    static func isTemplate(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return true }
        let last = range.upperBound - 1
        switch bytes[first] {
        case UInt8(ascii: "$"):
            // $NAME, ${NAME}, $(…), $1; a password may begin so too.
            guard first < last else { return true }
            let next = bytes[first + 1]
            return next == UInt8(ascii: "{") || next == UInt8(ascii: "(") || bytes[(first + 1)...last].allSatisfy(ByteSet.words.contains)
        case UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("): return true
        case UInt8(ascii: "%"): if bytes[last] == UInt8(ascii: "%") || first < last && ByteSet("({s").contains(bytes[first + 1]) { return true }
        case UInt8(ascii: "@"): if first < last, bytes[first + 1] == UInt8(ascii: "{") || bytes[last] == UInt8(ascii: "@") { return true }
        case UInt8(ascii: "#"): if first < last, bytes[first + 1] == UInt8(ascii: "{") { return true }
        default: break
        }
        for index in range.dropLast() where bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "$") {
            let next = bytes[index + 1]
            if next == UInt8(ascii: "{") || next == UInt8(ascii: "("), bytes[index] == UInt8(ascii: "$") || next == UInt8(ascii: "{") { return true }
        }
        return false
    }

    /// Whether a value speaks of itself as no secret, or repeats or counts.
    static func isPlaceholder(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        let isLong = range.count >= 40 || range.count >= 24 && Randomness.isRandom(Randomness.longestPart(bytes[range]))
        return contains(isLong ? certain : words, bytes, range) || isMonotonous(bytes, range)
    }

    /// Whether a token in a vendor's form is one in name only.
    static func isEmptyForm(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        contains(certain, bytes, range) || isMonotonous(bytes, range)
    }

    private static func isMonotonous(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        // Eight times the same character (A is the zero of Base64), or nearly only neighbours.
        var run = 1
        for index in range.dropFirst() {
            run = bytes[index] == bytes[index - 1] ? run + 1 : 1
            if run >= 8, bytes[index] != UInt8(ascii: "A") || range.count < 40 { return true }
        }
        return ByteProfile(bytes[range]).stepShare > 0.9
    }

    private static func contains(_ words: [[UInt8]], _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        words.contains { word in
            guard range.count >= word.count else { return false }
            return (range.lowerBound...(range.upperBound - word.count)).contains { start in
                ByteSearch.lower(bytes[start]) == word[0] && word.indices.allSatisfy { ByteSearch.lower(bytes[start + $0]) == word[$0] }
            }
        }
    }
}
