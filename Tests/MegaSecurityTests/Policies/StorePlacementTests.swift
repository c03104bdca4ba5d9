// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import MegaCore
import MegaSecurity
import Testing

@Suite("Where stores may lie") struct StorePlacementTests {
    private func folders(_ root: ScratchFolder, _ names: String...) throws {
        for name in names { try FileManager.default.createDirectory(atPath: "\(root.path)/\(name)", withIntermediateDirectories: true) }
    }

    private func refusal(_ stores: [String], _ writable: [String]) -> PolicyError.Code? {
        do { try StorePlacement.check(stores: stores, writable: writable) } catch { return (error as? PolicyError)?.code }
        return nil
    }

    @Test("Beside a writable folder is fine, in it or around it is not") func plain() throws {
        let root = try ScratchFolder(in: "/tmp")
        try folders(root, "desk/sub", "data")
        let desk = root.path + "/desk"
        #expect(refusal([root.path + "/data", root.path + "/data/policies.sealed"], [desk]) == nil)
        #expect(refusal([root.path + "/desk2"], [desk]) == nil)
        #expect(refusal([desk + "/policies.sealed"], [desk]) == .misplaced)
        #expect(refusal([desk + "/not/yet/there"], [desk]) == .misplaced)
        #expect(refusal([desk + "/../desk/p"], [desk]) == .misplaced)
        #expect(refusal([desk], [desk]) == .misplaced)
        #expect(refusal([root.path], [desk]) == .misplaced)
        #expect(refusal([root.path + "/data"], [root.path + "/data/open"]) == .misplaced)
    }

    @Test("Links are followed on both sides, and a second name of the file is found") func links() throws {
        let root = try ScratchFolder(in: "/tmp")
        try folders(root, "work/inner", "data")
        let work = root.path + "/work"
        #expect(symlink(work + "/inner", root.path + "/link") == 0)
        #expect(refusal([root.path + "/link/policies.sealed"], [work]) == .misplaced)
        #expect(symlink(root.path + "/data", root.path + "/other-work") == 0)
        #expect(refusal([root.path + "/data/policies.sealed"], [root.path + "/other-work"]) == .misplaced)
        try root.write("x", to: "data/policies.sealed")
        #expect(refusal([root.path + "/data/policies.sealed"], [work]) == nil)
        #expect(link(root.path + "/data/policies.sealed", work + "/second") == 0)
        #expect(refusal([root.path + "/data/policies.sealed"], [work]) == .misplaced)
        chmod(root.path + "/data/policies.sealed", 0o600)
        #expect(throws: PolicyError.self) { try PolicyFile(path: root.path + "/data/policies.sealed", sealer: TestSealer()).rules() }
    }
}
