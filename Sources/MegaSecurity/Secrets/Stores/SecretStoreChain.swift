// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Several stores in a row: the first that has a secret gives it.
///
/// Writing goes to the first store that can be written. A store that fails stops the search: a secret from a later store must not
/// take the place of one that only cannot be read now.
public struct SecretStoreChain: SecretStore {
    private let stores: [any SecretStore]

    /// - Parameter stores: In order of precedence.
    public init(_ stores: [any SecretStore]) { self.stores = stores }

    /// See `SecretStore.secret(named:)`.
    public func secret(named name: SecretName) async throws -> Secret? {
        for store in stores { if let secret = try await store.secret(named: name) { return secret } }
        return nil
    }

    /// See `SecretStore.names()`.
    public func names() async throws -> [SecretName] {
        var names: Set<SecretName> = []
        for store in stores { names.formUnion(try await store.names()) }
        return names.sorted()
    }

    /// See `SecretStore.set(_:named:)`.
    public func set(_ secret: Secret, named name: SecretName) async throws {
        for store in stores {
            do {
                return try await store.set(secret, named: name)
            } catch let error as SecretStoreError where error.code == .readOnly {
                // A secret an earlier store holds would hide the new one.
                if try await store.secret(named: name) != nil { throw error }
            }
        }
        throw SecretStoreError(.readOnly, reason: "No store of secrets can be written. Configure a vault.")
    }

    /// See `SecretStore.delete(_:)`. Refused when a store that can be read only holds the secret.
    public func delete(_ name: SecretName) async throws {
        for store in stores {
            do {
                try await store.delete(name)
            } catch let error as SecretStoreError where error.code == .readOnly {
                if try await store.secret(named: name) != nil { throw error }
            }
        }
    }
}
