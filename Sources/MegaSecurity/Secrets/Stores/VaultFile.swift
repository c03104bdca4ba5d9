// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The file of a vault on disk: private, replaced at once, one writer at a time.
enum VaultFile {
    /// The most bytes.
    static let longest = 1 << 20

    /// The bytes, or nil when there is no file.
    static func read(_ path: String) throws -> [UInt8]? {
        do {
            guard let bytes = try KeyFile.read(path, limit: longest + 1) else { return nil }
            guard bytes.count <= longest else { throw SecretStoreError(.damaged, reason: "The vault \(path) has more than \(longest) bytes.") }
            return bytes
        } catch let error as SealError {
            throw SecretStoreError(.unavailable, reason: "The vault cannot be used: \(error.reason).")
        }
    }

    static func replace(_ path: String, _ bytes: [UInt8]) throws {
        do {
            try KeyFile.replace(path, bytes)
        } catch let error as SealError {
            throw SecretStoreError(.unavailable, reason: "The vault cannot be written: \(error.reason).")
        }
    }

    /// Runs `body` while no other process changes the vault. The lock is a file of its own, because the vault is replaced.
    static func locked(_ path: String, _ body: () throws -> Void) throws {
        let lock = path + ".lock"
        let file = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw SecretStoreError(.unavailable, reason: "The vault's lock \(lock) cannot be made: \(String(cString: strerror(errno))).")
        }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw SecretStoreError(.unavailable, reason: "The vault's lock \(lock) cannot be had: \(String(cString: strerror(errno))).")
            }
        }
        try body()
    }
}
