// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#endif
import Testing

@testable import MegaSecurity

/// A tree of control groups of version 2 in ordinary files: a new group has the files of the controllers its parent hands down
/// (`cgroup.subtree_control`), and goes with them.
private struct UnifiedTree {
    let folder: ScratchFolder
    var root: String { folder.path + "/tree" }

    init() throws {
        folder = try ScratchFolder(in: "/tmp")
        try make("", handsDown: "")
    }

    func make(_ group: String, handsDown controllers: String) throws {
        mkdir(root + group, 0o755)
        for (name, text) in [("cgroup.procs", ""), ("cgroup.subtree_control", controllers)] { try folder.write(text, to: "tree\(group)/\(name)") }
    }

    func kernel(own: String, rootOfMount: String = "/", isReadOnly: Bool = false) -> ControlGroups.Kernel {
        let root = root
        var kernel = ControlGroups.Kernel()
        kernel.mounts = {
            """
            22 1 254:0 / / rw - ext4 /dev/vda rw
            31 22 0:27 \(rootOfMount) \(root) rw,nosuid,nodev,noexec - cgroup2 cgroup2 rw,nsdelegate
            """
        }
        kernel.membership = { "0::\(own)\n" }
        kernel.make = { folder in
            guard !isReadOnly else {
                errno = EROFS
                return -1
            }
            guard mkdir(folder, 0o755) == 0 else { return -1 }
            let parent = folder.split(separator: "/").dropLast().joined(separator: "/")
            let down = SmallText.read("/\(parent)/cgroup.subtree_control", limit: 100) ?? ""
            var files = ["cgroup.procs", "cgroup.kill", "cgroup.subtree_control"]
            if down.contains("pids") { files.append("pids.max") }
            if down.contains("memory") { files += ["memory.max", "memory.swap.max"] }
            for file in files { close(open("\(folder)/\(file)", O_WRONLY | O_CREAT, 0o644)) }
            return 0
        }
        kernel.remove = { folder in
            for file in ["cgroup.procs", "cgroup.kill", "cgroup.subtree_control", "pids.max", "memory.max", "memory.swap.max"] {
                unlink("\(folder)/\(file)")
            }
            return rmdir(folder)
        }
        return kernel
    }

    func groups(in group: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + group).filter { $0.hasPrefix("megabot-") }
    }
}

@Suite("Control groups of version 2, in a tree of files that behaves like the kernel's") struct ControlGroupTests {
    @Test("A group is made where the controllers are handed down, gets its limits, is killed as a whole and removed") func limits() throws {
        let tree = try UnifiedTree()
        try tree.make("/bot", handsDown: "cpu memory pids")
        let groups = ControlGroups.probe(tree.kernel(own: "/bot"))
        #expect(groups.places == [.init(folder: tree.root + "/bot", limitsProcesses: true, limitsMemory: true, isUnified: true)])
        let group = try #require(try groups.make(processes: 20, memory: 100 << 20))
        let folder = try #require(group.folders.first)
        func text(_ file: String) -> String? { SmallText.read("\(folder)/\(file)", limit: 100) }
        // The sandbox's own three processes are within the number; swap is none.
        #expect(text("pids.max") == "23" && text("memory.max") == "\(100 << 20)" && text("memory.swap.max") == "0")
        #expect(group.entries.count == 1)
        try group.entries[0].write("0".utf8)
        #expect(text("cgroup.procs") == "0")
        group.killAll()
        #expect(text("cgroup.kill") == "1")
        group.remove()
        #expect(try tree.groups(in: "/bot").isEmpty)
        // Too little memory to start a program is not asked for.
        let small = try #require(try groups.make(processes: 0, memory: 1))
        #expect(SmallText.read(small.folders[0] + "/memory.max", limit: 100) == "\(16 << 20)")
        #expect(SmallText.read(small.folders[0] + "/pids.max", limit: 100) == "4")
        small.remove()
    }

    @Test("Where the own group hands nothing down, the one above is taken; what is not handed down is not claimed") func places() throws {
        let tree = try UnifiedTree()
        try tree.make("/service", handsDown: "pids")
        try tree.make("/service/main", handsDown: "")
        var groups = ControlGroups.probe(tree.kernel(own: "/service/main"))
        #expect(groups.places == [.init(folder: tree.root + "/service", limitsProcesses: true, limitsMemory: false, isUnified: true)])
        #expect(groups.limitsProcesses && !groups.limitsMemory)
        let group = try #require(try groups.make(processes: 5, memory: 1 << 30))
        #expect(SmallText.read(group.folders[0] + "/pids.max", limit: 100) == "8")
        group.remove()
        // Memory from the root, since the others do not hand it down.
        try tree.make("", handsDown: "memory")
        groups = ControlGroups.probe(tree.kernel(own: "/service/main"))
        #expect(groups.places.map(\.folder) == [tree.root + "/service", tree.root] && groups.limitsMemory)
        #expect(try tree.groups().isEmpty && tree.groups(in: "/service").isEmpty && tree.groups(in: "/service/main").isEmpty)
    }

    @Test("In a container the own group is the mount's root; a group outside the mount is none") func containers() throws {
        let tree = try UnifiedTree()
        try tree.make("", handsDown: "pids memory")
        #expect(ControlGroups.probe(tree.kernel(own: "/")).places.map(\.folder) == [tree.root])
        #expect(ControlGroups.probe(tree.kernel(own: "/docker/abc", rootOfMount: "/docker/abc")).places.map(\.folder) == [tree.root])
        #expect(ControlGroups.probe(tree.kernel(own: "/other", rootOfMount: "/docker/abc")).places.isEmpty)
    }

    @Test("Nothing is claimed where nothing is handed down, nothing can be made, or there is no mount") func nothing() throws {
        let tree = try UnifiedTree()
        #expect(ControlGroups.probe(tree.kernel(own: "/")).places.isEmpty)
        try tree.make("", handsDown: "pids memory")
        #expect(ControlGroups.probe(tree.kernel(own: "/", isReadOnly: true)).places.isEmpty)
        var none = tree.kernel(own: "/")
        none.mounts = { "22 1 254:0 / / rw - ext4 /dev/vda rw\nnonsense\n" }
        let groups = ControlGroups.probe(none)
        #expect(groups.places.isEmpty)
        #expect(try groups.make(processes: 1, memory: 1 << 30) == nil)
    }

    @Test("Groups of a process that is gone are removed, others stay") func leftovers() throws {
        let tree = try UnifiedTree()
        try tree.make("", handsDown: "pids memory")
        let kernel = tree.kernel(own: "/")
        let running = try #require(try ControlGroups.probe(kernel).make(processes: 1, memory: 1 << 30))
        for name in ["megabot-4194303-1-1", "megabot-notes"] { #expect(kernel.make(tree.root + "/" + name) == 0) }
        _ = ControlGroups.probe(kernel)
        let own = running.folders[0].split(separator: "/").last.map(String.init)
        #expect(try Set(tree.groups()) == Set(["megabot-notes", own].compactMap(\.self)))
        running.remove()
    }

    @Test("A limit that the kernel does not take fails the start and leaves nothing") func refusedLimit() throws {
        let tree = try UnifiedTree()
        try tree.make("", handsDown: "pids memory")
        var groups = ControlGroups.probe(tree.kernel(own: "/"))
        // The controller was taken away after the trial.
        try tree.make("", handsDown: "memory")
        #expect(throws: SystemError.self) { try groups.make(processes: 1, memory: 1 << 30) }
        #expect(try tree.groups().isEmpty)
        groups.kernel.make = { _ in
            errno = EBUSY
            return -1
        }
        #expect(throws: SystemError.self) { try groups.make(processes: 1, memory: 1 << 30) }
    }
}
