// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why a server does not listen.
public struct WebSocketServerError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Another program listens on the port.
        public static let portInUse = Code(rawValue: "portInUse")
        /// The system refuses the address or the port.
        public static let cannotBind = Code(rawValue: "cannotBind")
        /// An address others can reach, without TLS and without being told that this is meant.
        public static let plaintextRefused = Code(rawValue: "plaintextRefused")
        /// Certificate or key cannot be read.
        public static let badCertificate = Code(rawValue: "badCertificate")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
