// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#endif
import ServiceLifecycle

/// Gives back, a little after the start, the memory of code that only the start needed.
struct StartupPages: Service {
    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // why: cancelled means that the daemon stops already
                guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
                Self.giveBack()
            }
            // why: both of its ends mean the same
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    /// Takes the code pages out of the process that were mapped while starting; most are never run again. The kernel maps a page
    /// anew from its cache, in microseconds, when it is run after all. Data is left alone. Does nothing where there is no /proc.
    static func giveBack() {
        #if canImport(Glibc)
        guard let maps = fopen("/proc/self/maps", "r") else { return }
        defer { fclose(maps) }
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), maps) != nil {
            let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .split(separator: " ", omittingEmptySubsequences: true)
            // Private mappings of files with code in them: never written to, so nothing can be lost.
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, let start = UnsafeMutableRawPointer(bitPattern: bounds[0]) else { continue }
            madvise(start, Int(bounds[1] - bounds[0]), MADV_DONTNEED)
        }
        #endif
    }
}
