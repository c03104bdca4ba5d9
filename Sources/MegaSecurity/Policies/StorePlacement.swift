// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Sees to it that nothing a tool can write holds, or lies in, what decides about tools.
///
/// Links are followed, and folders are compared as the system knows them (device and number), so that a second name, a link or a bind
/// mount of the same folder does not help.
public enum StorePlacement {
    /// Refuses a placement in which a tool could reach a store.
    ///
    /// - Parameters:
    ///   - stores: Absolute paths of files and folders that rules, approvals, keys and the audit lie in; need not exist yet.
    ///   - writable: Absolute folders tools can write, such as the workspace and the sandbox's writable folders.
    /// - Throws: ``PolicyError`` (misplaced) with both paths.
    public static func check(stores: [String], writable: [String]) throws {
        for folder in writable {
            let inside = chain(folder)
            for store in stores {
                let above = chain(store)
                if let place = inside.first, above.contains(place) {
                    throw PolicyError(.misplaced, reason: "\(store) lies in \(folder), which tools can write. Move one of them.")
                }
                if let place = above.first, isFolder(store), inside.contains(place) {
                    throw PolicyError(.misplaced, reason: "\(folder), which tools can write, lies in \(store). Move one of them.")
                }
                var status = stat()
                if lstat(store, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink > 1 {
                    throw PolicyError(.misplaced, reason: "\(store) has a second name (hard link). Find it with `find -samefile` and remove it.")
                }
            }
        }
    }

    private struct Place: Hashable {
        var path: String
        var device: UInt64
        var number: UInt64

        /// What exists is the same when the system says so; the rest goes by its path.
        static func == (left: Place, right: Place) -> Bool {
            left.number != 0 || right.number != 0 ? left.device == right.device && left.number == right.number : left.path == right.path
        }

        func hash(into hasher: inout Hasher) { hasher.combine(number) }
    }

    /// The place and all folders above it, the links in them followed.
    private static func chain(_ path: String) -> [Place] {
        // What is not there yet will be made in the deepest folder that is.
        var existing = path
        var missing: [Substring] = []
        var real = RealPath.of(existing)
        while real == nil, existing != "/", let slash = existing.lastIndex(of: "/") {
            missing.insert(existing[existing.index(after: slash)...], at: 0)
            existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
            real = RealPath.of(existing)
        }
        var current = ([real == "/" ? "" : real ?? existing] + missing.filter { !$0.isEmpty && $0 != "." }.map(String.init)).joined(separator: "/")
        if current.isEmpty { current = "/" }
        var result: [Place] = []
        while true {
            result.append(place(current))
            guard current != "/", let slash = current.lastIndex(of: "/") else { return result }
            current = slash == current.startIndex ? "/" : String(current[..<slash])
        }
    }

    private static func place(_ path: String) -> Place {
        var status = stat()
        guard stat(path, &status) == 0 else { return Place(path: path, device: 0, number: 0) }
        return Place(path: path, device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFDIR
    }
}
