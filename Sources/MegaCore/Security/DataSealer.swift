// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Encrypts and authenticates what is stored.
///
/// Implement this to keep keys somewhere else (a hardware module, a key service). MegaSecurity's `KeyedSealer` is AES-256-GCM under
/// a key hierarchy. Sealing the same bytes twice gives different results; hashing them gives the same.
public protocol DataSealer: Sendable {
    /// Encrypts bytes.
    ///
    /// - Parameter context: What and where it is, such as `turns.message`; authenticated, not stored. Opening needs the same.
    func seal(_ bytes: [UInt8], context: String) throws -> [UInt8]

    /// Decrypts what ``seal(_:context:)`` made.
    ///
    /// - Throws: ``SealError`` when the key or the context is another or a byte was changed.
    func open(_ sealed: [UInt8], context: String) throws -> [UInt8]

    /// A keyed hash of 32 bytes (HMAC-SHA256): equal input gives equal output, and without the key nobody can compute or invert it.
    func hash(_ bytes: [UInt8], context: String) -> [UInt8]
}

/// Why sealed bytes could not be opened.
public struct SealError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Wrong key, wrong context, or changed bytes.
        public static let notAuthentic = Code(rawValue: "notAuthentic")
        /// Not a sealed value of a known version.
        public static let malformed = Code(rawValue: "malformed")
        /// The key cannot be read or made.
        public static let keyUnavailable = Code(rawValue: "keyUnavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next; no key material.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
