// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files and folders nobody else may read.
enum PrivateFiles {
    /// What stands at a path.
    struct Status {
        var isDirectory: Bool
        /// The permission bits.
        var mode: UInt32
        var isOwn: Bool
        /// Whether others may read or change it.
        var isExposed: Bool { mode & 0o077 != 0 }
    }

    static func status(_ path: String) -> Status? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return Status(
            isDirectory: information.st_mode & S_IFMT == S_IFDIR, mode: UInt32(information.st_mode & 0o7777),
            isOwn: information.st_uid == geteuid())
    }

    /// Makes a folder, mode 0700, and its parents. True when it was not there.
    @discardableResult
    static func makeDirectory(_ path: String, mode: UInt32 = 0o700) throws -> Bool {
        if let status = status(path) {
            guard status.isDirectory else { throw Complaint("\(path) is a file where a folder has to be.", mend: "Move it, or choose another path.") }
            return false
        }
        let parent = Paths.directory(of: path)
        if parent != path, status(parent) == nil { try makeDirectory(parent, mode: mode) }
        guard mkdir(path, mode_t(mode)) == 0 || errno == EEXIST else {
            throw Complaint("the folder \(path) cannot be made: \(reason())", mend: "Make it yourself, or choose a place you may write to.")
        }
        return true
    }

    /// Writes a new file, mode 0600, whole or not at all. False when there is one already; it is left alone then.
    static func create(_ path: String, _ content: String) throws -> Bool {
        let draft = path + ".\(getpid()).tmp"
        try write(draft, content)
        defer { unlink(draft) }
        if link(draft, path) == 0 { return true }
        if errno == EEXIST { return false }
        throw Complaint("\(path) cannot be written: \(reason())", mend: "Check that its folder is yours and the disk is not full.")
    }

    /// Writes a file, mode 0600, in the place of what was there.
    static func replace(_ path: String, _ content: String) throws {
        let draft = path + ".\(getpid()).tmp"
        try write(draft, content)
        guard rename(draft, path) == 0 else {
            let text = reason()
            unlink(draft)
            throw Complaint("\(path) cannot be written: \(text)")
        }
    }

    /// Writes bytes to a file, mode 0600, in the place of what was there.
    static func replace(_ path: String, bytes: [UInt8]) throws {
        let draft = path + ".\(getpid()).tmp"
        try write(draft, bytes)
        guard rename(draft, path) == 0 else {
            let text = reason()
            unlink(draft)
            throw Complaint("\(path) cannot be written: \(text)")
        }
    }

    /// The text of a small file, or nil when there is none.
    ///
    /// - Throws: ``Complaint`` when it cannot be read, or others may read it.
    static func read(_ path: String) throws -> String? {
        guard let status = status(path) else { return nil }
        if status.isExposed { throw Complaint("\(path) may be read by other users.", mend: "Run: chmod 600 \(path)") }
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
            throw Complaint("\(path) cannot be read.", mend: "Check its owner and mode.")
        }
        return text
    }

    static func remove(_ path: String) { unlink(path) }

    private static func write(_ path: String, _ content: String) throws { try write(path, Array(content.utf8)) }

    private static func write(_ path: String, _ bytes: [UInt8]) throws {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw Complaint("\(path) cannot be written: \(reason())", mend: "Check that its folder is yours and not read-only.")
        }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in put(file, UnsafeRawBufferPointer(rebasing: buffer[written...])) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let text = reason()
                unlink(path)
                throw Complaint("\(path) cannot be written: \(text)")
            }
            written += count
        }
        fsync(file)
    }

    private static func put(_ file: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.write(file, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        Musl.write(file, bytes.baseAddress, bytes.count)
        #else
        Darwin.write(file, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}
