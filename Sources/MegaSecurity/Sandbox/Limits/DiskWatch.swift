// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Sees how much a command has written into its folders, by looking again and again.
///
/// Looking is cheap while the free space has not shrunk by more than the limit. Then the files changed since the start are counted. What
/// was deleted and is still written to is not among them, so shrinking by twice the limit is enough by itself, whoever caused it.
struct DiskWatch {
    /// Between two looks.
    static let interval = Duration.milliseconds(200)
    /// Files counted before the count is taken as exceeded.
    private static let mostEntries = 200_000

    private let limit: UInt64
    private let folders: [(path: String, free: UInt64)]
    private let start: time_t
    private var next = ContinuousClock.now + interval

    init(_ folders: [String], limit: Int) {
        self.limit = UInt64(max(0, limit))
        self.folders = folders.compactMap { path in Self.free(path).map { (path, $0) } }
        start = time(nil) - 1
    }

    /// Whether more than the limit has been written. Looks at most once an interval.
    mutating func isExceeded() -> Bool {
        guard ContinuousClock.now >= next else { return false }
        next = .now + Self.interval
        for (path, free) in folders {
            guard let now = Self.free(path), free > now, free - now > limit else { continue }
            if free - now > 2 * limit { return true }
            if written(in: path) > limit { return true }
            // Somebody else fills the disk; counting again and again would be expensive.
            next = ContinuousClock.now + Self.interval * 10
        }
        return false
    }

    private static func free(_ path: String) -> UInt64? {
        var status = statvfs()
        return statvfs(path, &status) == 0 ? UInt64(status.f_bavail) * UInt64(status.f_frsize) : nil
    }

    private func written(in folder: String) -> UInt64 {
        var sum: UInt64 = 0
        var looked = 0
        var queue = [folder]
        while let place = queue.popLast() {
            guard let handle = opendir(place) else { continue }
            defer { closedir(handle) }
            while let entry = readdir(handle) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
                guard name != ".", name != ".." else { continue }
                looked += 1
                guard looked < Self.mostEntries else { return .max }
                var status = stat()
                guard lstat("\(place)/\(name)", &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    queue.append("\(place)/\(name)")
                } else if status.st_mode & S_IFMT == S_IFREG, Self.changed(status) >= start {
                    sum += UInt64(max(0, status.st_blocks)) * 512
                }
            }
        }
        return sum
    }

    private static func changed(_ status: stat) -> time_t {
        #if canImport(Darwin)
        status.st_ctimespec.tv_sec
        #else
        status.st_ctim.tv_sec
        #endif
    }
}
