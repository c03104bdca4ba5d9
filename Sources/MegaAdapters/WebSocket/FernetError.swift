// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why a key or a token is refused.
public struct FernetError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A key is not 32 bytes in URL-safe base64.
        public static let badKey = Code(rawValue: "badKey")
        /// Not base64, too short, wrong version, or not whole blocks.
        public static let malformed = Code(rawValue: "malformed")
        /// The signature fits none of the keys.
        public static let notAuthentic = Code(rawValue: "notAuthentic")
        /// Older than the time to live.
        public static let expired = Code(rawValue: "expired")
        /// Made later than now, by more than clocks may differ.
        public static let fromTheFuture = Code(rawValue: "fromTheFuture")
        /// The key derivation refused its parameters.
        public static let derivationFailed = Code(rawValue: "derivationFailed")
    }

    /// The kind of failure.
    public let code: Code
    /// In words; holds no key material and no content.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
