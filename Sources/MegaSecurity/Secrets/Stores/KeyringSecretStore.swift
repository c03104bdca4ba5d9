// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if os(Linux)
import CSodium
import Dispatch
public import MegaCore

/// Secrets in the Linux kernel's keyring (keyrings(7)): in memory only, gone with the last process of the user or at the reboot.
///
/// Keys are of type `user`, their description is the prefix and the name. Containers often forbid these calls; then every function throws
/// `unavailable`.
public final class KeyringSecretStore: SecretStore {
    /// The most bytes the kernel takes for one key.
    public static let longestSecret = 32_767

    /// The user's keyring, shared by all processes of the user; other keyrings belong to single threads.
    private static let ring = -4
    /// The calling thread's own keyring.
    private static let thread = -1
    private let prefix: String
    private let queue = DispatchQueue(label: "megabot.keyring")

    /// Whether the kernel lets this process use keyrings.
    public static var isAvailable: Bool { megabot_keyctl(8, ring, thread, nil, 0) >= 0 }

    /// - Parameter prefix: Before every name, so that other programs' keys stay apart.
    public init(prefix: String = "megabot:") { self.prefix = prefix }

    /// See `SecretStore.secret(named:)`.
    public func secret(named name: SecretName) async throws -> Secret? {
        try await onQueue { try self.find(name).flatMap(self.payload) }
    }

    /// See `SecretStore.names()`.
    public func names() async throws -> [SecretName] {
        try await onQueue { try self.list() }
    }

    /// See `SecretStore.set(_:named:)`.
    public func set(_ secret: Secret, named name: SecretName) async throws {
        let bytes = secret.revealBytes()
        guard !bytes.isEmpty, bytes.count <= Self.longestSecret else {
            throw SecretStoreError(
                .unacceptableValue, reason: bytes.isEmpty ? "The value of \(name) is empty." : "The value of \(name) has more than \(Self.longestSecret) bytes.")
        }
        try await onQueue {
            try self.attach()
            guard megabot_add_key(self.prefix + name.rawValue, bytes, bytes.count, Self.ring) >= 0 else { throw Self.failure("set \(name)") }
        }
    }

    /// See `SecretStore.delete(_:)`.
    public func delete(_ name: SecretName) async throws {
        try await onQueue {
            guard let key = try self.find(name) else { return }
            guard megabot_keyctl(9, key, Self.ring, nil, 0) >= 0 else { throw Self.failure("delete \(name)") }
        }
    }

    /// A key is readable when the calling thread possesses its ring: the user's is linked to the thread's own. The kernel keeps this
    /// per thread, so it is done in every piece of work.
    private func attach() throws {
        guard megabot_keyctl(8, Self.ring, Self.thread, nil, 0) >= 0 else { throw Self.failure("be opened") }
    }

    private func find(_ name: SecretName) throws -> Int? {
        try attach()
        return try identifiers().first { try description($0) == prefix + name.rawValue }
    }

    private func list() throws -> [SecretName] {
        try attach()
        return try identifiers().compactMap { key in
            guard let text = try description(key), text.hasPrefix(prefix) else { return nil }
            return SecretName(String(text.dropFirst(prefix.count)))
        }.sorted()
    }

    /// The keys of the ring: 32-bit serial numbers.
    private func identifiers() throws -> [Int] {
        guard let bytes = try read(11, Self.ring) else { return [] }
        return stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { start in
            Int(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Int32.self) })
        }
    }

    /// `type;uid;gid;permissions;description` without all but the last, for keys of type user.
    private func description(_ key: Int) throws -> String? {
        guard let bytes = try read(6, key) else { return nil }
        let fields = bytes.prefix { $0 != 0 }.split(separator: UInt8(ascii: ";"), maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count == 5, fields[0].elementsEqual("user".utf8) else { return nil }
        return String(decoding: fields[4], as: UTF8.self)
    }

    private func payload(_ key: Int) throws -> Secret? { try read(11, key).map { Secret(bytes: $0) } }

    /// What a reading operation gives, nil when the key has gone meanwhile. The size is asked first and may grow between the calls.
    private func read(_ operation: Int32, _ key: Int) throws -> [UInt8]? {
        var size = 512
        for _ in 0..<8 {
            var bytes = [UInt8](repeating: 0, count: size)
            let count = megabot_keyctl(operation, key, 0, &bytes, size)
            if count < 0 {
                // Gone, revoked or expired, or a foreign key that may not be seen.
                if [2, 13, 126, 127, 128].contains(megabot_errno()), key != Self.ring { return nil }
                throw Self.failure("be read")
            }
            if count <= size { return Array(bytes[..<count]) }
            size = count
        }
        throw SecretStoreError(.unavailable, reason: "The kernel's keyring changes too quickly to be read.")
    }

    private static func failure(_ what: String) -> SecretStoreError {
        SecretStoreError(
            .unavailable, reason: "The kernel's keyring cannot \(what) (error \(megabot_errno())). Containers often forbid it; use another store there.")
    }

    private func onQueue<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
#endif
