// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Keeps secrets by name.
///
/// Implement this for a place MegaSecurity has no store for, such as a cloud provider's secret manager; check yours with
/// `SecretStoreConformance` of MegaTesting. MegaSecurity has stores for environment variables, folders of files, a sealed vault file, the
/// kernel's keyring, and several of them in a row.
public protocol SecretStore: Sendable {
    /// The secret, or nil when there is none of that name.
    ///
    /// - Throws: ``SecretStoreError`` when that cannot be known.
    func secret(named name: SecretName) async throws -> Secret?

    /// The names of all secrets, sorted.
    func names() async throws -> [SecretName]

    /// Keeps a secret, in place of an older one. Durable on return when the store is.
    ///
    /// - Throws: ``SecretStoreError`` with `readOnly` when the place cannot be written.
    func set(_ secret: Secret, named name: SecretName) async throws

    /// Forgets a secret. None of that name is no error.
    ///
    /// - Throws: ``SecretStoreError`` with `readOnly` when the place cannot be written.
    func delete(_ name: SecretName) async throws
}

/// Why a secret could not be had or kept.
public struct SecretStoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The place can be read only.
        public static let readOnly = Code(rawValue: "readOnly")
        /// The place cannot be reached or its permissions are not acceptable.
        public static let unavailable = Code(rawValue: "unavailable")
        /// The passphrase or key is another.
        public static let wrongKey = Code(rawValue: "wrongKey")
        /// What is stored was changed or is damaged.
        public static let damaged = Code(rawValue: "damaged")
        /// The value is larger than the place takes, or empty.
        public static let unacceptableValue = Code(rawValue: "unacceptableValue")
        /// There is no secret of that name.
        public static let notFound = Code(rawValue: "notFound")
        /// The secret is not for that destination.
        public static let notForDestination = Code(rawValue: "notForDestination")
        /// A handle stands where none may be resolved.
        public static let unresolvablePlace = Code(rawValue: "unresolvablePlace")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next; never a value.
    public let reason: String
    /// In words, for people, models and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
