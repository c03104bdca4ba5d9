// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

import MegaCore

/// What every file below a folder looked like at a moment, for telling what a command has changed.
///
/// Blocking; run it off the cooperative pool. A change within the tick of the file system's clock in which the snapshot was taken is
/// seen only when it changes size or identity; starting a command takes longer than that.
struct FolderSnapshot: Sendable {
    /// Entries looked at; a folder with more is not compared.
    static let mostEntries = 50_000
    private static let deepest = 64

    private struct Stamp: Sendable, Hashable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        /// Seconds and nanoseconds of the last change of content, then of the last change of any kind, which no program can set.
        var times: [Int]

        init(_ status: stat) {
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            #if canImport(Darwin)
            times = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec, status.st_ctimespec.tv_sec, status.st_ctimespec.tv_nsec]
            #else
            times = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
            #endif
        }
    }

    private var files: [String: Stamp] = [:]
    private var entries = 0

    /// Nil when the folder cannot be looked at as a whole.
    init?(of folder: String) {
        let raw = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        guard visit(Descriptor(raw), folder.hasSuffix("/") ? String(folder.dropLast()) : folder, depth: 0) else { return nil }
    }

    private mutating func visit(_ folder: borrowing Descriptor, _ path: String, depth: Int) -> Bool {
        let names: [String]
        do {
            let (found, isCut) = try folder.names(limit: Self.mostEntries)
            guard !isCut else { return false }
            names = found
        } catch {
            return false
        }
        for name in names {
            entries += 1
            guard entries <= Self.mostEntries else { return false }
            var status = stat()
            guard fstatat(folder.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                // Gone since the listing.
                if errno == ENOENT { continue }
                return false
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                files["\(path)/\(name)"] = Stamp(status)
                continue
            }
            guard depth < Self.deepest else { return false }
            let raw = openat(folder.raw, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard raw >= 0, visit(Descriptor(raw), "\(path)/\(name)", depth: depth + 1) else { return false }
        }
        return true
    }

    /// What was changed between this one and a later one. What was moved counts as removed there and written here.
    func changes(to later: FolderSnapshot) -> FileWrites {
        FileWrites(
            written: later.files.filter { files[$0.key] != $0.value }.keys.sorted(),
            removed: files.keys.filter { later.files[$0] == nil }.sorted())
    }
}
