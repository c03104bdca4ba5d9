// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Tells what a machine drew from what a person wrote.
///
/// A value is read as if it were a name or words; the surprise in bits per character is low for those and high for random characters.
/// Of identifiers and words of 12 characters and more 97 of 100 stay under 5.3; of random ones, letters and digits, 95 of 100 are over 5.4.
enum Randomness {
    /// Bits of surprise per character. 0 for nothing.
    static func surprise(_ bytes: some Collection<UInt8>) -> Float {
        var (before, last, letter) = (3, 3, 26)
        var sum: Float = 0
        for byte in bytes {
            let lower = ByteSearch.lower(byte)
            let isLetter = (0x61...0x7A).contains(lower)
            let kind = isLetter ? (lower == byte ? 0 : 1) : (0x30...0x39).contains(byte) ? 2 : 3
            sum += classCosts[(before * 4 + last) * 4 + kind]
            if isLetter {
                sum += letterCosts[letter * 26 + Int(lower - 0x61)]
                letter = Int(lower - 0x61)
            } else {
                // Digits and marks: less than chance, they repeat.
                sum += kind == 2 ? 2.3 : 1.5
                letter = 26
            }
            (before, last) = (last, kind)
        }
        return bytes.isEmpty ? 0 : sum / Float(bytes.count)
    }

    /// The longest run of letters and digits.
    static func longestPart(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
        var best = bytes[bytes.startIndex..<bytes.startIndex]
        var start = bytes.startIndex
        for index in bytes.indices where !ByteSet.alphanumerics.contains(bytes[index]) {
            if index - start > best.count { best = bytes[start..<index] }
            start = index + 1
        }
        return bytes.endIndex - start > best.count ? bytes[start...] : best
    }

    /// Whether a value looks drawn.
    ///
    /// - Parameter floor: Bits per character from which it does; a little more is asked of short values. Hexadecimal and decimal
    ///   values are judged by their length and mixture.
    static func isRandom(_ bytes: some Collection<UInt8>, floor: Float = 5.1) -> Bool {
        let profile = ByteProfile(bytes)
        guard profile.distinct >= min(8, bytes.count / 2 + 1) || profile.isHex && profile.distinct >= 6 else { return false }
        if profile.isDecimal { return bytes.count >= 15 && profile.distinct >= 5 && profile.stepShare < 0.7 }
        if profile.stepShare > 0.45 { return false }
        if profile.isHex {
            return bytes.count >= 16 && profile.digits >= 2 && profile.lower + profile.upper >= 2 && (profile.lower == 0 || profile.upper == 0 || bytes.count >= 24)
        }
        let demand = bytes.count >= 20 ? floor : floor + 0.04 * Float(20 - bytes.count)
        return surprise(bytes) >= demand
    }
}

/// What a value is made of.
struct ByteProfile {
    var lower = 0, upper = 0, digits = 0, others = 0
    /// Different bytes.
    var distinct = 0
    var isHex = true
    /// The share of neighbours that are equal or follow one another, as in "aaaa" and "1234".
    var stepShare: Double = 0

    var letters: Int { lower + upper }
    var isDecimal: Bool { digits > 0 && letters == 0 && others == 0 }

    init(_ bytes: some Collection<UInt8>) {
        var seen: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var steps = 0
        var last: UInt8?
        for byte in bytes {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A: upper += 1
            case 0x61...0x7A: lower += 1
            default: others += 1
            }
            let bit = UInt64(1) << UInt64(byte & 63)
            switch byte >> 6 {
            case 0: if seen.0 & bit == 0 { seen.0 |= bit; distinct += 1 }
            case 1: if seen.1 & bit == 0 { seen.1 |= bit; distinct += 1 }
            case 2: if seen.2 & bit == 0 { seen.2 |= bit; distinct += 1 }
            default: if seen.3 & bit == 0 { seen.3 |= bit; distinct += 1 }
            }
            if !ByteSet.hex.contains(byte) { isHex = false }
            if let last, byte == last || byte == last &+ 1 || byte == last &- 1 || last == 0x39 && byte == 0x30 { steps += 1 }
            last = byte
        }
        if bytes.count > 1 { stepShare = Double(steps) / Double(bytes.count - 1) }
        if bytes.isEmpty { isHex = false }
    }
}
