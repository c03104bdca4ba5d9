// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files of the system that a stranger's account could not read.
///
/// A command runs with the host's user, which may be root or belong to groups. What only the owner or the group may read, such as
/// password hashes, private keys and logs, is none of its business. Empty files hold nothing and are left out.
enum HiddenPlaces {
    /// Where to look, and how deep.
    static let places: [(path: String, depth: Int)] = [("/", 1), ("/etc", 6), ("/var", 3), ("/opt", 2), ("/usr/local", 3)]
    /// Entries looked at before the folders not reached yet are hidden whole.
    static let mostEntries = 20_000

    static func find(in places: [(path: String, depth: Int)] = places, mostEntries: Int = mostEntries) -> [String] {
        var found: [String] = []
        var looked = 0
        var queue = places.map { (path: $0.path, depth: $0.depth) }
        var next = 0
        while next < queue.count {
            let (folder, depth) = queue[next]
            next += 1
            guard looked < mostEntries else {
                if folder != "/", !BubblewrapArguments.alwaysHidden.contains(folder) { found.append(folder) }
                continue
            }
            guard let handle = opendir(folder) else { continue }
            defer { closedir(handle) }
            while let entry = readdir(handle) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name == "." || name == ".." { continue }
                looked += 1
                let path = folder == "/" ? "/" + name : folder + "/" + name
                var status = stat()
                guard lstat(path, &status) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR:
                    if BubblewrapArguments.alwaysHidden.contains(path) { continue }
                    if status.st_mode & 0o005 != 0o005 {
                        if access(path, R_OK) == 0 || access(path, X_OK) == 0 { found.append(path) }
                    } else if depth > 1, folder != "/" {
                        queue.append((path, depth - 1))
                    }
                case S_IFREG where status.st_mode & 0o004 == 0 && status.st_size > 0 && access(path, R_OK) == 0:
                    found.append(path)
                default: break
                }
            }
        }
        return found.sorted()
    }
}
