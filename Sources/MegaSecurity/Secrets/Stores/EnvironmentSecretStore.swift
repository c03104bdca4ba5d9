// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Secrets in environment variables, which the host hands over; the library never reads the environment by itself.
public struct EnvironmentSecretStore: SecretStore {
    private let secrets: [SecretName: Secret]

    /// - Parameters:
    ///   - environment: Variables, for example those the host was started with.
    ///   - prefix: Only variables that begin so are secrets; the name is what follows. `MEGABOT_SECRET_` by default.
    public init(_ environment: [String: String], prefix: String = "MEGABOT_SECRET_") {
        var secrets: [SecretName: Secret] = [:]
        for (key, value) in environment where key.hasPrefix(prefix) && !value.isEmpty {
            if let name = SecretName(String(key.dropFirst(prefix.count))) { secrets[name] = Secret(value) }
        }
        self.secrets = secrets
    }

    /// See `SecretStore.secret(named:)`.
    public func secret(named name: SecretName) async throws -> Secret? { secrets[name] }
    /// See `SecretStore.names()`.
    public func names() async throws -> [SecretName] { secrets.keys.sorted() }
    /// See `SecretStore.set(_:named:)`. Always refused.
    public func set(_ secret: Secret, named name: SecretName) async throws { throw Self.readOnly(name) }
    /// See `SecretStore.delete(_:)`. Always refused.
    public func delete(_ name: SecretName) async throws { throw Self.readOnly(name) }

    private static func readOnly(_ name: SecretName) -> SecretStoreError {
        SecretStoreError(.readOnly, reason: "The secret \(name) comes from the environment and cannot be changed here. Change it where the daemon is started.")
    }
}
