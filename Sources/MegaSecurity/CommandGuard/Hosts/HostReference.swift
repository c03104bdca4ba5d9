// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// An address in a text, cut into its parts but not judged.
struct HostReference: Sendable, Hashable {
    /// Lower case; nil where none was written.
    var scheme: String?
    /// What stands before the `@`.
    var userinfo: String?
    /// As it was written, brackets of IPv6 included.
    var host: [UInt32]
    var port: Int?
    /// From the slash, question mark or hash on.
    var path: [UInt32]
    /// Where in the text that was checked.
    var span: Range<Int>
    /// Whether a shell puts nothing into it when it runs.
    var isLiteral = true

    /// The host in lower-case ASCII; nil when it has other characters.
    var asciiHost: String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(host.count)
        for scalar in host {
            guard scalar < 0x80 else { return nil }
            let byte = UInt8(scalar)
            bytes.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The address it names when it is a number, and whether it is spelt in the usual way.
    var address: (ip: IPAddress, isPlain: Bool)? {
        guard var text = asciiHost, !text.isEmpty else { return nil }
        if text.hasPrefix("["), text.hasSuffix("]") {
            text = String(text.dropFirst().dropLast())
            if let zone = text.firstIndex(of: "%") { text = String(text[..<zone]) }
        }
        if let ip = IPAddress(text) { return (ip, true) }
        if text.hasSuffix("."), let ip = IPAddress(text.dropLast()) { return (ip, true) }
        return Self.looseV4(Array(text.utf8)).map { ($0, false) }
    }

    /// What `inet_aton` reads as an address: one to four numbers, decimal, octal or hexadecimal, the last one filling what is left.
    private static func looseV4(_ text: [UInt8]) -> IPAddress? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var numbers: [UInt64] = []
        for part in parts {
            guard let number = Self.number(part) else { return nil }
            numbers.append(number)
        }
        let last = numbers.removeLast()
        let room = 4 - numbers.count
        guard numbers.allSatisfy({ $0 < 256 }), last < 1 << (8 * UInt64(room)) else { return nil }
        var value: UInt64 = 0
        for number in numbers { value = value << 8 | number }
        value = value << (8 * UInt64(room)) | last
        return IPAddress(bytes: (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * (3 - $0))) })
    }

    private static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        guard let first = text.first, text.count <= 12 else { return nil }
        var digits = text
        var radix: UInt64 = 10
        if first == UInt8(ascii: "0"), text.count > 1 {
            let isHex = text[text.startIndex + 1] | 0x20 == UInt8(ascii: "x")
            radix = isHex ? 16 : 8
            digits = text.dropFirst(isHex ? 2 : 1)
        }
        var value: UInt64 = 0
        for byte in digits {
            let digit: UInt64
            switch byte {
            case 0x30...0x39: digit = UInt64(byte - 0x30)
            case 0x61...0x66: digit = UInt64(byte - 0x57)
            default: return nil
            }
            guard digit < radix else { return nil }
            value = value * radix + digit
        }
        return value
    }
}
