// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import MegaTesting
import Testing

@testable import MegaSecurity

@Suite("What is known of files")
struct FileLabelTests {
    private static let write = ToolDefinition(
        name: "w", description: "Writes a file.", effects: .writesFiles, isIdempotent: true,
        flow: FlowDeclaration(resultIntegrity: .tool, sensitiveArguments: ["path": .path], contentArguments: ["content"]))
    private static let read = ToolDefinition(name: "r", description: "Reads a file.", effects: .readsFiles, flow: FlowDeclaration(resultIntegrity: .tool))
    private static let command = ToolDefinition(
        name: "c", description: "Runs a command.", effects: [.executes, .writesFiles],
        flow: FlowDeclaration(resultIntegrity: .tool, sensitiveArguments: ["command": .code]))
    private static let fetch = ToolDefinition(
        name: "f", description: "Fetches a page into a file.", effects: [.network, .writesFiles], isIdempotent: true,
        flow: FlowDeclaration(resultIntegrity: .web, sensitiveArguments: ["url": .destination]))

    private static func session(_ guardian: FlowGuard, reading page: String? = nil) -> any FlowSession {
        var session = guardian.makeSession()
        session.begin(FlowText("do it", FlowLabel(.owner, .limited(to: ["ana"]))))
        if let page { session.observe(FlowText(page, FlowLabel(.web)), of: FlowCall(tool: FlowDesk.page, arguments: [:])) }
        return session
    }

    private static func label(_ path: String, _ guardian: FlowGuard, of tool: ToolDefinition = read) -> TrustLabel {
        guardian.makeSession().label(for: FlowCall(tool: tool, arguments: [:], paths: [path]), FlowLabel(.tool)).integrity
    }

    private static func call(_ tool: ToolDefinition, _ path: String) -> FlowCall {
        FlowCall(tool: tool, arguments: ["path": .string(path)], paths: [path])
    }

    @Test("It is kept over a restart, sealed, and a damaged file is no empty one") func kept() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let path = folder.path + "/labels"
        let file = FileLabelFile(path: path, sealer: TestSealer())
        let first = try FlowGuard(keeping: file)
        try await first.save()
        #expect(FileManager.default.contents(atPath: path) == nil)
        var session = Self.session(first, reading: "a page")
        session.noteWrites(FileWrites(written: ["/w/recipe-of-ana.txt"]), of: Self.call(Self.write, "/w/recipe-of-ana.txt"))
        try await first.save()

        let second = try FlowGuard(keeping: file)
        #expect(Self.label("/w/recipe-of-ana.txt", second) == .web)
        #expect(Self.label("/w", second) == .web)
        #expect(Self.label("/w/other.txt", second) == .tool)

        var bytes = Array(try #require(FileManager.default.contents(atPath: path)))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("recipe-of-ana"))
        bytes[bytes.count - 1] ^= 1
        try Data(bytes).write(to: URL(filePath: path))
        #expect(throws: FileLabelError.self) { try FlowGuard(keeping: file) }
    }

    @Test("It moves to new keys, so that the old ones can be destroyed") func rotated() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await KeyRing.open(folder.path + "/keys", source: .file(folder.path + "/master"))
        let file = FileLabelFile(path: folder.path + "/labels", sealer: ring.sealer)
        let guardian = try FlowGuard(keeping: file)
        #expect(try await guardian.resealNext(limit: 1).examined == 0)
        var session = Self.session(guardian, reading: "a page")
        session.noteWrites(FileWrites(written: ["/w/a"]), of: Self.call(Self.write, "/w/a"))
        try await guardian.save()
        try await ring.rotate()
        #expect(try await guardian.resealNext(limit: 1) == ResealingProgress(examined: 1, resealed: 1, isComplete: true))
        #expect(try await guardian.resealNext(limit: 1).resealed == 0)
        try await ring.retireOldKeys()
        #expect(Self.label("/w/a", try FlowGuard(keeping: file)) == .web)
    }

    @Test("A file replaced as a whole by text somebody vouches for loses its label, but only once that is done") func replaced() {
        let guardian = FlowGuard()
        let call = Self.call(Self.write, "/w/a")
        var tainted = Self.session(guardian, reading: "a page")
        tainted.noteWrites(FileWrites(written: ["/w/a"]), of: call)
        tainted.noteWrites(FileWrites(removed: ["/w/a"]), of: call)
        #expect(Self.label("/w/a", guardian) == .web)

        var clean = Self.session(guardian)
        clean.noteWrites(FileWrites(written: ["/w/a"]), of: call)
        #expect(Self.label("/w/a", guardian) == .web)
        clean.noteWrites(FileWrites(removed: ["/w/a"]), of: call)
        #expect(Self.label("/w/a", guardian) == .tool)
    }

    @Test("What a person approved with its text is vouched for; a command they approved is not, they have not seen what it writes")
    func approved() {
        let guardian = FlowGuard()
        var session = Self.session(guardian, reading: "a page")
        let (write, command) = (Self.call(Self.write, "/w/a"), FlowCall(tool: Self.command, arguments: ["command": "make"], paths: ["/w"]))
        session.endorse(write, covering: [])
        session.noteWrites(FileWrites(written: ["/w/a"]), of: write)
        #expect(Self.label("/w/a", guardian) == .tool)
        session.endorse(command, covering: [])
        #expect(session.followsWrites(of: command))
        session.noteWrites(FileWrites(written: ["/w/b"]), of: command)
        #expect(Self.label("/w/b", guardian) == .web)
        #expect(Self.label("/w/a", guardian) == .tool)
    }

    @Test("A command in a folder that holds such a file is followed, and what it prints is worth no more") func commands() {
        let guardian = FlowGuard()
        let command = FlowCall(tool: Self.command, arguments: ["command": "cp a b"], paths: ["/w"])
        var clean = Self.session(guardian)
        #expect(!clean.followsWrites(of: command))
        #expect(Self.label("/w", guardian, of: Self.command) == .tool)
        guardian.files.note(["/w/a"], .web)
        #expect(clean.followsWrites(of: command))
        #expect(Self.label("/w", guardian, of: Self.command) == .web)
        #expect(Self.label("/v", guardian, of: Self.command) == .tool)
        clean.noteWrites(FileWrites(written: ["/w/b"], removed: ["/w/a"]), of: command)
        #expect(Self.label("/w/a", guardian) == .tool)
        #expect(Self.label("/w/b", guardian) == .web)
    }

    @Test("Where it cannot be told what was written, everything below the folder counts, and nothing beside it") func folders() {
        let guardian = FlowGuard()
        guardian.files.note([], folders: ["/w/in/"], .web)
        for path in ["/w/in", "/w/in/a", "/w/in/deep/b", "/w", "/"] { #expect(Self.label(path, guardian) == .web) }
        for path in ["/w/inn", "/w/i", "/v"] { #expect(Self.label(path, guardian) == .tool) }
    }

    @Test("What a tool fetches into a file is a stranger's, also in a turn that has read nothing") func fetched() {
        let guardian = FlowGuard()
        var session = Self.session(guardian)
        session.noteWrites(FileWrites(written: ["/w/page"]), of: Self.call(Self.fetch, "/w/page"))
        session.noteWrites(FileWrites(removed: ["/w/page"]), of: Self.call(Self.fetch, "/w/page"))
        #expect(Self.label("/w/page", guardian) == .web)
    }

    @Test("When more files are known than it holds, their folders count") func full() {
        let guardian = FlowGuard()
        guardian.files.note((0...FileLabels.mostFiles).map { "/w/many/\($0)" }, .web)
        #expect(Self.label("/w/many/never-written", guardian) == .web)
        #expect(Self.label("/w/few/a", guardian) == .tool)
    }
}
