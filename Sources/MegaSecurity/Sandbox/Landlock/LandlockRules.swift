// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What Landlock is told: rights for whole folders and nothing else (landlock(7), linux/landlock.h).
struct LandlockRules: Sendable {
    /// Rights on files, by bit.
    enum Access {
        static let execute: UInt64 = 1 << 0
        static let writeFile: UInt64 = 1 << 1
        static let readFile: UInt64 = 1 << 2
        static let readFolder: UInt64 = 1 << 3
        static let makeDevices: UInt64 = 1 << 6 | 1 << 11
        /// From version 2 on: moving and linking between folders.
        static let refer: UInt64 = 1 << 13
        /// From version 3 on.
        static let truncate: UInt64 = 1 << 14
        /// From version 5 on.
        static let deviceControl: UInt64 = 1 << 15

        static let read = execute | readFile | readFolder

        /// Everything a version knows.
        static func all(_ version: Int) -> UInt64 {
            var bits: UInt64 = (1 << 13) - 1
            if version >= 2 { bits |= refer }
            if version >= 3 { bits |= truncate }
            if version >= 5 { bits |= deviceControl }
            return bits
        }
    }

    /// Devices without a state of their own.
    static let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]
    /// What programs ask about the machine; nothing about processes.
    static let machine = [
        "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version", "/proc/filesystems", "/proc/loadavg", "/proc/uptime",
        "/sys/devices/system/cpu",
    ]

    /// The kernel's version of Landlock; 0 for none.
    var version: Int
    /// Nobody reads these.
    var hidden: [String]
    var readable: [String]

    /// A rule set for one command, to be given to its process.
    func make(writable: [String]) throws -> Descriptor {
        let all = Access.all(version)
        let rules = try Descriptor(
            owning: mega_landlock_create(all, version >= 4 ? 0b11 : 0, version >= 6 ? 0b11 : 0))
        for folder in readable { try allowReading(folder, rules) }
        for path in Self.machine where HostPath.kind(path) != .missing { try allow(path, Access.readFile | Access.readFolder, rules) }
        for path in Self.devices where HostPath.kind(path) != .missing {
            try allow(path, (Access.readFile | Access.writeFile | Access.truncate) & all, rules)
        }
        for folder in writable {
            if let inside = hidden.first(where: { BubblewrapArguments.contains(folder, $0) && HostPath.kind($0) != .missing }) {
                throw CommandRunnerError(
                    .sandboxUnavailable,
                    reason: "\(inside) cannot be hidden inside the writable folder \(folder) without bubblewrap. Move one of them.")
            }
            try allow(folder, all & ~Access.makeDevices & ~Access.deviceControl, rules)
        }
        return rules
    }

    /// Allows a folder, or, when something in it is hidden, everything in it but that.
    private func allowReading(_ path: String, _ rules: Descriptor, depth: Int = 0) throws {
        guard !hidden.contains(where: { BubblewrapArguments.contains($0, path) }) else { return }
        guard hidden.contains(where: { BubblewrapArguments.contains(path, $0) }) else { return try allow(path, Access.read, rules) }
        guard depth < 16, let handle = opendir(path) else { return }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            guard name != ".", name != ".." else { continue }
            let child = path + "/" + name
            // A link has no rights of its own; where it leads has.
            if HostPath.link(child) == nil { try allowReading(child, rules, depth: depth + 1) }
        }
    }

    private func allow(_ path: String, _ access: UInt64, _ rules: Descriptor) throws {
        let result = mega_landlock_allow(rules.number, path, access)
        // What has gone meanwhile needs no rule.
        guard result == 0 || result == -ENOENT else { throw SystemError(-result) }
    }
}
