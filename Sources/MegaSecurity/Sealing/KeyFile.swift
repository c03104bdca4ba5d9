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

/// Small files nobody else may read.
enum KeyFile {
    enum AlreadyExists: Error { case alreadyExists }

    /// The bytes, at most `limit`, or nil when there is no such file.
    static func read(_ path: String, limit: Int) throws -> [UInt8]? {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        if file < 0 {
            switch errno {
            case ENOENT: return nil
            case ELOOP: throw problem(path, "is a symbolic link; give the path of the file itself")
            default: throw problem(path, "cannot be read: \(reason(errno)); check its owner and mode")
            }
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw problem(path, "cannot be examined: \(reason(errno))") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw problem(path, "is no regular file; give the path of a file") }
        guard status.st_mode & 0o077 == 0 else {
            throw problem(path, "may be read or changed by other users; run `chmod 600` on it, and consider the key known to them")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw problem(path, "belongs to another user; run `chown` on it")
        }
        let limit = min(limit, Int(status.st_size) + 1)
        var bytes = [UInt8](repeating: 0, count: limit)
        var filled = 0
        while filled < limit {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Self.readOnce(file, UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw problem(path, "cannot be read: \(reason(errno))")
            }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    /// Makes the file with its whole content at once: it never exists half written.
    ///
    /// - Throws: ``AlreadyExists`` when somebody else made it first.
    static func create(_ path: String, _ bytes: [UInt8]) throws {
        let draft = try writeDraft(beside: path, bytes)
        defer { unlink(draft) }
        guard link(draft, path) == 0 else {
            if errno == EEXIST { throw AlreadyExists.alreadyExists }
            throw problem(path, "cannot be made: \(reason(errno))")
        }
        syncFolder(of: path)
    }

    /// Replaces the file's content at once.
    ///
    /// - Parameter erasing: Whether the old content is overwritten afterwards. File systems that write elsewhere (copy on write, flash)
    ///   may keep it all the same.
    static func replace(_ path: String, _ bytes: [UInt8], erasing: Bool = false) throws {
        let old = erasing ? open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1
        defer { if old >= 0 { close(old) } }
        let draft = try writeDraft(beside: path, bytes)
        guard rename(draft, path) == 0 else {
            let code = errno
            unlink(draft)
            throw problem(path, "cannot be replaced: \(reason(code))")
        }
        syncFolder(of: path)
        if old >= 0 { try erase(old, path) }
    }

    /// Puts a prepared file in the place of another.
    static func move(_ path: String, to target: String, erasing: Bool) throws {
        let old = erasing ? open(target, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1
        defer { if old >= 0 { close(old) } }
        guard rename(path, target) == 0 else { throw problem(target, "cannot be replaced: \(reason(errno))") }
        syncFolder(of: target)
        if old >= 0 { try erase(old, target) }
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw problem(path, "cannot be removed: \(reason(errno))") }
        syncFolder(of: path)
    }

    /// Overwrites a file that no name leads to any more.
    private static func erase(_ file: Int32, _ path: String) throws {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw problem(path, "was replaced, but its old content could not be erased") }
        let zeros = [UInt8](repeating: 0, count: min(1 << 16, max(1, Int(status.st_size))))
        var done = 0
        while done < Int(status.st_size) {
            let count = zeros.withUnsafeBytes { write(file, $0.baseAddress, min(zeros.count, Int(status.st_size) - done)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw problem(path, "was replaced, but its old content could not be erased: \(reason(errno))") }
            done += count
        }
        guard fsync(file) == 0 else { throw problem(path, "was replaced, but its old content could not be erased: \(reason(errno))") }
    }

    private static func writeDraft(beside path: String, _ bytes: [UInt8]) throws -> String {
        let draft = "\(path).\(UInt64.random(in: .min ... .max)).tmp"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw problem(path, "cannot be made: \(reason(errno)); its folder must exist and be writable")
        }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(file, $0.baseAddress?.advanced(by: written), bytes.count - written) }
            if count < 0 {
                if errno == EINTR { continue }
                let code = errno
                unlink(draft)
                throw problem(path, "cannot be written: \(reason(code))")
            }
            written += count
        }
        guard fsync(file) == 0 else {
            let code = errno
            unlink(draft)
            throw problem(path, "cannot be written: \(reason(code))")
        }
        return draft
    }

    private static func readOnce(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(file, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.read(file, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(file, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func problem(_ path: String, _ what: String) -> SealError {
        SealError(.keyUnavailable, reason: "the key file \(path) \(what)")
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
