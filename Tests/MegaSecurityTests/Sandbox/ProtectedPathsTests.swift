// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import MegaCore
import Testing

@testable import MegaSecurity

@Suite("Protected names") struct ProtectedPathsTests {
    private func names(_ folder: ScratchFolder, _ path: String = "") -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path + path)) ?? [])
    }

    @Test("Free names are occupied and given free again") func stubs() throws {
        let folder = try ScratchFolder()
        let protection = try Protection(of: folder.path, names: [".bashrc", "a/b/c"])
        #expect(names(folder) == [".bashrc", "a"])
        #expect(Set(protection.readOnly) == [folder.path + "/.bashrc", folder.path + "/a"])
        protection.release()
        #expect(names(folder).isEmpty)
    }

    @Test("What exists stays as it is, and its folders are anchored") func existing() throws {
        let folder = try ScratchFolder()
        mkdir(folder.path + "/.git", 0o755)
        try folder.write("x", to: ".git/config")
        let protection = try Protection(of: folder.path, names: [".git/config", ".git/hooks"])
        #expect(protection.anchored == [folder.path + "/.git"])
        #expect(names(folder, "/.git") == ["config", "hooks"])
        protection.release()
        #expect(names(folder, "/.git") == ["config"])
        #expect(folder.read(".git/config") == Array("x".utf8))
    }

    @Test("What a crash left behind is taken over and removed by the next run") func crash() throws {
        let folder = try ScratchFolder()
        do {
            // The locks go with the values, as they do with a process; nothing is released.
            _ = try Protection(of: folder.path, names: [".bashrc", ".vscode"])
        }
        #expect(names(folder) == [".bashrc", ".vscode"])
        let next = try Protection(of: folder.path, names: [".bashrc", ".vscode"])
        #expect(next.stubs.count == 2)
        next.release()
        #expect(names(folder).isEmpty)
    }

    @Test("What a crash left behind can be removed at the start; what is in use or a person's own stays") func leftovers() throws {
        let folder = try ScratchFolder()
        do { _ = try Protection(of: folder.path, names: [".bashrc", "a/b", ".vscode"]) }
        mkdir(folder.path + "/.ssh", 0o555)
        let inUse = try Protection(of: folder.path, names: [".vscode"])
        Protection.removeLeftovers(in: folder.path, names: [".bashrc", "a/b", ".vscode", ".ssh", "/elsewhere", ".."])
        #expect(names(folder) == [".vscode", ".ssh"])
        inUse.release()
        #expect(names(folder) == [".ssh"])
    }

    @Test("A stub stays while another command needs it") func shared() throws {
        let folder = try ScratchFolder()
        let first = try Protection(of: folder.path, names: [".bashrc"])
        let second = try Protection(of: folder.path, names: [".bashrc"])
        first.release()
        #expect(names(folder) == [".bashrc"])
        second.release()
        #expect(names(folder).isEmpty)
    }

    @Test("Many at once neither lose a stub too early nor leave one") func concurrent() async throws {
        let folder = try ScratchFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        try await Blocking.run {
                            let protection = try Protection(of: folder.path, names: [".bashrc", ".git/hooks"])
                            #expect(protection.readOnly.allSatisfy { access($0, F_OK) == 0 })
                            protection.release()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(names(folder).isEmpty)
    }

    @Test("A person's own folder is no stub, empty or not") func ownFolder() throws {
        let folder = try ScratchFolder()
        mkdir(folder.path + "/.vscode", 0o755)
        mkdir(folder.path + "/.idea", 0o555)
        let protection = try Protection(of: folder.path, names: [".vscode", ".idea"])
        protection.release()
        #expect(names(folder) == [".vscode", ".idea"])
    }

    @Test("Links and second names are refused, with what to do") func links() throws {
        let folder = try ScratchFolder()
        symlink("elsewhere", folder.path + "/.bashrc")
        #expect(throws: CommandRunnerError.self) { try Protection(of: folder.path, names: [".profile", ".bashrc"]) }
        // What had been made before the refusal is gone.
        #expect(names(folder) == [".bashrc"])
        try folder.write("x", to: ".envrc")
        link(folder.path + "/.envrc", folder.path + "/other")
        #expect(throws: CommandRunnerError.self) { try Protection(of: folder.path, names: [".envrc"]) }
        #expect(throws: CommandRunnerError.self) { try Protection(of: folder.path, names: ["../x"]) }
        #expect(throws: CommandRunnerError.self) { try Protection(of: folder.path, names: ["a/../../x"]) }
    }

    @Test("Names of another folder are no business of this one") func absolute() throws {
        let folder = try ScratchFolder()
        let protection = try Protection(of: folder.path, names: ["/etc/passwd", folder.path + "/keys"])
        #expect(protection.readOnly == [folder.path + "/keys"])
        protection.release()
    }

    @Test("Files strangers may not read are found, empty ones and open ones are not", .enabled(if: HostPath.isRoot)) func hidden() throws {
        let folder = try ScratchFolder()
        for (name, mode, text) in [("open", 0o644, "x"), ("key", 0o600, "x"), ("group", 0o640, "x"), ("empty", 0o600, "")] as [(String, mode_t, String)] {
            try folder.write(text, to: name)
            chmod("\(folder.path)/\(name)", mode)
        }
        mkdir(folder.path + "/private", 0o700)
        mkdir(folder.path + "/deep", 0o755)
        try folder.write("x", to: "deep/key")
        chmod(folder.path + "/deep/key", 0o400)
        symlink(folder.path + "/key", folder.path + "/link")
        let found = HiddenPlaces.find(in: [(folder.path, 3)]).map { String($0.dropFirst(folder.path.count + 1)) }
        #expect(found == ["deep/key", "group", "key", "private"])
        // What was not reached is hidden whole.
        #expect(HiddenPlaces.find(in: [(folder.path, 3)], mostEntries: 1).contains(folder.path + "/deep"))
    }
}
