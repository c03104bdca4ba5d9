// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// A small file, read off the cooperative pool.
struct SmallFile: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        case missing
        case unreadable(String)
    }

    /// What changes when a file changes; a replaced file has another inode.
    struct Stamp: Sendable, Hashable {
        var inode: UInt64
        var size: Int64
        var seconds: Int64
        var nanoseconds: Int64
    }

    let path: String
    /// The most bytes read.
    let limit: Int

    func read() async -> Content {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: readNow()) }
        }
    }

    /// Nil when the file is not there.
    func stamp() async -> Stamp? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: stampNow()) }
        }
    }

    private func readNow() -> Content {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < limit {
            let count = fill(&buffer, from: descriptor)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .unreadable(String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return .bytes(Array(bytes.prefix(limit)))
    }

    private func fill(_ buffer: inout [UInt8], from descriptor: Int32) -> Int {
        #if canImport(Glibc)
        buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        #elseif canImport(Darwin)
        buffer.withUnsafeMutableBytes { Darwin.read(descriptor, $0.baseAddress, $0.count) }
        #elseif canImport(Musl)
        buffer.withUnsafeMutableBytes { Musl.read(descriptor, $0.baseAddress, $0.count) }
        #endif
    }

    private func stampNow() -> Stamp? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        #if canImport(Darwin)
        let time = information.st_mtimespec
        #else
        let time = information.st_mtim
        #endif
        return Stamp(
            inode: UInt64(information.st_ino), size: Int64(information.st_size), seconds: Int64(time.tv_sec),
            nanoseconds: Int64(time.tv_nsec))
    }
}
