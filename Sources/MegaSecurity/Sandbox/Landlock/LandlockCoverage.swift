// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import MegaCore

/// What a version of Landlock, with the rest around it, can do.
enum LandlockCoverage {
    /// What this kernel speaks; 0 for none. Asked for by the call, for the list of security modules may not be mounted.
    static var kernelVersion: Int { Int(mega_landlock_version()) }

    static func report(version: Int, groups: ControlGroups, identity: CommandIdentity?, failed: [String]) -> SandboxCoverage {
        let isRoot = (identity?.user ?? HostPath.user) == 0
        var coverage = SandboxCoverage([
            .fileReads: .applied("Landlock \(version): the system's own files and chosen folders; that a file exists can be asked"),
            .fileWrites: version >= 3
                ? .applied("Landlock \(version): the chosen folders") : .notAvailable("files can be truncated before Landlock 3 (Linux 6.2)"),
            .protectedPaths: .notAvailable("Landlock allows whole folders only; install bubblewrap"),
            .network: .applied("no sockets of the network" + (version >= 4 ? ", and no TCP by Landlock" : "")),
            .destinations: .notAvailable("there is no network namespace; install bubblewrap"),
            .processes: version >= 6
                ? .applied("no signals, no tracing, no /proc; the process group is killed whole")
                : .notAvailable("other processes can be signalled before Landlock 6 (Linux 6.12)"),
            .namespaces: .applied("no capabilities, no new privileges, no namespaces inside"),
            .systemCalls: .applied("a filter of system calls, stricter for want of namespaces"),
            .limits: .applied("processor time, address space, file size, descriptors, no core files"),
            .environment: .applied("built from nothing"), .descriptors: .applied("standard input, output and error only"),
            .totalMemory: groups.limitsMemory
                ? .applied("a control group for each command") : .notAvailable("the memory control group cannot be used"),
        ])
        if groups.limitsProcesses {
            coverage[.processCount] = .applied("a control group for each command")
        } else if isRoot {
            coverage[.processCount] = .notAvailable("root is bound by no limit, and the pids control group cannot be used; run as an ordinary user")
        } else {
            coverage[.processCount] = .applied("a limit of the user's processes")
        }
        for control in SandboxCoverage.Control.allCases where failed.contains(control.rawValue) {
            coverage[control] = .notAvailable("it was tried and does not hold")
        }
        return coverage
    }
}
