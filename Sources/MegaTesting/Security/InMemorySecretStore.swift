// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// Keeps secrets for as long as it lives. For tests.
public final class InMemorySecretStore: SecretStore {
    private let secrets: Mutex<[SecretName: Secret]>

    /// A store that begins with some secrets.
    public init(_ secrets: [SecretName: Secret] = [:]) { self.secrets = Mutex(secrets) }

    /// See `SecretStore.secret(named:)`.
    public func secret(named name: SecretName) async throws -> Secret? { secrets.withLock { $0[name] } }
    /// See `SecretStore.names()`.
    public func names() async throws -> [SecretName] { secrets.withLock { $0.keys.sorted() } }

    /// See `SecretStore.set(_:named:)`.
    public func set(_ secret: Secret, named name: SecretName) async throws {
        guard !secret.isEmpty else { throw SecretStoreError(.unacceptableValue, reason: "The value of \(name) is empty.") }
        secrets.withLock { $0[name] = secret }
    }

    /// See `SecretStore.delete(_:)`.
    public func delete(_ name: SecretName) async throws { _ = secrets.withLock { $0.removeValue(forKey: name) } }
}
