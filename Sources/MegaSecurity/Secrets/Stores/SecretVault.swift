// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
public import MegaCore

/// Secrets in one sealed file (XChaCha20-Poly1305), mode 0600, replaced as a whole.
///
/// The key comes from a passphrase (Argon2id, RFC 9106) or is derived from a master key. The key, and what is read from the file, lie
/// in memory that is never swapped out and is erased after use; the value handed to the caller is ordinary memory. Somebody who can read
/// the file learns its size, not how many secrets there are or their names. Several processes may use the file at a time. Not noticed is
/// its replacement by an older copy.
public final class SecretVault: SecretStore {
    /// What opens the vault.
    public enum Key: Sendable {
        /// A passphrase, and the cost of a guess for a vault that is made now.
        case passphrase(Secret, cost: MasterKey.PassphraseCost = .moderate)
        /// A key of the installation, best one that outlives a change of the master key: ``KeyRing/derivedKey(for:)``. The vault gets a key
        /// of its own from it.
        case masterKey(MasterKey)
    }

    /// The most bytes of one value.
    public static let longestSecret = 64 << 10

    /// The file.
    public let path: String
    private let key: VaultKey
    private let queue = DispatchQueue(label: "megabot.secret-vault")

    /// A vault; the file is made with the first secret.
    ///
    /// - Parameters:
    ///   - path: Absolute; its folder exists.
    /// - Throws: ``SecretStoreError`` when the passphrase is empty or memory cannot be locked. Whether the key is right shows at the first use.
    public init(path: String, key: Key) throws {
        self.path = path
        self.key = try VaultKey(key)
    }

    /// See `SecretStore.secret(named:)`. `wrongKey` and `damaged` are told apart.
    public func secret(named name: SecretName) async throws -> Secret? {
        try await onQueue { try self.read()?.secret(named: name) }
    }

    /// See `SecretStore.names()`.
    public func names() async throws -> [SecretName] {
        try await onQueue { try self.read()?.names() ?? [] }
    }

    /// See `SecretStore.set(_:named:)`. On disk on return.
    public func set(_ secret: Secret, named name: SecretName) async throws {
        let bytes = secret.revealBytes()
        guard !bytes.isEmpty, bytes.count <= Self.longestSecret else {
            throw SecretStoreError(
                .unacceptableValue, reason: bytes.isEmpty ? "The value of \(name) is empty." : "The value of \(name) has more than \(Self.longestSecret) bytes.")
        }
        try await onQueue { try self.change { try VaultContents.replacing(name, with: bytes, in: $0) } }
    }

    /// See `SecretStore.delete(_:)`. On disk on return.
    public func delete(_ name: SecretName) async throws {
        try await onQueue {
            guard let contents = try self.read(), try contents.secret(named: name) != nil else { return }
            try self.change { try VaultContents.replacing(name, with: nil, in: $0) }
        }
    }

    /// Seals a vault that is under another key anew under this one's. Nothing happens when there is no vault or it opens already. Killed
    /// at any moment, the vault opens with one key or the other.
    ///
    /// - Throws: ``SecretStoreError``, `wrongKey` when it opens with neither.
    public func takeOver(from older: Key) async throws {
        let older = try VaultKey(older)
        try await onQueue {
            do {
                _ = try self.read()
            } catch let error as SecretStoreError where error.code == .wrongKey {
                try VaultFile.locked(self.path) {
                    guard let bytes = try VaultFile.read(self.path) else { return }
                    let contents = try VaultContents(opening: bytes, with: older, path: self.path)
                    try VaultFile.replace(self.path, try contents.sealed(with: self.key, header: nil))
                }
            }
        }
    }

    private func read() throws -> VaultContents? {
        guard let bytes = try VaultFile.read(path) else { return nil }
        return try VaultContents(opening: bytes, with: key, path: path)
    }

    /// Reads, changes and replaces under the file's lock, so that no change of another process is lost.
    private func change(_ body: (VaultContents?) throws -> VaultContents) throws {
        try VaultFile.locked(path) {
            let old = try read()
            let new = try body(old)
            try VaultFile.replace(path, try new.sealed(with: key, header: old?.header))
        }
    }

    private func onQueue<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
