// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import MegaSecurity
import MegaTesting
import MegaTools
import Testing

private let hasBubblewrap = ["/usr/bin/bwrap", "/bin/bwrap"].contains { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("The kill switch and real processes", .enabled(if: hasBubblewrap, "needs bubblewrap"), .timeLimit(.minutes(2)))
struct KillSandboxTests {
    /// How many processes of the machine have a word in their command line.
    private static func processes(with word: String) -> Int {
        // why: processes come and go while the folder is read
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { $0.allSatisfy(\.isNumber) }.count { name in
            FileManager.default.contents(atPath: "/proc/\(name)/cmdline").map { String(decoding: $0, as: UTF8.self).contains(word) } ?? false
        }
    }

    private static func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("A tree of sleeping processes in the sandbox is gone, those that left their session included", arguments: 0..<3)
    func tree(_ round: Int) async throws {
        let folder = try ScratchFolder(in: FileManager.default.isWritableFile(atPath: "/var/lib") ? "/var/lib" : FileManager.default.currentDirectoryPath)
        var generator = SystemRandomNumberGenerator()
        let mark = "98\(generator.next(upperBound: UInt32(900_000)) + 100_000)"
        let tool = TerminalTool(runner: BubblewrapRunner(), inspector: ShellInspector(), workspace: folder.path)
        let command = "sleep \(mark).1 & (sleep \(mark).2 & sleep \(mark).3 & wait) & setsid sleep \(mark).4 & trap '' TERM INT HUP; sleep \(mark).5; wait"
        let model = ScriptedModel(.callTool("run_command", ["command": .string(command), "timeout_seconds": 100]), .text("ended"))
        try await withTestBot(model: model, tools: [tool]) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            try await bot.approvals.approve(try await bot.approvals.next())
            // The shell, bubblewrap and the limiter carry the text as well: count the sleepers themselves.
            try await Self.until { (1...5).allSatisfy { Self.processes(with: "sleep\0\(mark).\($0)") == 1 } }
            let began = ContinuousClock.now
            let report = try await bot.orchestrator.kill(.all)
            #expect(report.stopped == 1 && report.stillRunning == 0)
            try await Self.until { Self.processes(with: mark) == 0 }
            print("kill switch: order to last process gone \(began.duration(to: .now)), report \(report.elapsed)")
            _ = try await ana.nextReply()
        }
        #expect(Self.processes(with: mark) == 0)
    }
}
