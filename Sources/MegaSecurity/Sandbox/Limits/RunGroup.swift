// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The groups of one command.
struct RunGroup: Sendable {
    let folders: [String]
    /// Open for entering.
    let entries: [Descriptor]
    var removeFolder: @Sendable (String) -> CInt = { rmdir($0) }

    /// Kills every process in it.
    func killAll() {
        for folder in folders {
            if let switchFile = try? Descriptor.open("\(folder)/cgroup.kill", O_WRONLY), (try? switchFile.write("1".utf8)) != nil { continue }
            for pid in (SmallText.read("\(folder)/cgroup.procs", limit: 1 << 20) ?? "").split(separator: "\n").compactMap({ pid_t($0) }) where pid > 1 {
                kill(pid, SIGKILL)
            }
        }
    }

    /// Kills what is left and removes the groups.
    func remove() {
        for folder in folders {
            for attempt in 0..<200 {
                if removeFolder(folder) == 0 || errno == ENOENT { break }
                if attempt % 10 == 0 { killAll() }
                usleep(1_000)
            }
        }
    }
}
