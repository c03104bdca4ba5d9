// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// An IPv4 or IPv6 address, without a zone.
///
/// Parsing is strict: four decimal parts without leading zeros for IPv4 (no octal, no hexadecimal, no short forms), RFC 4291 text
/// for IPv6. What some resolvers would read as an address, such as `0x7f.1` or `0177.0.0.1`, is refused here.
public struct IPAddress: Sendable, Hashable {
    /// The two versions.
    public enum Version: Int, Sendable, Hashable { case v4 = 4, v6 = 6 }

    /// Which version.
    public let version: Version
    /// The address as a number; the upper 96 bits are zero for IPv4.
    let value: UInt128

    init(version: Version, value: UInt128) {
        self.version = version
        self.value = value
    }

    /// An IPv4 address from its four bytes or an IPv6 address from its sixteen, in network order; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: version = .v4
        case 16: version = .v6
        default: return nil
        }
        value = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// Reads the text form; nil when it is not exactly one address.
    public init?(_ text: some StringProtocol) {
        if let value = Self.parseV4(text.utf8) {
            self.init(version: .v4, value: UInt128(value))
        } else if let value = Self.parseV6(Array(text.utf8)) {
            self.init(version: .v6, value: value)
        } else {
            return nil
        }
    }

    /// The bytes in network order: 4 or 16.
    public var bytes: [UInt8] {
        let count = version == .v4 ? 4 : 16
        return (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt128(8 * (count - 1 - $0))) }
    }

    /// The IPv4 address inside an IPv4-mapped one (`::ffff:0:0/96`), else the address itself.
    public var canonical: IPAddress {
        guard version == .v6, value >> 32 == 0xffff else { return self }
        return IPAddress(version: .v4, value: value & 0xffff_ffff)
    }

    private static func parseV4(_ text: some Collection<UInt8>) -> UInt32? {
        guard text.count <= 15 else { return nil }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var number: UInt32 = 0
            for byte in part {
                guard (0x30...0x39).contains(byte) else { return nil }
                number = number * 10 + UInt32(byte - 0x30)
            }
            guard number <= 255 else { return nil }
            value = value << 8 | number
        }
        return value
    }

    private static func parseV6(_ text: [UInt8]) -> UInt128? {
        guard (2...45).contains(text.count) else { return nil }
        var halves: [ArraySlice<UInt8>] = []
        var index = 0
        while index + 1 < text.count, halves.isEmpty {
            if text[index] == UInt8(ascii: ":"), text[index + 1] == UInt8(ascii: ":") {
                halves = [text[..<index], text[(index + 2)...]]
            }
            index += 1
        }
        if halves.isEmpty {
            guard let groups = groups(text[...], mayEndInV4: true), groups.count == 8 else { return nil }
            return groups.reduce(0) { $0 << 16 | UInt128($1) }
        }
        guard let head = groups(halves[0], mayEndInV4: false), let tail = groups(halves[1], mayEndInV4: true),
            head.count + tail.count <= 7
        else { return nil }
        let all = head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        return all.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func groups(_ text: ArraySlice<UInt8>, mayEndInV4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInV4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let v4 = parseV4(part) else { return nil }
                groups += [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var number: UInt16 = 0
            for byte in part {
                switch byte {
                case 0x30...0x39: number = number << 4 | UInt16(byte - 0x30)
                case 0x61...0x66: number = number << 4 | UInt16(byte - 0x61 + 10)
                case 0x41...0x46: number = number << 4 | UInt16(byte - 0x41 + 10)
                default: return nil
                }
            }
            groups.append(number)
        }
        return groups.count <= 8 ? groups : nil
    }
}

extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// The canonical text: dotted decimal, or RFC 5952 (lower case, longest run of zeros shortened, IPv4-mapped with dots).
    public var description: String {
        let bytes = self.bytes
        guard version == .v6 else { return bytes.map { String($0) }.joined(separator: ".") }
        if canonical.version == .v4 { return "::ffff:\(canonical)" }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        let text = { (slice: ArraySlice<UInt16>) in slice.map { String($0, radix: 16) }.joined(separator: ":") }
        guard !best.isEmpty else { return text(groups[...]) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
