// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why the audit cannot be kept or read.
public struct AuditError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The folder or a file cannot be read or written.
        public static let unavailable = Code(rawValue: "unavailable")
        /// Another process keeps this audit.
        public static let inUse = Code(rawValue: "inUse")
        /// What is there is not what was written.
        public static let damaged = Code(rawValue: "damaged")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next, in words; holds no secrets.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
