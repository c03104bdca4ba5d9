// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writing through file descriptors.
enum FileBytes {
    /// Writes everything or calls `fail`, which throws.
    static func write(_ bytes: [UInt8], to descriptor: CInt, orElse fail: () throws -> Void) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                guard let base = raw.baseAddress else { return 0 }
                #if canImport(Glibc)
                return Glibc.write(descriptor, base + done, raw.count - done)
                #else
                return Darwin.write(descriptor, base + done, raw.count - done)
                #endif
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return try fail() }
            done += count
        }
    }

    /// Makes a rename or a new file in the folder of `path` durable.
    static func syncFolder(of path: String) -> Bool {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
