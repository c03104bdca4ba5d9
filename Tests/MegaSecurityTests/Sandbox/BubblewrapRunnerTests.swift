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
import Synchronization
import Testing

private let hasBubblewrap = ["/usr/bin/bwrap", "/bin/bwrap"].contains { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("Bubblewrap sandbox", .enabled(if: hasBubblewrap)) struct BubblewrapRunnerTests {
    private final class Output: Sendable {
        private let pieces = Mutex<[CommandOutput]>([])
        func take(_ piece: CommandOutput) { pieces.withLock { $0.append(piece) } }
        func text(_ stream: CommandOutput.Stream = .standardOutput) -> String {
            String(decoding: pieces.withLock { $0 }.filter { $0.stream == stream }.flatMap(\.bytes), as: UTF8.self)
        }
        var count: Int { pieces.withLock { $0.reduce(0) { $0 + $1.bytes.count } } }
    }

    private func run(
        _ text: String, hidden: [String] = [], folder: ScratchFolder? = nil, time: Duration = .seconds(60), environment: [String: String] = [:],
        limits: CommandRequest.Limits = .init()
    ) async throws -> (CommandOutcome, Output) {
        let folder = try folder ?? ScratchFolder(in: scratchParent)
        let output = Output()
        let request = CommandRequest(
            command: .shell(text), workingDirectory: folder.path, environment: environment, timeLimit: time, limits: limits)
        let outcome = try await BubblewrapRunner(hiddenPaths: hidden).run(request) { output.take($0) }
        return (outcome, output)
    }

    @Test("Runs in the working folder, which it can write, and reports the exit code") func plain() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        let (outcome, output) = try await run("pwd; echo hi > made; echo oops >&2; exit 3", folder: folder)
        #expect(outcome.termination == .exited(code: 3))
        #expect(output.text() == folder.path + "\n")
        #expect(output.text(.standardError) == "oops\n")
        #expect(folder.read("made") == Array("hi\n".utf8))
        #expect(await BubblewrapRunner().health().status == .healthy)
    }

    @Test("Conforms to the port", arguments: CommandRunnerConformance.checks)
    func conforms(_ check: ConformanceCheck<CommandRunnerConformance.Subject>) async throws {
        let folder = try ScratchFolder(in: scratchParent)
        try await check.run(.init(runner: BubblewrapRunner(), folder: folder.path))
    }

    @Test("Writes outside the working folder are refused") func readOnly() async throws {
        let other = try ScratchFolder(in: scratchParent)
        let (_, output) = try await run("for f in /etc/x /usr/x /var/x \(other.path)/x; do (: > $f) 2>/dev/null && echo wrote $f; done; echo end")
        #expect(output.text() == "end\n")
        #expect(other.read("x") == nil)
    }

    @Test("There is no network, no inherited environment, no capability, no other process") func isolation() async throws {
        let (_, output) = try await run(
            "ls /sys/class/net 2>/dev/null | grep -v '^lo$'; env | cut -d= -f1 | sort | tr '\\n' ' '; grep CapEff /proc/self/status; ls -d /proc/[0-9]* | wc -l",
            environment: ["MINE": "1"])
        let text = output.text()
        #expect(text.contains("HOME LANG MINE PATH PWD TMPDIR"))
        #expect(!text.contains("SHLVL=") && !text.contains("USER"))
        #expect(text.contains("0000000000000000"))
        let processes = text.split(separator: "\n").last.flatMap { Int($0.filter(\.isNumber)) }
        #expect((processes ?? 1_000) < 12)
        let (outcome, _) = try await run("exec 3<>/dev/tcp/127.0.0.1/22 || getent hosts example.com || cat < /proc/net/tcp | wc -l | grep -q '^1$' && exit 7")
        #expect(outcome.termination != .exited(code: 0))
    }

    @Test("Hidden paths and private folders cannot be seen") func hidden() async throws {
        let secret = try ScratchFolder(in: scratchParent)
        try secret.write("canary", to: "key")
        let folder = try ScratchFolder(in: scratchParent)
        try FileManager.default.createDirectory(atPath: folder.path + "/inner", withIntermediateDirectories: false)
        try folder.write("canary", to: "inner/key")
        let (_, output) = try await run(
            "cat \(secret.path)/key inner/key 2>/dev/null; ls -A /root /home /run /tmp | grep -v ':$' | grep -v '^$'; echo end",
            hidden: [secret.path, folder.path + "/inner"], folder: folder)
        #expect(output.text() == "end\n")
    }

    @Test("More output than allowed is counted, read and dropped; less comes in whole and in order") func outputLimit() async throws {
        var limits = CommandRequest.Limits()
        limits.outputBytes = 1_000
        let (outcome, output) = try await run("head -c 3000000 /dev/zero; echo err >&2", limits: limits)
        #expect(outcome.termination == .exited(code: 0))
        #expect(output.count == 1_000)
        #expect(outcome.omittedBytes == 3_000_000 + 4 - 1_000)
        let (_, numbers) = try await run("seq 1 100000")
        #expect(numbers.text() == (1...100_000).map { "\($0)\n" }.joined())
    }

    @Test("A reader that is slower than the command loses nothing") func slowReader() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        let output = Output()
        let request = CommandRequest(command: .shell("seq 1 60000"), workingDirectory: folder.path)
        _ = try await BubblewrapRunner().run(request) { piece in
            for _ in 0..<50 { await Task.yield() }
            output.take(piece)
        }
        #expect(output.text() == (1...60_000).map { "\($0)\n" }.joined())
    }

    private func isAlive(_ marker: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { name in
            guard name.allSatisfy(\.isNumber), let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).contains(marker)
        }
    }

    @Test("When the time is over the whole tree dies, double-forked children included", .timeLimit(.minutes(2))) func deadline() async throws {
        let marker = "31\(UInt32.random(in: 1...UInt32.max))"
        let (outcome, _) = try await run("(setsid sleep \(marker) >/dev/null 2>&1 &) ; sleep \(marker)", time: .seconds(1))
        #expect(outcome.termination == .timedOut)
        while isAlive(marker) { await Task.yield() }
    }

    @Test("Cancellation kills the whole tree and throws", .timeLimit(.minutes(2))) func cancellation() async throws {
        let marker = "32\(UInt32.random(in: 1...UInt32.max))"
        let folder = try ScratchFolder(in: scratchParent)
        let (started, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let task = Task {
            let request = CommandRequest(command: .shell("(setsid sleep \(marker) &); echo up; sleep \(marker)"), workingDirectory: folder.path)
            return try await BubblewrapRunner().run(request) { _ in continuation.yield() }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        while isAlive(marker) { await Task.yield() }
    }

    @Test("A child left in the background does not outlive the command", .timeLimit(.minutes(2))) func background() async throws {
        let marker = "33\(UInt32.random(in: 1...UInt32.max))"
        let (outcome, _) = try await run("(setsid sleep \(marker) >/dev/null 2>&1 &); exit 0")
        #expect(outcome.termination == .exited(code: 0))
        while isAlive(marker) { await Task.yield() }
    }

    @Test("Limits hold: file size, memory, processor time") func limits() async throws {
        var limits = CommandRequest.Limits()
        limits.fileBytes = 1_000_000
        limits.cpuSeconds = 1
        limits.memoryBytes = 200 << 20
        let (file, _) = try await run("exec head -c 3000000 /dev/zero > big", limits: limits)
        #expect(file.termination != .exited(code: 0))
        let (cpu, _) = try await run("while :; do :; done", limits: limits)
        #expect(cpu.termination == .signalled(9) || cpu.termination == .signalled(24))
        let (nested, output) = try await run("unshare -Ur true && echo nested; echo end")
        #expect(nested.termination == .exited(code: 0))
        #expect(output.text() == "end\n")
    }

    @Test("Bad folders, missing sandboxes and broken commands are refused with a reason") func refusals() async throws {
        func code(_ runner: BubblewrapRunner, _ request: CommandRequest) async -> CommandRunnerError.Code? {
            do {
                _ = try await runner.run(request) { _ in }
                return nil
            } catch {
                return (error as? CommandRunnerError)?.code
            }
        }
        let folder = try ScratchFolder(in: scratchParent)
        for path in ["relative", "/nowhere/at/all", "/", "/etc", "/usr/lib", "/tmp"] {
            #expect(await code(BubblewrapRunner(), CommandRequest(command: .shell("true"), workingDirectory: path)) == .badWorkingDirectory, "\(path)")
        }
        #expect(await code(BubblewrapRunner(), CommandRequest(command: .program([]), workingDirectory: folder.path)) == .spawnFailed)
        #expect(await code(BubblewrapRunner(), CommandRequest(command: .shell("a\0b"), workingDirectory: folder.path)) == .spawnFailed)
        let hiding = BubblewrapRunner(hiddenPaths: [folder.path])
        #expect(await code(hiding, CommandRequest(command: .shell("true"), workingDirectory: folder.path)) == .badWorkingDirectory)
        let missing = BubblewrapRunner(bubblewrapPath: "/nowhere/bwrap")
        #expect(await code(missing, CommandRequest(command: .shell("true"), workingDirectory: folder.path)) == .sandboxUnavailable)
        #expect(await missing.health().status == .down)
        // Something that pretends to be the sandbox but confines nothing.
        try folder.write("#!/bin/sh\nwhile [ \"$1\" != -- ] && [ $# -gt 0 ]; do shift; done; shift\nexec \"$@\"\n", to: "fake")
        makeExecutable(folder.path + "/fake")
        let fake = BubblewrapRunner(bubblewrapPath: folder.path + "/fake")
        #expect(await code(fake, CommandRequest(command: .shell("true"), workingDirectory: folder.path)) == .sandboxUnavailable)
    }
}
