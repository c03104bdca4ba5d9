// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import MegaCore
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The folder of an audit and its open files. Used from one queue only.
///
/// Files: `audit-000001.log` and so on, `audit.head`, `audit.lock`.
struct AuditFolder {
    let path: String
    private(set) var lock: CInt = -1
    private(set) var log: CInt = -1
    private(set) var head: CInt = -1
    private(set) var fileNumber = 1
    private(set) var size = 0

    static func name(_ number: Int) -> String {
        let digits = String(number)
        return "audit-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".log"
    }

    init(_ path: String) { self.path = path }

    // MARK: - Reading

    /// The numbers of the files there are, rising.
    ///
    /// - Parameter first: Where to begin.
    func files(from first: Int = 1) -> [Int] {
        var result: [Int] = []
        var number = first
        // A gap in the numbers is a deleted file: the files behind it are read as well, and the chain shows the gap.
        while number <= (result.last ?? first) + 64 {
            if access(path + "/" + Self.name(number), F_OK) == 0 { result.append(number) }
            number += 1
        }
        return result
    }

    /// The numbers of the files there are, whatever the first one is: old ones may have been removed in their time.
    func allFiles() -> [Int] {
        guard let names = opendir(path) else { return [] }
        defer { closedir(names) }
        var result: [Int] = []
        while let entry = readdir(names) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasPrefix("audit-"), name.hasSuffix(".log"), let number = Int(name.dropFirst(6).dropLast(4)), Self.name(number) == name
            else { continue }
            result.append(number)
        }
        return result.sorted()
    }

    /// Size and time of the last change; nothing and long ago when it is not there.
    func status(of number: Int) -> (size: Int, changedAt: Date) {
        var status = stat()
        guard stat(path + "/" + Self.name(number), &status) == 0 else { return (0, .distantPast) }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return (Int(status.st_size), Date(timeIntervalSince1970: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9))
    }

    /// Removes the files before one, oldest first.
    func removeFiles(before number: Int) throws {
        for old in allFiles() where old < number {
            guard unlink(path + "/" + Self.name(old)) == 0 || errno == ENOENT else { throw failure("remove \(Self.name(old))") }
        }
    }

    /// Reads a file's records; nil when it is not there.
    func reader(of number: Int, from offset: Int = 0) throws -> AuditFileReader? {
        let name = Self.name(number)
        let descriptor = open(path + "/" + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read \(name)")
        }
        return try AuditFileReader(descriptor: descriptor, from: offset) { failure("read \(name)") }
    }

    func sealedHead() throws -> [UInt8]? {
        guard let bytes = try contents(of: "audit.head", limit: 4096), bytes.count >= 2 else { return nil }
        let length = Int(bytes[0]) << 8 | Int(bytes[1])
        return bytes.count >= 2 + length ? Array(bytes[2..<(2 + length)]) : nil
    }

    /// The bytes of a small file beside the records, at most `limit`; nil when there is none.
    func contents(of name: String, limit: Int) throws -> [UInt8]? {
        let descriptor = open(path + "/" + name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read \(name)")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(limit, 65_536))
        while bytes.count < limit {
            let got = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw failure("read \(name)") }
            if got == 0 { break }
            bytes += buffer[..<got]
        }
        return bytes
    }

    // MARK: - Writing

    mutating func openForWriting() throws {
        lock = open(path + "/audit.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw failure("open the lock") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw AuditError(.inUse, reason: "Another process keeps the audit in \(path). Stop it first.")
        }
        head = open(path + "/audit.head", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard head >= 0 else { throw failure("open the head") }
    }

    /// Goes on in a file, cut to what is sound.
    mutating func useLog(_ number: Int, soundBytes: Int) throws {
        if log >= 0 { close(log) }
        fileNumber = number
        log = open(path + "/" + Self.name(number), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard log >= 0, ftruncate(log, off_t(soundBytes)) == 0, lseek(log, off_t(soundBytes), SEEK_SET) >= 0 else {
            throw failure("open \(Self.name(number))")
        }
        size = soundBytes
        guard FileBytes.syncFolder(of: path + "/x") else { throw failure("make the folder durable") }
    }

    /// Appends and makes durable. On failure the file is as before, or the error says that it is not.
    mutating func append(_ bytes: [UInt8]) throws {
        let before = size
        do {
            try FileBytes.write(bytes, to: log) { throw failure("write") }
            guard fdatasync(log) == 0 else { throw failure("make durable") }
        } catch {
            guard ftruncate(log, off_t(before)) == 0, lseek(log, off_t(before), SEEK_SET) >= 0 else {
                throw AuditError(.damaged, reason: "The audit in \(path) could not be written and not be put back. Check the disk.")
            }
            throw error
        }
        size += bytes.count
    }

    mutating func writeHead(_ sealed: [UInt8]) throws {
        let bytes = [UInt8(truncatingIfNeeded: sealed.count >> 8), UInt8(truncatingIfNeeded: sealed.count)] + sealed
        // One write of less than a disk sector: it is there or it is not.
        guard lseek(head, 0, SEEK_SET) == 0 else { throw failure("write the head") }
        try FileBytes.write(bytes, to: head) { throw failure("write the head") }
        guard fdatasync(head) == 0 else { throw failure("make the head durable") }
    }

    mutating func closeAll() {
        // Said aloud: a child process just being started holds a copy of the descriptor, and closing ours alone would keep the lock.
        if lock >= 0 { flock(lock, LOCK_UN) }
        for descriptor in [log, head, lock] where descriptor >= 0 { close(descriptor) }
        (log, head, lock) = (-1, -1, -1)
    }

    private func failure(_ what: String) -> AuditError {
        let reason = String(cString: strerror(errno))
        return AuditError(.unavailable, reason: "Cannot \(what) in the audit folder \(path): \(reason).")
    }
}
