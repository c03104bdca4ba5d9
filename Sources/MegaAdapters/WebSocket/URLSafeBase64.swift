// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Base64 with the URL-safe alphabet and padding (RFC 4648 section 5), strict and fast.
enum URLSafeBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    /// The six bits of each character; 0xFF for characters outside the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: [UInt8]) -> String {
        let size = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: size) { text in
            alphabet.withUnsafeBufferPointer { alphabet in
                bytes.withUnsafeBufferPointer { bytes in
                    var output = 0
                    var input = 0
                    while input + 3 <= bytes.count {
                        let group = UInt32(bytes[input]) << 16 | UInt32(bytes[input + 1]) << 8 | UInt32(bytes[input + 2])
                        text[output] = alphabet[Int(group >> 18)]
                        text[output + 1] = alphabet[Int(group >> 12 & 63)]
                        text[output + 2] = alphabet[Int(group >> 6 & 63)]
                        text[output + 3] = alphabet[Int(group & 63)]
                        input += 3
                        output += 4
                    }
                    guard input < bytes.count else { return }
                    let isPair = input + 1 < bytes.count
                    let group = UInt32(bytes[input]) << 16 | (isPair ? UInt32(bytes[input + 1]) << 8 : 0)
                    text[output] = alphabet[Int(group >> 18)]
                    text[output + 1] = alphabet[Int(group >> 12 & 63)]
                    text[output + 2] = isPair ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "=")
                    text[output + 3] = UInt8(ascii: "=")
                }
            }
            return size
        }
    }

    /// The bytes, or nil when the text has a foreign character, wrong padding or unused bits that are not zero.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var copy = String(text)
        return copy.withUTF8 { decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        guard !text.isEmpty else { return [] }
        let padding = text[text.count - 1] != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
        let size = text.count / 4 * 3 - padding
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
            values.withUnsafeBufferPointer { values in
                var bad: UInt8 = 0
                var output = 0
                let wholeEnd = padding == 0 ? text.count : text.count - 4
                var input = 0
                while input < wholeEnd {
                    let (a, b) = (values[Int(text[input])], values[Int(text[input + 1])])
                    let (c, d) = (values[Int(text[input + 2])], values[Int(text[input + 3])])
                    bad |= a | b | c | d
                    bytes[output] = a << 2 | b >> 4
                    bytes[output + 1] = b << 4 | c >> 2
                    bytes[output + 2] = c << 6 | d
                    input += 4
                    output += 3
                }
                if padding > 0 {
                    let (a, b) = (values[Int(text[input])], values[Int(text[input + 1])])
                    let c = padding == 1 ? values[Int(text[input + 2])] : 0
                    bad |= a | b | c
                    bytes[output] = a << 2 | b >> 4
                    if padding == 1 {
                        bytes[output + 1] = b << 4 | c >> 2
                        isValid = c & 0x03 == 0
                    } else {
                        isValid = b & 0x0F == 0
                    }
                }
                if bad & 0xC0 != 0 { isValid = false }
            }
            count = size
        }
        return isValid ? bytes : nil
    }
}
