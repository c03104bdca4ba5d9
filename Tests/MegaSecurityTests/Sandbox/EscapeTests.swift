// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import Synchronization
import Testing

@testable import MegaSecurity

private let hasBubblewrap = ["/usr/bin/bwrap", "/bin/bwrap"].contains { FileManager.default.isExecutableFile(atPath: $0) }
private let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")
private let compiler = ["/usr/bin/gcc", "/usr/bin/cc"].first { FileManager.default.isExecutableFile(atPath: $0) }

/// Every attempt of ``EscapeTable``, against the real thing.
@Suite("Escapes from the sandbox", .serialized) struct EscapeTests {
    enum Who: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case asHost = "as the user of this process"
        case asNobody = "as nobody"
        var testDescription: String { rawValue }
        var identity: CommandIdentity? { self == .asNobody ? CommandIdentity(user: 65534, group: 65534) : nil }
        var user: UInt32 { identity?.user ?? HostPath.user }
    }

    @Test("The table is long enough, and nothing is in it twice") func table() {
        #expect(EscapeTable.all.count >= 60)
        #expect(Set(EscapeTable.all.map(\.name)).count == EscapeTable.all.count)
    }

    @Test("bubblewrap holds", .enabled(if: hasBubblewrap), .timeLimit(.minutes(2)), arguments: EscapeTable.all, Who.allCases)
    func bubblewrap(_ attempt: EscapeAttempt, _ who: Who) async throws {
        try skip(attempt, who)
        try await check(attempt, who) { ground in
            Self.runners.withLock { runners in
                let runner = runners[who] ?? BubblewrapRunner(
                    hiddenPaths: [ground.readable.path + "/hidden"], readableFolders: [ground.readable.path], identity: who.identity)
                runners[who] = runner
                return runner
            }
        }
    }

    @Test("Landlock holds what it promises", .timeLimit(.minutes(2)), arguments: EscapeTable.all.filter(\.holdsForLandlock), Who.allCases)
    func landlock(_ attempt: EscapeAttempt, _ who: Who) async throws {
        guard LandlockCoverage.kernelVersion >= 6 else { try Test.cancel("this kernel's Landlock is too old") }
        try skip(attempt, who)
        try await check(attempt, who) { ground in
            Self.weakRunners.withLock { runners in
                let runner = runners[who] ?? LandlockRunner(
                    hiddenPaths: [ground.readable.path + "/hidden"], readableFolders: [ground.readable.path], identity: who.identity)
                runners[who] = runner
                return runner
            }
        }
    }

    @Test(
        "Unconfined root gets through, so the attempts can tell", .enabled(if: HostPath.isRoot), .timeLimit(.minutes(2)),
        arguments: EscapeTable.all.filter(\.succeedsOutside))
    func control(_ attempt: EscapeAttempt) async throws {
        try skip(attempt, .asHost)
        let ground = try EscapeGround(user: 0)
        let text = TextBox()
        let plan = LaunchPlan(
            path: "/bin/sh", arguments: ["sh", "-c", try await command(attempt, ground)],
            environment: ground.variables.merging(["PATH": "/usr/sbin:/usr/bin:/bin", "CANARY": EscapeGround.secret]) { $1 }, directory: ground.workspace.path)
        _ = try await ChildProcess.run(plan, timeLimit: .seconds(10), meter: OutputMeter(limit: 1 << 20) { text.append($0.bytes) })
        #expect(text.value.contains("ESCAPED"), "\(text.value.prefix(2000))")
        _ = attempt.aftermath(ground)
    }

    // MARK: -

    /// One each, so that the machine is tried once.
    private static let runners = Mutex<[Who: BubblewrapRunner]>([:])
    private static let weakRunners = Mutex<[Who: LandlockRunner]>([:])

    private func skip(_ attempt: EscapeAttempt, _ who: Who) throws {
        if who == .asNobody, !HostPath.isRoot { try Test.cancel("only root can run commands as somebody else") }
        if attempt.language == .python, !hasPython { try Test.cancel("python3 is not installed, so this was not tried") }
        if attempt.language == .c, compiler == nil { try Test.cancel("no C compiler is installed, so this was not tried") }
    }

    private func check(_ attempt: EscapeAttempt, _ who: Who, _ runner: (EscapeGround) -> any CommandRunner) async throws {
        let ground = try EscapeGround(user: who.user)
        let runner = runner(ground)
        let text = TextBox()
        let request = CommandRequest(
            command: .shell(try await command(attempt, ground)), workingDirectory: ground.workspace.path, environment: ground.variables,
            network: attempt.network, timeLimit: attempt.time, limits: attempt.limits)
        let outcome = try await runner.run(request) { text.append($0.bytes) }
        let output = text.value
        #expect(!output.contains("ESCAPED"), "\(output.prefix(3000))")
        #expect(output.utf8.count <= attempt.limits.outputBytes)
        // An attempt that ended before it tried shows nothing.
        let wasKilled =
            switch outcome.termination {
            case .timedOut, .signalled: true
            case .exited: output.lowercased().contains("fork")
            }
        #expect(
            output.contains("tried") || attempt.mayBeKilled && (wasKilled || outcome.omittedBytes > 0), "\(outcome) \(output.prefix(3000))")
        if let problem = attempt.aftermath(ground) { Issue.record("\(problem)") }
        if let damage = ground.damage() { Issue.record("\(damage)") }
    }

    /// The text for the shell; the program itself lies in the workspace.
    private func command(_ attempt: EscapeAttempt, _ ground: EscapeGround) async throws -> String {
        switch attempt.language {
        case .shell: return attempt.script
        case .python:
            try ground.workspace.write(attempt.script, to: "attempt.py")
            return "exec /usr/bin/python3 attempt.py"
        case .c:
            try ground.workspace.write(attempt.script, to: "attempt.c")
            let output = ground.workspace.path + "/attempt"
            let plan = LaunchPlan(
                path: compiler ?? "", arguments: ["cc", "-o", output, output + ".c"], environment: ["PATH": "/usr/bin:/bin"])
            let end = try await ChildProcess.run(plan, timeLimit: .seconds(60), meter: OutputMeter(limit: 4096) { _ in })
            try #require(end.code == 0, "the attempt does not compile")
            return "exec ./attempt"
        }
    }
}
