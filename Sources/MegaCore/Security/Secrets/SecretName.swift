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
