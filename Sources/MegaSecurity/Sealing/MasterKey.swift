// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import Dispatch
public import MegaCore

/// The key everything else is derived from: 32 bytes from a file, or unlocked by a passphrase.
public struct MasterKey: Sendable {
    /// The size of a master key in bytes.
    public static let size = 32

    let secret: Secret

    /// Takes a key from somewhere else, such as a key service.
    ///
    /// - Throws: `SealError` when it has not exactly 32 bytes.
    public init(_ secret: Secret) throws {
        let count = secret.revealBytes().count
        guard count == Self.size else {
            throw SealError(.keyUnavailable, reason: "a master key has \(Self.size) bytes, this one has \(count)")
        }
        self.secret = secret
    }

    /// A new random key.
    public static func random() -> MasterKey {
        MasterKey(unchecked: SymmetricKey(size: .bits256).withUnsafeBytes { Secret(bytes: $0) })
    }

    init(unchecked secret: Secret) { self.secret = secret }

    /// Reads the key file, and makes it (32 random bytes, mode 0600) when there is none.
    ///
    /// Of two processes that make it at the same moment both get the same key.
    ///
    /// - Throws: `SealError` when it is a symbolic link, may be read by others, has another size or cannot be read or made.
    public static func file(_ path: String) async throws -> MasterKey {
        try await offPool {
            if let key = try read(path) { return key }
            let created = random()
            do {
                try KeyFile.create(path, created.secret.revealBytes())
                return created
            } catch KeyFile.AlreadyExists.alreadyExists {
                guard let key = try read(path) else {
                    throw SealError(.keyUnavailable, reason: "the key file \(path) came and went; try again")
                }
                return key
            }
        }
    }

    static func read(_ path: String) throws -> MasterKey? {
        guard let bytes = try KeyFile.read(path, limit: size + 1) else { return nil }
        guard bytes.count == size else {
            throw SealError(
                .keyUnavailable,
                reason: "the key file \(path) has \(bytes.count > size ? "more than \(size)" : "\(bytes.count)") bytes, a key has "
                    + "exactly \(size); restore it from a backup (without the right key the stored data cannot be read)")
        }
        return MasterKey(unchecked: Secret(bytes: bytes))
    }

    /// Runs work that waits for the disk or computes long on a thread of its own.
    static func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
