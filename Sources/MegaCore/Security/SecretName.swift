// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The name of a secret: a letter or underscore, then letters, digits, `_`, `-` and `.`; at most 64 bytes.
public struct SecretName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The longest name in bytes.
    public static let longest = 64

    /// The name.
    public let rawValue: String

    /// Nil when the text is no name.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard let first = bytes.first, bytes.count <= Self.longest, Self.isFirst(first), bytes.allSatisfy(Self.isNameByte) else { return nil }
        rawValue = text
    }

    /// The name.
    public var description: String { rawValue }
    /// What stands in a tool's arguments for the value: `{{NAME}}`.
    public var handle: String { "{{\(rawValue)}}" }

    /// By bytes.
    public static func < (left: SecretName, right: SecretName) -> Bool { left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8) }

    private static func isFirst(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80 || byte == 0x5F }
    private static func isNameByte(_ byte: UInt8) -> Bool { isFirst(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E }
}

/// A text in which `{{NAME}}` may stand for secrets.
public struct SecretTemplate: Sendable, Hashable {
    /// A part of the text.
    public enum Part: Sendable, Hashable {
        case text(String)
        case handle(SecretName)
    }

    /// The parts in order.
    public let parts: [Part]

    /// Splits a text. Braces around anything that is no name are text.
    public init(_ text: String) {
        let bytes = Array(text.utf8)
        var parts: [Part] = []
        var start = 0
        var index = 0
        while index + 3 < bytes.count {
            guard bytes[index] == 0x7B, bytes[index + 1] == 0x7B else {
                index += 1
                continue
            }
            var end = index + 2
            let limit = min(bytes.count - 1, end + SecretName.longest + 1)
            while end < limit, bytes[end] != 0x7D, bytes[end] != 0x7B { end += 1 }
            if end + 1 < bytes.count, bytes[end] == 0x7D, bytes[end + 1] == 0x7D,
                let name = SecretName(String(decoding: bytes[(index + 2)..<end], as: UTF8.self))
            {
                if start < index { parts.append(.text(String(decoding: bytes[start..<index], as: UTF8.self))) }
                parts.append(.handle(name))
                index = end + 2
                start = index
            } else {
                index += 1
            }
        }
        if start < bytes.count { parts.append(.text(String(decoding: bytes[start...], as: UTF8.self))) }
        self.parts = parts
    }

    /// The secrets the text asks for.
    public var names: Set<SecretName> {
        Set(parts.compactMap { part in
            guard case .handle(let name) = part else { return nil }
            return name
        })
    }
}
