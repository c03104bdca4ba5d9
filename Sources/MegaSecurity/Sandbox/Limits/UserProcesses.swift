// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How many threads and processes a user has, which is what RLIMIT_NPROC counts (getrlimit(2)).
enum UserProcesses {
    static func count(of user: UInt32) -> Int {
        guard let handle = opendir("/proc") else { return 0 }
        defer { closedir(handle) }
        var count = 0
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            guard name.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { continue }
            var status = stat()
            guard stat("/proc/\(name)/task", &status) == 0, status.st_uid == user else { continue }
            // Links of a folder count its subfolders, here the threads.
            count += max(1, Int(status.st_nlink) - 2)
        }
        return count
    }
}
