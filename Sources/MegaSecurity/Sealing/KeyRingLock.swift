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

/// Keeps other processes, and other rings over the same file, from changing it at the same moment.
struct KeyRingLock {
    private let descriptor: Int32

    /// Waits for its turn; changes take milliseconds.
    init(_ path: String) throws {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw SealError(
                .keyUnavailable, reason: "the lock of the key ring \(path) cannot be made: \(String(cString: strerror(errno))); check its folder")
        }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let code = errno
                close(descriptor)
                throw SealError(.keyUnavailable, reason: "the key ring \(path) cannot be locked: \(String(cString: strerror(code)))")
            }
        }
    }

    func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
