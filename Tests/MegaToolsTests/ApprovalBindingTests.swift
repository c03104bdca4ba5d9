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
import MegaTesting
import MegaTools
import Synchronization
import Testing

@Suite("An approved command runs only if it is still what was approved")
struct ApprovalBindingTests {
    private let folder: ScratchFolder
    private let runner = ScriptedRunner()

    init() throws {
        folder = try ScratchFolder()
        for name in ["work", "bin1", "bin2", "other"] { try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true) }
        try folder.write("echo one\n", to: "work/build.sh")
        try folder.write("#!/bin/sh\n", to: "bin2/mytool")
        chmod(path("bin2/mytool"), 0o755)
    }

    private func path(_ name: String) -> String { folder.path + "/" + name }

    private func tool(_ environment: [String: String] = [:], network: Bool = false) -> TerminalTool {
        TerminalTool(
            runner: runner, inspector: ShellInspector(), workspace: path("work"),
            environment: ["PATH": "\(path("bin1")):\(path("bin2")):/usr/bin:/bin"].merging(environment) { $1 }, network: network ? .open : .none)
    }

    /// Asks for a command, changes something, approves, and tells what the model was told.
    private func approve(_ command: String, after change: @escaping @Sendable () throws -> Void) async throws -> String {
        let model = ScriptedModel(.callTool("run_command", ["command": .string(command)]), .text("ended"))
        try await withTestBot(model: model, tools: [tool()]) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            let request = try await bot.approvals.next()
            try change()
            try await bot.approvals.approve(request)
            #expect(try await ana.nextReply().text == "ended")
        }
        return model.requests.last?.messages.last?.text ?? ""
    }

    @Test("It does not run in another sandbox than the one it was approved for")
    func sandbox() async throws {
        let told = try await approve("ls") { [runner] in runner.confine(as: "box 2") }
        #expect(told.contains("has changed since it was approved"))
        #expect(runner.commands.isEmpty)
        let shown = try #require(try await preview(tool(), ["command": "ls"]))
        #expect(shown.bindings["sandbox"] == "box 2")
        let (one, other) = (BubblewrapRunner(hiddenPaths: ["/a"]).confinement, BubblewrapRunner(hiddenPaths: ["/b"]).confinement)
        #expect(one != other && one.hasPrefix("bubblewrap; 1 hidden"))
        #expect(one != LandlockRunner(hiddenPaths: ["/a"]).confinement)
    }

    @Test("It runs when nothing has changed")
    func unchanged() async throws {
        let told = try await approve("sh build.sh && mytool < build.sh") {}
        #expect(told.contains("[exit code 0]"))
        #expect(runner.commands == ["sh build.sh && mytool < build.sh"])
    }

    enum Change: String, CaseIterable {
        case script, scriptOfSameSizeAndTime, scriptReplaced, redirectedFile, folderRenamed, folderLinked, programEarlierOnPath, program, programGone, scriptGone
    }

    @Test("It does not when the script, the folder, a program or the way to one has changed", arguments: Change.allCases)
    func changed(_ change: Change) async throws {
        let folder = folder
        @Sendable func path(_ name: String) -> String { folder.path + "/" + name }
        let command = change == .redirectedFile ? "mytool <build.sh" : "sh build.sh && mytool"
        let told = try await approve(command) {
            switch change {
            case .script, .redirectedFile: try folder.write("echo two and more\n", to: "work/build.sh")
            case .scriptOfSameSizeAndTime:
                var status = stat()
                _ = stat(path("work/build.sh"), &status)
                try folder.write("echo TWO\n", to: "work/build.sh")
                var times = [status.st_atim, status.st_mtim]
                #expect(utimensat(AT_FDCWD, path("work/build.sh"), &times, 0) == 0)
            case .scriptReplaced:
                try folder.write("echo two\n", to: "other/build.sh")
                #expect(rename(path("other/build.sh"), path("work/build.sh")) == 0)
            case .folderRenamed:
                #expect(rename(path("work"), path("away")) == 0)
                try FileManager.default.createDirectory(atPath: path("work"), withIntermediateDirectories: true)
                try folder.write("echo one\n", to: "work/build.sh")
            case .folderLinked:
                #expect(rename(path("work"), path("away")) == 0)
                try folder.write("echo one\n", to: "other/build.sh")
                #expect(symlink(path("other"), path("work")) == 0)
            case .programEarlierOnPath:
                try folder.write("#!/bin/sh\n", to: "bin1/mytool")
                chmod(path("bin1/mytool"), 0o755)
            case .program: try folder.write("#!/bin/sh\nrm -rf ~\n", to: "bin2/mytool")
            case .programGone: #expect(unlink(path("bin2/mytool")) == 0)
            case .scriptGone: #expect(unlink(path("work/build.sh")) == 0)
            }
        }
        #expect(told.contains("changed since it was approved"))
        #expect(runner.requests.isEmpty)
    }

    @Test("A change in the last moment, after every other check and right before the start, is still seen")
    func lastMoment() async throws {
        let folder = folder
        let writes = Mutex(0)
        // Of the writes about the request the third is its use: after every check, before the start.
        let store = FaultyStore(InMemoryStore()) { write in
            guard write.kind == .saveApproval, writes.withLock({ $0 += 1; return $0 }) == 3 else { return nil }
            do { try folder.write("echo late\n", to: "work/build.sh") } catch { return .fail(error) }
            return nil
        }
        let model = ScriptedModel(.callTool("run_command", ["command": "sh build.sh"]), .text("ended"))
        try await withTestBot(model: model, tools: [tool()], store: store) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            try await bot.approvals.approve(try await bot.approvals.next())
            #expect(try await ana.nextReply().text == "ended")
        }
        #expect(writes.withLock { $0 } == 3)
        #expect(model.requests.last?.messages.last?.text.contains("changed since it was approved") == true)
        #expect(runner.requests.isEmpty)
    }

    @Test("After a restart with another environment, other limits or an open network the approval is void", arguments: 0..<4)
    func confines(_ kind: Int) async throws {
        let store = InMemoryStore()
        try await withTestBot(model: ScriptedModel(.callTool("run_command", ["command": "sh build.sh"], id: "c")), tools: [tool(["A": "1"])], store: store) { bot in
            try await bot.user("ana").say("go", id: "one")
            _ = try await bot.user("ana").nextMessage()
        }
        let changed =
            switch kind {
            case 0: tool(["A": "1"])
            case 1: tool(["A": "2"])
            case 2: tool(["A": "1", "LD_PRELOAD": "/tmp/x.so"])
            default: tool(["A": "1"], network: true)
            }
        let model = ScriptedModel(.text("ended"))
        try await withTestBot(model: model, tools: [changed], store: store) { bot in
            let ana = bot.user("ana")
            try await ana.say("!approve", id: "two")
            let replies = [try await ana.nextReply().text, try await ana.nextReply().text].sorted()
            #expect(replies[0].hasPrefix("Approved") && replies[1] == "ended")
        }
        #expect(runner.requests.count == (kind == 0 ? 1 : 0))
    }

    @Test("A command that names more files than can be bound is refused, names that only look alike are bound apart")
    func manyFiles() async throws {
        for number in 0..<300 { try folder.write("x", to: "work/f\(number)") }
        let many = (0..<300).map { "f\($0)" }.joined(separator: " ")
        await #expect(throws: FileToolError.self) { _ = try await preview(tool(), ["command": .string("cat \(many)")]) }
        try folder.write("1", to: "work/\u{E9}.sh")
        try folder.write("2", to: "work/e\u{301}.sh")
        let bound = try #require(try await preview(tool(), ["command": "cat \u{E9}.sh e\u{301}.sh"]))
        #expect(bound.bindings.filter { $0.key.hasPrefix("file ") }.count == 2)
        #expect(Set(bound.bindings.filter { $0.key.hasPrefix("file ") }.values).count == 2)
    }
}
