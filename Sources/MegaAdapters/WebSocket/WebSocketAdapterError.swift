// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why a ``WebSocketAdapter`` cannot be made from its settings.
public struct WebSocketAdapterError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Too short to be a password.
        public static let weakPassword = Code(rawValue: "weakPassword")
        /// Too short to be a salt.
        public static let weakSalt = Code(rawValue: "weakSalt")
        /// Too little work for whoever guesses.
        public static let tooFewIterations = Code(rawValue: "tooFewIterations")
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong and what to do; no part of the password.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
