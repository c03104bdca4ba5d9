// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Base64 with the URL-safe alphabet and padding (RFC 4648 section 5), strict and fast.
///
/// Both directions go by tables that take twelve bits or a whole group at a step; every frame of the native channel passes here twice.
enum URLSafeBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The two characters of every twelve bits, the first one in the low byte.
    private static let pairs: [UInt16] = (0..<4096).map { UInt16(alphabet[$0 >> 6]) | UInt16(alphabet[$0 & 63]) << 8 }

    /// What a character adds to its group of 24 bits, for each of the four places; characters outside the alphabet have `invalid`.
    private static let places: [UInt32] = {
        var places = [UInt32](repeating: invalid, count: 4 * 256)
        for place in 0..<4 {
            for (value, character) in alphabet.enumerated() {
                places[place << 8 | Int(character)] = UInt32(value) << UInt32(18 - 6 * place)
            }
        }
        return places
    }()
    private static let invalid: UInt32 = 1 << 31

    static func encode(_ bytes: [UInt8]) -> String {
        let size = encodedSize(bytes.count)
        return String(unsafeUninitializedCapacity: size) { text in
            bytes.withUnsafeBufferPointer { encode($0, into: text) }
            return size
        }
    }

    /// How many characters so many bytes take.
    static func encodedSize(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    private static func encode(_ bytes: UnsafeBufferPointer<UInt8>, into text: UnsafeMutableBufferPointer<UInt8>) {
        let output = UnsafeMutableRawBufferPointer(text)
        pairs.withUnsafeBufferPointer { pairs in
            var (from, to) = (0, 0)
            while from + 3 <= bytes.count {
                let group = Int(bytes[from]) << 16 | Int(bytes[from + 1]) << 8 | Int(bytes[from + 2])
                output.storeBytes(of: pairs[group >> 12].littleEndian, toByteOffset: to, as: UInt16.self)
                output.storeBytes(of: pairs[group & 0xFFF].littleEndian, toByteOffset: to + 2, as: UInt16.self)
                (from, to) = (from + 3, to + 4)
            }
            guard from < bytes.count else { return }
            let isPair = from + 1 < bytes.count
            let group = Int(bytes[from]) << 16 | (isPair ? Int(bytes[from + 1]) << 8 : 0)
            output.storeBytes(of: pairs[group >> 12].littleEndian, toByteOffset: to, as: UInt16.self)
            output[to + 2] = isPair ? UInt8(truncatingIfNeeded: pairs[group & 0xFFF]) : UInt8(ascii: "=")
            output[to + 3] = UInt8(ascii: "=")
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
            places.withUnsafeBufferPointer { places in
                func group(_ at: Int, characters: Int = 4) -> UInt32 {
                    var group = places[Int(text[at])] | places[256 | Int(text[at + 1])]
                    if characters > 2 { group |= places[512 | Int(text[at + 2])] }
                    if characters > 3 { group |= places[768 | Int(text[at + 3])] }
                    return group
                }
                var seen: UInt32 = 0
                var (from, to) = (0, 0)
                let wholeEnd = padding == 0 ? text.count : text.count - 4
                while from < wholeEnd {
                    let bits = group(from)
                    seen |= bits
                    bytes[to] = UInt8(truncatingIfNeeded: bits >> 16)
                    bytes[to + 1] = UInt8(truncatingIfNeeded: bits >> 8)
                    bytes[to + 2] = UInt8(truncatingIfNeeded: bits)
                    (from, to) = (from + 4, to + 3)
                }
                if padding > 0 {
                    let bits = group(from, characters: 4 - padding)
                    seen |= bits
                    bytes[to] = UInt8(truncatingIfNeeded: bits >> 16)
                    if padding == 1 { bytes[to + 1] = UInt8(truncatingIfNeeded: bits >> 8) }
                    if bits & (padding == 1 ? 0xFF : 0xFFFF) != 0 { isValid = false }
                }
                if seen & invalid != 0 { isValid = false }
            }
            count = size
        }
        return isValid ? bytes : nil
    }
}
