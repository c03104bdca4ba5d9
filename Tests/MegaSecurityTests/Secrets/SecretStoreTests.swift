// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
@testable import MegaSecurity
import MegaTesting
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("Stores of secrets") struct SecretStoreTests {
    private static let cost = MasterKey.PassphraseCost(operations: 1, memory: 8 << 10)

    private func name(_ text: String) throws -> SecretName { try #require(SecretName(text)) }

    @Test("In memory", arguments: SecretStoreConformance.checks)
    func memory(_ check: ConformanceCheck<any SecretStore>) async throws { try await check.run(InMemorySecretStore()) }

    @Test("Environment", arguments: SecretStoreConformance.readOnlyChecks)
    func environment(_ check: ConformanceCheck<any SecretStore>) async throws {
        try await check.run(EnvironmentSecretStore(["MEGABOT_SECRET_GIVEN": "correct horse", "OTHER": "x", "MEGABOT_SECRET_": "y", "MEGABOT_SECRET_EMPTY": ""]))
    }

    @Test("Files", arguments: SecretStoreConformance.readOnlyChecks)
    func files(_ check: ConformanceCheck<any SecretStore>) async throws {
        let folder = try ScratchFolder()
        try folder.write("correct horse\n", to: "GIVEN")
        try folder.write("no name", to: "not a name")
        chmod("\(folder.path)/GIVEN", 0o400)
        try await check.run(FileSecretStore(folder: folder.path))
    }

    @Test("Files that others may write, links and large files are refused; a missing folder is empty") func unacceptableFiles() async throws {
        let folder = try ScratchFolder()
        try folder.write("x", to: "OPEN")
        chmod("\(folder.path)/OPEN", 0o622)
        symlink("/etc/hostname", "\(folder.path)/LINK")
        try folder.write(String(repeating: "x", count: FileSecretStore.longestSecret + 2), to: "LARGE")
        let store = FileSecretStore(folder: folder.path)
        for text in ["OPEN", "LINK", "LARGE"] {
            let name = try name(text)
            await #expect(throws: SecretStoreError.self) { try await store.secret(named: name) }
        }
        #expect(try await FileSecretStore(folder: folder.path + "/none").names() == [])
    }

    @Test("Vault under a passphrase", arguments: SecretStoreConformance.checks)
    func vault(_ check: ConformanceCheck<any SecretStore>) async throws {
        let folder = try ScratchFolder()
        try await check.run(SecretVault(path: folder.path + "/v", key: .passphrase(Secret("opensesame"), cost: Self.cost)))
    }

    @Test("Vault under a master key", arguments: SecretStoreConformance.checks)
    func vaultWithKey(_ check: ConformanceCheck<any SecretStore>) async throws {
        let folder = try ScratchFolder()
        try await check.run(SecretVault(path: folder.path + "/v", key: .masterKey(.random())))
    }

    @Test("A vault under a key of the ring opens after the keys and the master key were changed; one under the key file moves to it")
    func vaultAndRing() async throws {
        let folder = try ScratchFolder()
        let (path, given) = (folder.path + "/v", try name("GIVEN"))
        let source = MasterKeySource.file(folder.path + "/master")
        try await SecretVault(path: path, key: .masterKey(try await MasterKey.file(folder.path + "/master"))).set(Secret("kept"), named: given)
        let ring = try await KeyRing.open(folder.path + "/ring", source: source)
        let vault = try SecretVault(path: path, key: .masterKey(ring.derivedKey(for: "vault")))
        await #expect(throws: SecretStoreError.self) { try await vault.takeOver(from: .masterKey(.random())) }
        try await vault.takeOver(from: .masterKey(try await MasterKey.file(folder.path + "/master")))
        try await ring.rotate()
        try await ring.retireOldKeys()
        try await ring.rotateMaster()
        let reopened = try await KeyRing.open(folder.path + "/ring", source: source, ifMissing: .fail)
        let after = try SecretVault(path: path, key: .masterKey(reopened.derivedKey(for: "vault")))
        #expect(try await after.secret(named: given) == Secret("kept"))
        // Opens already: the other key is not even asked.
        try await after.takeOver(from: .masterKey(.random()))
        let other = try SecretVault(path: path, key: .masterKey(reopened.derivedKey(for: "another")))
        await #expect(throws: SecretStoreError.self) { try await other.names() }
    }

    @Test("A vault is private, sealed, and opens in another process with the same key only") func vaultFile() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/v"
        let given = try name("CANARY_NAME")
        let key = MasterKey.random()
        try await SecretVault(path: path, key: .masterKey(key)).set(Secret("canary-value-1"), named: given)
        #expect(permissions(path) == 0o600)
        let bytes = String(decoding: try #require(folder.read("v")), as: UTF8.self)
        #expect(!bytes.contains("canary-value") && !bytes.contains("CANARY_NAME"))
        #expect(try await SecretVault(path: path, key: .masterKey(key)).secret(named: given) == Secret("canary-value-1"))
        let other = try SecretVault(path: path, key: .masterKey(.random()))
        let wrong = await #expect(throws: SecretStoreError.self) { try await other.secret(named: given) }
        #expect(wrong?.code == .wrongKey)
        await #expect(throws: SecretStoreError.self) { try await other.set(Secret("x"), named: given) }
        let phrase = try SecretVault(path: path, key: .passphrase(Secret("x"), cost: Self.cost))
        await #expect(throws: SecretStoreError.self) { try await phrase.names() }
    }

    @Test("A wrong passphrase and a changed file are told apart, at every byte") func tampering() async throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/v"
        let given = try name("A")
        try await SecretVault(path: path, key: .passphrase(Secret("right"), cost: Self.cost)).set(Secret("canary-value-2"), named: given)
        let good = try #require(folder.read("v"))
        let wrong = try SecretVault(path: path, key: .passphrase(Secret("wrong"), cost: Self.cost))
        let error = await #expect(throws: SecretStoreError.self) { try await wrong.names() }
        #expect(error?.code == .wrongKey && error?.reason.contains("passphrase") == true)
        for index in good.indices {
            var bad = good
            bad[index] ^= 1
            try VaultFile.replace(path, bad)
            let store = try SecretVault(path: path, key: .passphrase(Secret("right"), cost: Self.cost))
            let error = await #expect(throws: SecretStoreError.self, "byte \(index)") { try await store.secret(named: given) }
            #expect(error?.code == (index >= VaultHeader.size ? .damaged : error?.code), "byte \(index)")
            #expect(error?.reason.contains("canary") == false)
        }
        for count in [0, 3, VaultHeader.size, good.count - 1] {
            try VaultFile.replace(path, Array(good.prefix(count)))
            let store = try SecretVault(path: path, key: .passphrase(Secret("right"), cost: Self.cost))
            await #expect(throws: SecretStoreError.self, "\(count) bytes") { try await store.names() }
        }
    }

    @Test("Two vaults over one file lose no change") func twoWriters() async throws {
        let folder = try ScratchFolder()
        let key = MasterKey.random()
        let stores = try [SecretVault(path: folder.path + "/v", key: .masterKey(key)), SecretVault(path: folder.path + "/v", key: .masterKey(key))]
        let names = try (0..<20).map { try name("N\($0)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in names.enumerated() { group.addTask { try await stores[index % 2].set(Secret("v\(index)"), named: name) } }
            try await group.waitForAll()
        }
        #expect(try await stores[0].names().count == 20)
    }

    #if os(Linux)
    /// Whether the kernel lets this process use keyrings; containers often do not.
    private static let hasKeyring = KeyringSecretStore.isAvailable

    @Test("Kernel keyring", .enabled(if: hasKeyring), arguments: SecretStoreConformance.checks)
    func keyring(_ check: ConformanceCheck<any SecretStore>) async throws {
        var generator = SystemRandomNumberGenerator()
        let store = KeyringSecretStore(prefix: "megabot-test-\(generator.next()):")
        try await check.run(store)
        for name in try await store.names() { try await store.delete(name) }
        #expect(try await store.names() == [])
    }
    #endif

    @Test("A chain asks in order, writes to the first that can be written, and hides nothing") func chain() async throws {
        let memory = InMemorySecretStore([try name("B"): Secret("from memory")])
        let chain = SecretStoreChain([EnvironmentSecretStore(["MEGABOT_SECRET_A": "from env"]), memory])
        #expect(try await chain.secret(named: name("A")) == Secret("from env"))
        #expect(try await chain.secret(named: name("B")) == Secret("from memory"))
        #expect(try await chain.names().map(\.rawValue) == ["A", "B"])
        try await chain.set(Secret("new"), named: name("C"))
        #expect(try await memory.secret(named: name("C")) == Secret("new"))
        let hidden = try name("A")
        await #expect(throws: SecretStoreError.self) { try await chain.set(Secret("hidden"), named: hidden) }
        await #expect(throws: SecretStoreError.self) { try await chain.delete(hidden) }
        try await chain.delete(name("B"))
        #expect(try await chain.names().map(\.rawValue) == ["A", "C"])
    }

    @Test("Names", arguments: [("A", true), ("_a.b-c9", true), ("", false), ("9a", false), ("a b", false), ("é", false), ("a/b", false), ("{{a}}", false), ("-a", false)])
    func names(_ text: String, _ isName: Bool) {
        #expect((SecretName(text) != nil) == isName)
        #expect(SecretName(String(repeating: "a", count: 64)) != nil && SecretName(String(repeating: "a", count: 65)) == nil)
    }
}
