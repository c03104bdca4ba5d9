// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CSodium
import Crypto
public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension MasterKey {
    /// How much work a guess at the passphrase costs (Argon2id, RFC 9106).
    public struct PassphraseCost: Sendable, Hashable {
        /// Passes over the memory.
        public var operations: UInt64
        /// Memory in bytes.
        public var memory: Int

        /// Makes a cost.
        public init(operations: UInt64, memory: Int) {
            self.operations = operations
            self.memory = memory
        }

        /// 3 passes over 256 MiB, libsodium's "moderate": about a second.
        public static let moderate = PassphraseCost(operations: 3, memory: 256 << 20)
        /// 2 passes over 64 MiB, libsodium's "interactive", for small machines.
        public static let interactive = PassphraseCost(operations: 2, memory: 64 << 20)

        /// What libsodium accepts, and no more than a hostile parameters file may make this machine do.
        var isAcceptable: Bool { (1...64).contains(operations) && (8 << 10...4 << 30).contains(memory) }
    }

    /// Unlocks the key with a passphrase. The key itself is random; the parameters file (JSON, mode 0600) holds it wrapped under the
    /// passphrase, with salt and cost, and is made when there is none.
    ///
    /// - Throws: `SealError` when the passphrase is wrong or empty, or the file cannot be read or made.
    public static func passphrase(
        _ passphrase: Secret, parametersFile path: String, cost: PassphraseCost = .moderate
    ) async throws -> MasterKey {
        try await offPool {
            if let known = try WrappedKey.load(path) { return try known.unwrap(with: passphrase, path: path) }
            let key = random()
            do {
                try KeyFile.create(path, try WrappedKey(key, under: passphrase, cost: cost).encoded())
                return key
            } catch KeyFile.AlreadyExists.alreadyExists {
                guard let known = try WrappedKey.load(path) else { throw WrappedKey.unreadable(path) }
                return try known.unwrap(with: passphrase, path: path)
            }
        }
    }

    /// Wraps the key under another passphrase. What is sealed stays as it is.
    ///
    /// - Throws: `SealError` when the old passphrase is wrong or the file cannot be read or written; nothing has changed then.
    public static func changePassphrase(
        from old: Secret, to new: Secret, parametersFile path: String, cost: PassphraseCost = .moderate
    ) async throws {
        try await offPool {
            guard let known = try WrappedKey.load(path) else { throw WrappedKey.unreadable(path) }
            let key = try known.unwrap(with: old, path: path)
            try KeyFile.replace(path, try WrappedKey(key, under: new, cost: cost).encoded())
        }
    }

    /// A parameters file's bytes for a key.
    static func wrapped(_ key: MasterKey, under passphrase: Secret, cost: PassphraseCost) throws -> [UInt8] {
        try WrappedKey(key, under: passphrase, cost: cost).encoded()
    }

    /// The key in a parameters file; nil when there is no such file. Computes long: not for the cooperative pool.
    static func unwrapped(_ path: String, with passphrase: Secret) throws -> MasterKey? {
        try WrappedKey.load(path)?.unwrap(with: passphrase, path: path)
    }
}

/// What the parameters file holds.
private struct WrappedKey: Codable {
    private static let label = Array("megabot master key 1".utf8)

    var version: Int
    var kdf: String
    var operations: UInt64
    var memory: Int
    var salt: Data
    var wrappedKey: Data

    init(_ key: MasterKey, under passphrase: Secret, cost: MasterKey.PassphraseCost) throws {
        version = 1
        kdf = "argon2id"
        operations = cost.operations
        memory = cost.memory
        salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        wrappedKey = Data()
        let box = try AES.GCM.seal(
            key.secret.revealBytes(), using: try derive(passphrase), authenticating: Self.label)
        guard let combined = box.combined else { throw SealError(.keyUnavailable, reason: "the key could not be wrapped") }
        wrappedKey = combined
    }

    static func load(_ path: String) throws -> WrappedKey? {
        guard let bytes = try KeyFile.read(path, limit: 4096) else { return nil }
        let found: WrappedKey
        do { found = try JSONDecoder().decode(WrappedKey.self, from: Data(bytes)) } catch { throw unreadable(path) }
        guard found.version == 1, found.kdf == "argon2id" else {
            throw SealError(
                .keyUnavailable, reason: "the key parameters \(path) were written by a newer MegaBot; update this one")
        }
        return found
    }

    static func unreadable(_ path: String) -> SealError {
        SealError(
            .keyUnavailable,
            reason: "the key parameters \(path) are missing or damaged; restore the file from a backup (without it the passphrase "
                + "opens nothing)")
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return Array(try encoder.encode(self))
    }

    func unwrap(with passphrase: Secret, path: String) throws -> MasterKey {
        let key = try derive(passphrase)
        do {
            let box = try AES.GCM.SealedBox(combined: wrappedKey)
            return try MasterKey(Secret(bytes: try AES.GCM.open(box, using: key, authenticating: Self.label)))
        } catch {
            throw SealError(.keyUnavailable, reason: "the passphrase is not the one \(path) was made with; give that one")
        }
    }

    private func derive(_ passphrase: Secret) throws -> SymmetricKey {
        guard !passphrase.isEmpty else { throw SealError(.keyUnavailable, reason: "the passphrase is empty; choose one") }
        guard PassphraseCost(operations: operations, memory: memory).isAcceptable, salt.count == crypto_pwhash_saltbytes() else {
            throw SealError(
                .keyUnavailable,
                reason: "the key parameters ask for a cost or salt outside the limits; restore the file from a backup")
        }
        guard Self.sodiumIsReady else { throw SealError(.keyUnavailable, reason: "libsodium could not be initialised") }
        var key = [UInt8](repeating: 0, count: MasterKey.size)
        let words = passphrase.revealBytes().map { CChar(bitPattern: $0) }
        let result = crypto_pwhash(
            &key, UInt64(key.count), words, UInt64(words.count), Array(salt), operations, memory, crypto_pwhash_alg_argon2id13())
        guard result == 0 else {
            throw SealError(
                .keyUnavailable, reason: "not enough memory to check the passphrase (\(memory >> 20) MiB are needed); free some")
        }
        return SymmetricKey(data: key)
    }

    private typealias PassphraseCost = MasterKey.PassphraseCost

    /// `sodium_init` may be called from any thread; a second call answers 1.
    private static let sodiumIsReady = sodium_init() >= 0
}
