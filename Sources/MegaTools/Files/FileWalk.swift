// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One thing found in a folder.
struct FileEntry {
    enum Kind { case file, folder, link, other }

    var components: [String]
    var kind: Kind
    var size: Int

    func line(relativeTo base: [String]) -> String {
        let path = components.dropFirst(base.count).joined(separator: "/")
        return switch kind {
        case .folder: path + "/"
        case .file: "\(path)  \(size) bytes"
        case .link: "\(path)  (symbolic link, not followed)"
        case .other: "\(path)  (no regular file)"
        }
    }
}

/// Walks a folder, and those below when asked, through descriptors only.
struct FileWalk {
    let workspace: Workspace
    let limits: FileLimits
    var isRecursive: Bool
    /// True when something was left out because of a limit.
    private(set) var isCut = false
    private var visited = 0

    private static let deepest = 32

    init(workspace: Workspace, limits: FileLimits, isRecursive: Bool) {
        self.workspace = workspace
        self.limits = limits
        self.isRecursive = isRecursive
    }

    /// Calls `body` for every entry with the descriptor of its folder, until it returns false.
    mutating func visit(_ components: [String], _ body: (FileEntry, borrowing Descriptor) throws -> Bool) throws {
        let folder = try workspace.folder(components)
        _ = try visit(folder, components, depth: 0, body)
    }

    private mutating func visit(
        _ folder: borrowing Descriptor, _ components: [String], depth: Int, _ body: (FileEntry, borrowing Descriptor) throws -> Bool
    ) throws -> Bool {
        let (names, cut) = try folder.names(limit: limits.searchEntries)
        if cut { isCut = true }
        for name in names.sorted() {
            visited += 1
            guard visited <= limits.searchEntries else {
                isCut = true
                return false
            }
            var status = stat()
            // Gone since the listing.
            guard fstatat(folder.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            let kind: FileEntry.Kind =
                switch status.st_mode & S_IFMT {
                case S_IFREG: .file
                case S_IFDIR: .folder
                case S_IFLNK: .link
                default: .other
                }
            let entry = FileEntry(components: components + [name], kind: kind, size: Int(status.st_size))
            guard try body(entry, folder) else { return false }
            guard isRecursive, kind == .folder else { continue }
            guard depth < Self.deepest else {
                isCut = true
                continue
            }
            let raw = openat(folder.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            // Replaced, gone or not readable: left out, as a listing would.
            guard raw >= 0 else { continue }
            guard try visit(Descriptor(raw), entry.components, depth: depth + 1, body) else { return false }
        }
        return true
    }
}
