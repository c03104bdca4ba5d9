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
import CLauncher
import MegaCore
import MegaTesting
import Synchronization
import Testing

@testable import MegaSecurity

private let hasBubblewrap = ["/usr/bin/bwrap", "/bin/bwrap"].contains { FileManager.default.isExecutableFile(atPath: $0) }
private let hasLandlock = LandlockCoverage.kernelVersion >= 6

@Suite("Coverage of sandboxes") struct SandboxCoverageTests {
    @Test("What is not mentioned is missing, what was not asked for is not") func missing() {
        var coverage = SandboxCoverage([.network: .applied("x"), .limits: .notAsked, .processes: .notAvailable("y")])
        #expect(coverage.missing(of: [.network, .limits, .processes, .fileReads]) == [.fileReads, .processes])
        coverage[.processes] = .applied("z")
        #expect(coverage.missing(of: [.processes]).isEmpty)
        #expect(coverage.rendering.count == SandboxCoverage.Control.allCases.count)
        #expect(coverage.rendering.contains { $0.contains("NOT AVAILABLE") })
    }

    @Test("A runner that says nothing claims nothing") func nothing() async {
        struct Silent: CommandRunner {
            func run(_ request: CommandRequest, output: @escaping @Sendable (CommandOutput) async -> Void) async throws -> CommandOutcome {
                CommandOutcome(termination: .timedOut)
            }
            func health() async -> ComponentHealth { .healthy }
        }
        #expect(await Silent().coverage().missing(of: Set(SandboxCoverage.Control.allCases)).count == SandboxCoverage.Control.allCases.count)
    }

    @Test("A control that is required and missing stops every command") func refusal() throws {
        let request = CommandRequest(command: .shell("true"), workingDirectory: "/w")
        var coverage = SandboxCoverage(Dictionary(uniqueKeysWithValues: SandboxCoverage.Control.allCases.map { ($0, .applied("")) }))
        for control in SandboxCoverage.Control.allCases {
            var weaker = coverage
            weaker[control] = .notAvailable("tried")
            let isRefused = Result { try SandboxRefusal.check(weaker, BubblewrapRunner.standardRequirements, for: request) }
            if control == .totalMemory || control == .destinations { #expect(throws: Never.self) { try isRefused.get() } } else {
                #expect(throws: CommandRunnerError.self) { try isRefused.get() }
            }
        }
        // Destinations are needed by those who ask for them, whatever the host requires.
        coverage[.destinations] = .notAvailable("tried")
        let asking = CommandRequest(command: .shell("true"), workingDirectory: "/w", network: .allowList(.nothing))
        #expect(throws: CommandRunnerError.self) { try SandboxRefusal.check(coverage, [], for: asking) }
    }

    @Test("bubblewrap covers everything here", .enabled(if: hasBubblewrap && HostPath.isRoot)) func bubblewrap() async {
        let coverage = await BubblewrapRunner().coverage()
        #expect(coverage.missing(of: BubblewrapRunner.standardRequirements).isEmpty, "\(coverage.rendering)")
        #expect(await BubblewrapRunner(protectedPaths: []).coverage()[.protectedPaths] == .notAsked)
    }

    @Test("Landlock covers what it says, and says what it does not", .enabled(if: hasLandlock)) func landlock() async {
        let coverage = await LandlockRunner().coverage()
        let missing = coverage.missing(of: Set(SandboxCoverage.Control.allCases).subtracting([.totalMemory, .processCount]))
        #expect(missing == [.protectedPaths, .destinations])
    }

    @Test("Older versions of Landlock claim less", arguments: [1, 2, 3, 5, 6]) func versions(_ version: Int) {
        let coverage = LandlockCoverage.report(version: version, groups: ControlGroups(places: []), identity: .init(user: 9, group: 9), failed: [])
        #expect(coverage.missing(of: [.fileWrites]).isEmpty == (version >= 3))
        #expect(coverage.missing(of: [.processes]).isEmpty == (version >= 6))
        let failed = LandlockCoverage.report(version: 7, groups: ControlGroups(places: []), identity: nil, failed: ["file_reads"])
        #expect(failed.missing(of: [.fileReads]) == [.fileReads])
    }
}

@Suite("Landlock sandbox", .enabled(if: hasLandlock)) struct LandlockRunnerTests {
    @Test("Conforms to the port", arguments: CommandRunnerConformance.checks)
    func conforms(_ check: ConformanceCheck<CommandRunnerConformance.Subject>) async throws {
        let folder = try ScratchFolder(in: scratchParent)
        try await check.run(.init(runner: LandlockRunner(), folder: folder.path))
    }

    @Test("Cancellation ends everything", .timeLimit(.minutes(1))) func cancellation() async throws {
        let ground = try EscapeGround(user: HostPath.user)
        let (started, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let task = Task {
            let request = CommandRequest(command: .shell("(sleep \(ground.mark) &); echo up; sleep \(ground.mark)"), workingDirectory: ground.workspace.path)
            return try await LandlockRunner().run(request) { _ in continuation.yield() }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(!ground.hasLivingProcess)
    }

    @Test("A hidden folder inside a writable one is refused, not forgotten") func hiddenInside() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        mkdir(folder.path + "/inner", 0o755)
        let runner = LandlockRunner(hiddenPaths: [folder.path + "/inner"])
        await #expect(throws: CommandRunnerError.self) {
            _ = try await runner.run(CommandRequest(command: .shell("true"), workingDirectory: folder.path)) { _ in }
        }
    }

    @Test("Destinations cannot be had, and are refused") func destinations() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        await #expect(throws: CommandRunnerError.self) {
            let request = CommandRequest(command: .shell("true"), workingDirectory: folder.path, network: .allowList(.only(["example.com:443"])))
            _ = try await LandlockRunner().run(request) { _ in }
        }
    }
}

@Suite("Sandbox at work", .enabled(if: hasBubblewrap)) struct SandboxWorkTests {
    private func run(
        _ text: String, in folder: ScratchFolder, runner: BubblewrapRunner = BubblewrapRunner(), network: CommandRequest.Network = .none,
        writable: [String] = [], environment: [String: String] = [:], limits: CommandRequest.Limits = .init()
    ) async throws -> (CommandOutcome, String) {
        let box = TextBox()
        let request = CommandRequest(
            command: .shell(text), workingDirectory: folder.path, environment: environment, network: network, writableFolders: writable, limits: limits)
        return (try await runner.run(request) { box.append($0.bytes) }, box.value)
    }

    @Test("Nothing is left in the folder or among the control groups") func clean() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        for _ in 0..<3 { _ = try await run("echo x > made; mkdir -p sub", in: folder) }
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["made", "sub"])
        for place in ControlGroups.probe().places {
            let left = try FileManager.default.contentsOfDirectory(atPath: place.folder).filter { $0.hasPrefix("megabot-\(getpid())-") }
            // Other tests may be running commands right now; none of theirs is older than a moment.
            #expect(left.count < 64)
        }
    }

    @Test("Git works in the folder: commits pass, and the stubs are not among them") func git() async throws {
        guard HostPath.program("git") != nil else { try Test.cancel("git is not installed") }
        let folder = try ScratchFolder(in: scratchParent)
        let end = try await ChildProcess.run(
            LaunchPlan(path: "/usr/bin/git", arguments: ["git", "init", "-q", folder.path], environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]),
            timeLimit: .seconds(30), meter: OutputMeter(limit: 1000) { _ in })
        try #require(end.code == 0)
        let (outcome, text) = try await run(
            "echo x > file && git add -A && git -c user.name=a -c user.email=a@b commit -qm one && git show --stat --format=%s HEAD", in: folder)
        #expect(outcome.termination == .exited(code: 0), "\(text)")
        #expect(text.contains("file | 1 +") && text.contains("1 file changed"))
    }

    @Test("More folders can be written, others be read") func folders() async throws {
        let (folder, other, readable) = (try ScratchFolder(in: scratchParent), try ScratchFolder(in: scratchParent), try ScratchFolder(in: scratchParent))
        try readable.write("text", to: "file")
        let (_, text) = try await run(
            "echo a > \(other.path)/made; cat \(readable.path)/file; ( : > \(readable.path)/x ) 2>/dev/null && echo wrote; mkdir \(other.path)/.ssh 2>/dev/null && echo planted",
            in: folder, runner: BubblewrapRunner(readableFolders: [readable.path]), writable: [other.path])
        #expect(text == "text")
        #expect(other.read("made") == Array("a\n".utf8))
    }

    @Test("Hosts of the list are reached through the proxy, with the proxy's variables set") func allowed() async throws {
        guard HostPath.program("python3") != nil else { try Test.cancel("python3 is not installed") }
        let made = socket(AF_INET, 1, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(made, $0, length) == 0 && listen(made, 16) == 0 && getsockname(made, $0, &length) == 0 }
        }
        try #require(isListening)
        let port = UInt16(bigEndian: address.sin_port)
        let listener = try Descriptor(owning: made)
        try OwnThread.start {
            let connection = accept(listener.number, nil, nil)
            guard connection >= 0, let server = try? Descriptor(owning: connection), (try? server.read(upTo: 4096)) != nil else { return }
            do { try server.write(Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)) } catch { Issue.record("\(error)") }
        }
        let folder = try ScratchFolder(in: scratchParent)
        let (outcome, text) = try await run(
            "python3 -c \"import urllib.request; print(urllib.request.urlopen('http://localhost:\(port)/').read().decode())\"", in: folder,
            network: .allowList(.only(["localhost:\(port)"])))
        #expect(outcome.termination == .exited(code: 0) && text == "hello\n", "\(text)")
    }

    @Test("Reports and errors of the command are not taken for the sandbox's") func forgery() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        let (outcome, text) = try await run("echo 'bwrap: cannot do it' >&2; exit 1", in: folder)
        #expect(outcome.termination == .exited(code: 1))
        #expect(text == "bwrap: cannot do it\n")
        let (killed, _) = try await run("kill -9 $$", in: folder)
        #expect(killed.termination == .signalled(9))
    }

    @Test("A program that is not there is refused before anything starts") func absent() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        await #expect(throws: CommandRunnerError.self) {
            _ = try await BubblewrapRunner().run(CommandRequest(command: .program(["megabot-no-such-program"]), workingDirectory: folder.path)) { _ in }
        }
    }

    @Test("The limit on processes holds for root as well", .enabled(if: HostPath.isRoot)) func processes() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        let (_, text) = try await run(
            "i=0; while [ $i -lt 60 ]; do sleep 5 & i=$((i+1)); done 2>&1; echo end", in: folder, limits: .init(processes: 20))
        #expect(text.lowercased().contains("fork"), "\(text)")
    }

    @Test("Groups of a process that is gone are removed at the next start", .enabled(if: HostPath.isRoot)) func leftovers() throws {
        let groups = ControlGroups.probe()
        guard let place = groups.places.first else { try Test.cancel("control groups cannot be used here") }
        let stale = "\(place.folder)/megabot-4194303-1-1"
        try #require(mkdir(stale, 0o755) == 0)
        _ = ControlGroups.probe()
        #expect(access(stale, F_OK) != 0)
    }

    @Test("Memory of all processes together is limited where control groups can be used") func memory() async throws {
        guard ControlGroups.probe().limitsMemory, HostPath.program("python3") != nil else { try Test.cancel("needs the memory control group and python3") }
        let folder = try ScratchFolder(in: scratchParent)
        let (_, text) = try await run(
            "for i in 1 2 3 4; do python3 -c 'import time; x = bytearray(60 << 20); time.sleep(1); print(\"had it\")' & done; wait", in: folder,
            limits: .init(memoryBytes: 150 << 20))
        #expect(text.split(separator: "\n").count { $0 == "had it" } < 4)
    }

    @Test("Many commands at once in one folder", .timeLimit(.minutes(2))) func many() async throws {
        let folder = try ScratchFolder(in: scratchParent)
        let runner = BubblewrapRunner()
        try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<12 {
                group.addTask { try await run("mkdir .vscode 2>/dev/null && echo planted; echo \(index)", in: folder, runner: runner).1 }
            }
            var seen: Set<String> = []
            for try await text in group { seen.insert(text) }
            #expect(seen == Set((0..<12).map { "\($0)\n" }))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
