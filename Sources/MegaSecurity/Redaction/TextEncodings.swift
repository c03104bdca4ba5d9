// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Other spellings of the same bytes.
enum TextEncodings {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes as they are and as they look in Base64 and in a URL; none when there are fewer than `least`.
    static func forms(of bytes: [UInt8], atLeast least: Int) -> [[UInt8]] {
        guard bytes.count >= least else { return [] }
        var forms: [[UInt8]] = []
        for form in [bytes, base64(bytes), percent(bytes)] where !forms.contains(form) { forms.append(form) }
        return forms
    }

    /// Without padding, so that it is also found when more follows.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index + 2 < bytes.count {
            let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
            for shift in [18, 12, 6, 0] { result.append(alphabet[(group >> shift) & 63]) }
            index += 3
        }
        return result
    }

    static func percent(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            ByteSearch.isWord(byte) || byte == 0x2D || byte == 0x2E || byte == 0x7E
                ? [byte] : Array(("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)).utf8)
        }
    }
}
