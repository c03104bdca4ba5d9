// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The control groups this process may make groups in, of either version, found by trying (cgroups(7)).
struct ControlGroups: Sendable {
    /// A folder a group can be made in, and what it then limits.
    struct Place: Sendable, Hashable {
        var folder: String
        var limitsProcesses: Bool
        var limitsMemory: Bool
        var isUnified: Bool
    }

    /// How folders of groups are made and removed: the kernel fills a new one with files and removes it with them. Tests stand in for it.
    struct Kernel: Sendable {
        var make: @Sendable (String) -> CInt = { mkdir($0, 0o755) }
        var remove: @Sendable (String) -> CInt = { rmdir($0) }
        /// As in /proc/self/mountinfo.
        var mounts: @Sendable () -> String = { SmallText.read("/proc/self/mountinfo", limit: 1 << 20) ?? "" }
        /// As in /proc/self/cgroup.
        var membership: @Sendable () -> String = { SmallText.read("/proc/self/cgroup", limit: 1 << 16) ?? "" }
    }

    let places: [Place]
    var kernel = Kernel()
    var limitsProcesses: Bool { places.contains(where: \.limitsProcesses) }
    var limitsMemory: Bool { places.contains(where: \.limitsMemory) }

    private static let prefix = "megabot-"
    private static let counter = Atomic<Int>(0)

    /// Tries every place there may be, and removes groups of processes that are gone.
    static func probe(_ kernel: Kernel = Kernel()) -> ControlGroups {
        var found: [Place] = []
        for candidate in candidates(kernel) {
            let isNeeded =
                candidate.limitsProcesses && !found.contains(where: \.limitsProcesses)
                || candidate.limitsMemory && !found.contains(where: \.limitsMemory)
            guard isNeeded, let place = works(candidate, kernel) else { continue }
            removeLeftovers(in: place.folder, kernel)
            found.append(place)
        }
        return ControlGroups(places: found, kernel: kernel)
    }

    /// A group for one command.
    func make(processes: Int, memory: Int) throws -> RunGroup? {
        guard !places.isEmpty else { return nil }
        var made: [String] = []
        do {
            var entries: [Descriptor] = []
            for place in places {
                let folder = "\(place.folder)/\(Self.name())"
                guard kernel.make(folder) == 0 else { throw SystemError(errno) }
                made.append(folder)
                // The sandbox's own three processes are within the number.
                if place.limitsProcesses { try Self.write("\(max(1, processes) + 3)", to: "\(folder)/pids.max") }
                if place.limitsMemory {
                    try Self.write("\(max(16 << 20, memory))", to: "\(folder)/\(place.isUnified ? "memory.max" : "memory.limit_in_bytes")")
                    // Swap would be memory by another name. The file is absent where swap is not counted.
                    let swap = place.isUnified ? ("memory.swap.max", "0") : ("memory.swappiness", "0")
                    if access("\(folder)/\(swap.0)", W_OK) == 0 { try Self.write(swap.1, to: "\(folder)/\(swap.0)") }
                }
                entries.append(try Descriptor.open("\(folder)/cgroup.procs", O_WRONLY))
            }
            return RunGroup(folders: made, entries: entries, removeFolder: kernel.remove)
        } catch {
            for folder in made { _ = kernel.remove(folder) }
            throw error
        }
    }

    // MARK: - Finding

    private static func candidates(_ kernel: Kernel) -> [Place] {
        let mounts = kernel.mounts().split(separator: "\n").compactMap(Mount.init)
        let own = kernel.membership().split(separator: "\n").compactMap { line -> (String, String)? in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 ? (String(parts[1]), String(parts[2])) : nil
        }
        var result: [Place] = []
        for mount in mounts where mount.type == "cgroup2" {
            guard let path = own.first(where: { $0.0.isEmpty })?.1, let inside = mount.place(of: path) else { continue }
            // The own group, the one above it (where a service manager delegated that), and the root.
            let above = inside.split(separator: "/").dropLast().joined(separator: "/")
            for place in ["\(mount.point)\(inside)", "\(mount.point)/\(above)", mount.point] {
                let folder = place.hasSuffix("/") ? String(place.dropLast()) : place
                if !result.contains(where: { $0.folder == folder }) {
                    result.append(Place(folder: folder, limitsProcesses: true, limitsMemory: true, isUnified: true))
                }
            }
        }
        for mount in mounts where mount.type == "cgroup" {
            for (controllers, path) in own where Set(controllers.split(separator: ",")) == Set(mount.options.filter(controllers.split(separator: ",").contains)) {
                let names = controllers.split(separator: ",")
                let (pids, memory) = (names.contains("pids"), names.contains("memory"))
                guard pids || memory, let inside = mount.place(of: path) else { continue }
                let folder = inside == "/" ? mount.point : mount.point + inside
                result.append(Place(folder: folder, limitsProcesses: pids, limitsMemory: memory, isUnified: false))
            }
        }
        return result
    }

    private struct Mount {
        var root: String
        var point: String
        var type: Substring
        var options: [Substring]

        /// A line of mountinfo: the fields after “-” are type, source and options of the file system (proc(5)).
        init?(_ line: Substring) {
            let fields = line.split(separator: " ")
            guard fields.count >= 10, let dash = fields.firstIndex(of: "-"), fields.count > dash + 3 else { return nil }
            (root, point, type) = (String(fields[3]), String(fields[4]), fields[dash + 1])
            options = fields[dash + 3].split(separator: ",")
        }

        /// Where a group lies below the mount point.
        func place(of group: String) -> String? {
            if root == "/" { return group }
            guard BubblewrapArguments.contains(root, group) else { return nil }
            let rest = String(group.dropFirst(root.utf8.count))
            return rest.isEmpty ? "/" : rest
        }
    }

    /// Makes a group to see what it limits.
    private static func works(_ candidate: Place, _ kernel: Kernel) -> Place? {
        guard access(candidate.folder, W_OK) == 0 else { return nil }
        let trial = "\(candidate.folder)/\(name())"
        guard kernel.make(trial) == 0 else { return nil }
        defer { _ = kernel.remove(trial) }
        var place = candidate
        place.limitsProcesses = candidate.limitsProcesses && access("\(trial)/pids.max", W_OK) == 0
        place.limitsMemory =
            candidate.limitsMemory && access("\(trial)/\(candidate.isUnified ? "memory.max" : "memory.limit_in_bytes")", W_OK) == 0
        guard place.limitsProcesses || place.limitsMemory, access("\(trial)/cgroup.procs", W_OK) == 0 else { return nil }
        return place
    }

    /// Names carry the process and when it started, so that a number used again is told apart.
    private static func name() -> String {
        "\(prefix)\(getpid())-\(startTime(of: getpid()) ?? "0")-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
    }

    private static func startTime(of pid: pid_t) -> Substring? {
        guard let text = SmallText.read("/proc/\(pid)/stat", limit: 4096), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? fields[19] : nil
    }

    private static func removeLeftovers(in folder: String, _ kernel: Kernel) {
        guard let handle = opendir(folder) else { return }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } })
        }
        for name in names where name.hasPrefix(prefix) {
            let parts = name.dropFirst(prefix.count).split(separator: "-")
            guard parts.count == 3, let pid = pid_t(parts[0]), startTime(of: pid) != parts[1] else { continue }
            RunGroup(folders: ["\(folder)/\(name)"], entries: [], removeFolder: kernel.remove).remove()
        }
    }

    private static func write(_ text: String, to path: String) throws(SystemError) {
        let file = try Descriptor.open(path, O_WRONLY)
        try file.write(text.utf8)
    }
}
