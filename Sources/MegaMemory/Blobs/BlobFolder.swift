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

/// A folder of small whole files, each there entirely or not at all. Every call blocks.
///
/// Names are relative to the folder's descriptor, so the folder may be moved, and no link leads out of it.
final class BlobFolder: Sendable {
    private static let draftSuffix = ".tmp"

    let path: String
    private let descriptor: Int32

    /// Opens the folder, making it (0700) when there is none, and clears what a crash left half-written.
    ///
    /// - Throws: ``StoreError``.
    init(path: String) throws {
        self.path = path
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Self.failure("made", path) }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.failure("opened", path) }
        var status = stat()
        if fstat(folder, &status) == 0, status.st_mode & 0o077 != 0, fchmod(folder, 0o700) != 0 {
            close(folder)
            throw StoreError(.notPermitted, reason: "the folder \(path) may be read by others; run `chmod 700` on it")
        }
        descriptor = folder
        try clearDrafts()
    }

    deinit { close(descriptor) }

    /// The file's bytes, or nil when there is none of that name.
    func read(_ name: String) throws -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.failure("read", path)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.corrupt, reason: "something in \(path) is no file; move it away")
        }
        let size = Int(status.st_size)
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = pread(file, buffer.baseAddress?.advanced(by: count), size - count, off_t(count))
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else { throw Self.failure("read", path) }
                if got == 0 { break }
                count += got
            }
        }
    }

    /// Puts a file there, in the place of one of that name; on disk on return.
    func write(_ bytes: [UInt8], as name: String) throws {
        let draft = name + "." + String(UInt64.random(in: 0...(.max)), radix: 36) + Self.draftSuffix
        let file = openat(descriptor, draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw Self.failure("written to", path) }
        do {
            defer { close(file) }
            try Self.write(bytes, to: file, in: path)
            guard fsync(file) == 0 else { throw Self.failure("written to", path) }
            guard renameat(descriptor, draft, descriptor, name) == 0 else { throw Self.failure("written to", path) }
        } catch {
            unlinkat(descriptor, draft, 0)
            throw error
        }
        try synchronize()
    }
    /// When a file was written or touched, in seconds since 1970; nil when there is none.
    func writingTime(of name: String) -> Double? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Makes a file as young as one that was written now.
    func touch(_ name: String) throws {
        guard utimensat(descriptor, name, nil, AT_SYMLINK_NOFOLLOW) == 0 else { throw Self.failure("changed", path) }
    }

    /// Deletes a file; gone from the disk on return. False when there was none.
    func remove(_ name: String) throws -> Bool {
        guard unlinkat(descriptor, name, 0) == 0 else {
            if errno == ENOENT { return false }
            throw Self.failure("changed", path)
        }
        try synchronize()
        return true
    }

    /// Makes what was renamed or removed so far durable.
    func synchronize() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure("written to", path) }
    }

    /// The names of all files, sorted.
    func names() throws -> [String] {
        var names: [String] = []
        try eachName { if !$0.hasPrefix("."), !$0.hasSuffix(Self.draftSuffix) { names.append($0) } }
        return names.sorted()
    }

    private func clearDrafts() throws {
        try eachName { if $0.hasSuffix(Self.draftSuffix) { unlinkat(descriptor, $0, 0) } }
    }

    private func eachName(_ body: (String) -> Void) throws {
        // The listing takes its own descriptor and closes it.
        let listed = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard listed >= 0 else { throw Self.failure("read", path) }
        guard let listing = fdopendir(listed) else {
            close(listed)
            throw Self.failure("read", path)
        }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { body(name) }
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32, in path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(file, buffer.baseAddress?.advanced(by: written), buffer.count - written, off_t(written))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written to", path) }
            written += count
        }
    }

    private static func failure(_ what: String, _ path: String) -> StoreError {
        let number = errno
        let text = String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT:
            return StoreError(.diskFull, reason: "the folder \(path) has no room: \(text); free some space, nothing was changed")
        case EACCES, EPERM, EROFS, ENOTDIR, ELOOP, ENOENT:
            return StoreError(
                .notPermitted, reason: "the folder \(path) cannot be \(what): \(text); check its owner and mode, or choose another")
        default:
            return StoreError(.unavailable, reason: "the folder \(path) cannot be \(what): \(text); look at the disk's health")
        }
    }
}
