// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CSodium
import MegaCore

/// Bytes that are never swapped out and are erased when the last reference goes: libsodium's guarded memory.
///
/// Invariant that makes it sendable: the memory is written in `init` only, and read after that.
final class LockedBytes: @unchecked Sendable {
    let count: Int
    private let memory: UnsafeMutableRawPointer

    /// - Parameter fill: Gets the memory, all zero, to write to.
    /// - Throws: `SecretStoreError` when there is no memory or it cannot be locked, and what `fill` throws.
    init(count: Int, fill: (UnsafeMutablePointer<UInt8>) throws -> Void) throws {
        guard Self.sodiumIsReady, let memory = sodium_malloc(max(1, count)) else {
            throw SecretStoreError(.unavailable, reason: "There is no protected memory for secrets. Free memory, or raise the limit (ulimit -l).")
        }
        self.count = count
        self.memory = memory
        sodium_memzero(memory, max(1, count))
        // sodium_malloc locks but does not tell; asking again does.
        guard sodium_mlock(memory, max(1, count)) == 0 else {
            throw SecretStoreError(.unavailable, reason: "Memory for secrets cannot be locked. Raise the limit (ulimit -l, or LimitMEMLOCK= in the unit).")
        }
        // When this throws, `deinit` frees the memory: everything is initialised by now.
        try fill(memory.assumingMemoryBound(to: UInt8.self))
        sodium_mprotect_readonly(memory)
    }

    convenience init(copying secret: Secret) throws {
        let bytes = secret.revealBytes()
        try self.init(count: bytes.count) { memory in for (index, byte) in bytes.enumerated() { memory[index] = byte } }
    }

    deinit { sodium_free(memory) }

    /// The bytes, valid during the call.
    func withBytes<Value>(_ body: (UnsafePointer<UInt8>) throws -> Value) rethrows -> Value {
        try withExtendedLifetime(self) { try body(UnsafePointer(memory.assumingMemoryBound(to: UInt8.self))) }
    }

    /// `sodium_init` may be called from any thread; a second call answers 1.
    static let sodiumIsReady = sodium_init() >= 0
}
