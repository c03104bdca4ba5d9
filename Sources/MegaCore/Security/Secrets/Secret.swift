// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A value that must not be printed, logged or stored by accident: keys, tokens, passwords.
///
/// It is not `Codable`, has no readable description and no mirror. Comparison takes the same time wherever the values differ.
public struct Secret: Sendable {
    private let bytes: [UInt8]

    /// Keeps a text.
    public init(_ text: String) { bytes = Array(text.utf8) }
    /// Keeps bytes.
    public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// True when there is nothing in it.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The text, for the one place that sends it. Keep the result local.
    public func reveal() -> String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes, for the one place that uses them as a key. Keep the result local.
    public func revealBytes() -> [UInt8] { bytes }
}

extension Secret: Equatable, Hashable {
    /// Compares in a time that depends on the lengths only.
    public static func == (left: Secret, right: Secret) -> Bool {
        var difference = UInt(bitPattern: left.bytes.count ^ right.bytes.count)
        for index in 0..<min(left.bytes.count, right.bytes.count) { difference |= UInt(left.bytes[index] ^ right.bytes[index]) }
        return difference == 0
    }

    /// Feeds the bytes to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret.
    public var description: String { "<secret>" }
    /// Never the secret.
    public var debugDescription: String { "<secret>" }
    /// Empty, so that dumps show nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
