// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why a store did not do what it was asked.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open, so that other stores can add their own.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// No such turn, message or request.
        public static let notFound = Code(rawValue: "notFound")
        /// A turn cannot go from its state to the one asked for.
        public static let illegalTransition = Code(rawValue: "illegalTransition")
        /// Written by a newer version of this software.
        public static let newerVersion = Code(rawValue: "newerVersion")
        /// Another process has the store open.
        public static let locked = Code(rawValue: "locked")
        /// The data was sealed under another key.
        public static let wrongKey = Code(rawValue: "wrongKey")
        /// The folder or file must not be read or written by this process.
        public static let notPermitted = Code(rawValue: "notPermitted")
        /// More bytes than the store takes at once.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// No room left.
        public static let diskFull = Code(rawValue: "diskFull")
        /// Damaged, or no store at all.
        public static let corrupt = Code(rawValue: "corrupt")
        /// The store was closed.
        public static let closed = Code(rawValue: "closed")
        /// Anything else that went wrong below the store.
        public static let unavailable = Code(rawValue: "unavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next; holds no message text and no secrets.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
