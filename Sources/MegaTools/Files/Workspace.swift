// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One folder of the host, and nothing outside it.
///
/// Every path is walked component by component from the root's own descriptor, and no component may be a link, so that neither
/// `..` nor a link, also one put there in the middle of the walk, leads outside. What was opened is what is used: checks are made on
/// the descriptor, never on the path again.
final class Workspace: Sendable {
    /// Absolute, links followed.
    let root: String
    private let device: UInt64
    private let inode: UInt64

    init(root: String) throws {
        guard let pointer = realpath(root, nil) else { throw SystemError.current("open the workspace", root) }
        defer { free(pointer) }
        self.root = String(cString: pointer)
        let descriptor = Descriptor(open(self.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        guard descriptor.raw >= 0 else { throw SystemError.current("open the workspace", root) }
        let status = try descriptor.status()
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Splits a path given by the model: relative to the root, or absolute below it.
    func components(_ path: String) throws -> [String] {
        guard !path.utf8.contains(0), path.utf8.count <= 4096 else {
            throw FileToolError(.outsideWorkspace, reason: "The path contains a NUL character or is longer than 4,096 bytes.")
        }
        var relative = path[...]
        if path.hasPrefix("/") {
            guard path == root || path.hasPrefix(root == "/" ? "/" : root + "/") else {
                throw FileToolError(.outsideWorkspace, reason: "“\(path)” lies outside the workspace \(root). Give a path relative to the workspace.")
            }
            relative = path.dropFirst(root.count)
        }
        var result: [String] = []
        for part in relative.split(separator: "/") where part != "." {
            guard part != ".." else {
                throw FileToolError(.outsideWorkspace, reason: "“\(path)” contains “..”. Give a path that stays inside the workspace.")
            }
            guard part.utf8.count <= 255 else { throw FileToolError(.outsideWorkspace, reason: "A name in the path is longer than 255 bytes.") }
            result.append(String(part))
        }
        return result
    }

    /// The path in the form shown to people: relative, `.` for the root.
    func shown(_ components: [String]) -> String { components.isEmpty ? "." : components.joined(separator: "/") }

    func absolute(_ components: [String]) -> String { ([root == "/" ? "" : root] + components).joined(separator: "/") }

    /// Opens a folder.
    func folder(_ components: [String], creating: Bool = false) throws -> Descriptor {
        var current = Descriptor(open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        guard current.raw >= 0 else { throw SystemError.current("open the workspace", root) }
        let status = try current.status()
        guard UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else {
            throw FileToolError(.workspaceReplaced, reason: "The workspace folder \(root) was replaced. Start again with the new one.")
        }
        for (index, name) in components.enumerated() {
            if creating, mkdirat(current.raw, name, 0o755) != 0, errno != EEXIST {
                throw SystemError.current("make the folder", shown(Array(components[...index])))
            }
            let next = openat(current.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw Self.linkAware(current.raw, name, "open", shown(Array(components[...index]))) }
            current = Descriptor(next)
        }
        return current
    }

    /// Opens a regular file for reading. Devices, pipes and sockets are refused without being opened for real.
    func file(_ components: [String]) throws -> Descriptor {
        guard let name = components.last else { throw FileToolError(.wrongKind, reason: "The workspace itself is a folder.") }
        let parent = try folder(Array(components.dropLast()))
        return try file(name, in: parent, shown: shown(components))
    }

    func file(_ name: String, in parent: borrowing Descriptor, shown: String) throws -> Descriptor {
        // Without O_NONBLOCK the opening of a pipe waits for its other end.
        let raw = openat(parent.raw, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard raw >= 0 else { throw Self.linkAware(parent.raw, name, "open", shown) }
        let descriptor = Descriptor(raw)
        let kind = try descriptor.status().st_mode & S_IFMT
        guard kind == S_IFREG else {
            throw FileToolError(.wrongKind, reason: kind == S_IFDIR ? "“\(shown)” is a folder. Use list_files." : "“\(shown)” is no regular file.")
        }
        return descriptor
    }

    /// Opening a link as a folder says “no folder” on Linux; say what it is.
    private static func linkAware(_ parent: CInt, _ name: String, _ verb: String, _ shown: String) -> FileToolError {
        let number = errno
        var status = stat()
        if number == ENOTDIR || number == ELOOP, fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFLNK {
            return FileToolError(.outsideWorkspace, reason: "“\(shown)” is a symbolic link; links are not followed.")
        }
        errno = number
        return SystemError.current(verb, shown)
    }

    /// Replaces or creates a file as a whole: a new file beside it, made durable, then renamed over it.
    func replace(_ components: [String], with bytes: [UInt8]) throws -> (created: Bool, previousSize: Int) {
        guard let name = components.last else { throw FileToolError(.wrongKind, reason: "The workspace itself is a folder and cannot be written.") }
        let parent = try folder(Array(components.dropLast()), creating: true)
        var status = stat()
        var mode: mode_t = 0o644
        var created = true
        if fstatat(parent.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            created = false
            switch status.st_mode & S_IFMT {
            case S_IFREG: mode = status.st_mode & 0o777
            case S_IFLNK: throw FileToolError(.destinationIsLink, reason: "“\(shown(components))” is a symbolic link; links are not followed.")
            case S_IFDIR: throw FileToolError(.wrongKind, reason: "“\(shown(components))” is a folder.")
            default: throw FileToolError(.wrongKind, reason: "“\(shown(components))” is no regular file.")
            }
        } else if errno != ENOENT {
            throw SystemError.current("write", shown(components))
        }
        var generator = SystemRandomNumberGenerator()
        let temporary = ".\(String(generator.next(), radix: 36)).partial"
        let raw = openat(parent.raw, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw SystemError.current("write", shown(components)) }
        let descriptor = Descriptor(raw)
        var isDone = false
        defer { if !isDone { unlinkat(parent.raw, temporary, 0) } }
        try descriptor.writeAll(bytes)
        guard fchmod(raw, mode) == 0, fsync(raw) == 0, renameat(parent.raw, temporary, parent.raw, name) == 0 else {
            throw SystemError.current("write", shown(components))
        }
        isDone = true
        guard fsync(parent.raw) == 0 else { throw SystemError.current("make durable", shown(components)) }
        return (created, created ? 0 : Int(status.st_size))
    }
}
