// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import MegaCore

/// Keeps a second process away from a database, through a locked file beside it.
///
/// The lock ends with the descriptor, so a crash leaves nothing to clean up. Child processes do not inherit it.
final class StoreLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `StoreError` `locked` when another store holds it, `notPermitted` when the file cannot be made.
    init(path: String) throws {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw StoreError(
                errno == ENOSPC ? .diskFull : .notPermitted,
                reason: "the lock file \(path) cannot be made: \(String(cString: strerror(errno))); "
                    + "make its folder writable for this user, or choose another")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw StoreError(
                .locked,
                reason: "another process has this store open (\(path) is locked); stop it, or give this one its own data folder")
        }
        descriptor = file
    }

    deinit {
        // Unlocked by word: a child process that was forked a moment ago still shares the descriptor until it executes its program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
