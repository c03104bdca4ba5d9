// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity

extension Installation {
    /// Folders that hold secrets, absolute.
    var secretFolders: [String] { configuration.secrets.folders.map { Paths.absolute($0, in: baseDirectory) } }

    /// The configured places of secrets with a name for each, in the order they are looked into.
    func secretStores() async throws -> [(name: String, store: any SecretStore)] {
        let settings = configuration.secrets
        let sources = try await files.read()
        var variables: [String: String] = [:]
        for name in settings.environment { variables[name] = sources.variable(name) }
        var stores: [(name: String, store: any SecretStore)] = [("the environment", EnvironmentSecretStore(variables, prefix: ""))]
        for folder in secretFolders { stores.append((folder, FileSecretStore(folder: folder))) }
        if settings.usesVault { stores.append(("the vault", try await secretVault())) }
        return stores
    }

    /// What gives secrets out, knowing all that are there; nil when none is bound to anything.
    ///
    /// - Returns: It, and the names of bound secrets that are nowhere.
    /// - Throws: When a place cannot be read.
    func secretHandles() async throws -> (handles: SecretHandles, missing: [SecretName])? {
        guard !configuration.secrets.bindings.isEmpty else { return nil }
        let handles = SecretHandles(
            store: SecretStoreChain(try await secretStores().map(\.store)), destinations: configuration.secrets.destinations)
        return (handles, try await handles.recognizeAll())
    }
}
