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
import Synchronization
import Testing

@Suite("Terminal tool") struct TerminalToolTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func tool(_ runner: any CommandRunner, resultBytes: Int = 16 << 10) -> TerminalTool {
        TerminalTool(runner: runner, inspector: ShellInspector(), workspace: folder.path, resultBytes: resultBytes)
    }

    private func out(_ text: String) -> CommandOutput { CommandOutput(stream: .standardOutput, bytes: Array(text.utf8)) }

    @Test("Output is shown clean while it comes and returned with the exit code") func output() async throws {
        let bytes = Array("é\u{1B}[31mred\u{1B}[0m\n".utf8)
        let runner = ScriptedRunner(
            output: bytes.map { CommandOutput(stream: .standardOutput, bytes: [$0]) }, outcome: CommandOutcome(termination: .exited(code: 0)))
        let shown = Shown()
        let result = try await call(tool(runner), ["command": "x", "timeout_seconds": 5], Sample.context(shown))
        #expect(shown.text == "éred\n")
        #expect(result == ToolResult("éred\n[exit code 0]"))
        let request = runner.requests.first
        #expect(request?.command == .shell("x") && request?.timeLimit == .seconds(5) && request?.network == CommandRequest.Network.none)
    }

    @Test("What a command with access to the network prints counts as text from the network", arguments: [true, false])
    func trust(_ allowsNetwork: Bool) async throws {
        for ending in [CommandOutcome.Termination.exited(code: 0), .exited(code: 1), .timedOut] {
            let runner = ScriptedRunner(output: [out("a page")], outcome: CommandOutcome(termination: ending))
            let tool = TerminalTool(runner: runner, inspector: ShellInspector(), workspace: folder.path, network: allowsNetwork ? .open : .none)
            #expect(try await call(tool, ["command": "x"]).trust == (allowsNetwork ? .web : .tool))
        }
    }

    @Test("Ends other than success are said") func ends() async throws {
        func text(_ outcome: CommandOutcome) async throws -> ToolResult { try await call(tool(ScriptedRunner(output: [], outcome: outcome)), ["command": "x"]) }
        #expect(try await text(.init(termination: .exited(code: 2))) == ToolResult("(no output)\n[exit code 2]", isError: true))
        #expect(try await text(.init(termination: .timedOut)).text.contains("longer than 60 seconds"))
        #expect(try await text(.init(termination: .signalled(9))).text.contains("killed by signal 9"))
        #expect(try await text(.init(termination: .exited(code: 0), omittedBytes: 7)).text.contains("7 bytes of output beyond the limit"))
    }

    @Test("Long output keeps its beginning and end") func long() async throws {
        let lines = (1...5_000).map { out("line \($0) é\n") }
        let result = try await call(tool(ScriptedRunner(output: lines, outcome: .init(termination: .exited(code: 0))), resultBytes: 2_000), ["command": "x"])
        #expect(result.text.hasPrefix("line 1 é\n"))
        #expect(result.text.contains("line 5000 é\n[exit code 0]"))
        #expect(result.text.contains("bytes left out"))
        #expect(result.text.utf8.count < 2_200)
        #expect(!result.text.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test("The preview holds the parsed command and is bound to folder, programs and scripts") func bindings() async throws {
        try folder.write("echo 1", to: "build.sh")
        let terminal = tool(ScriptedRunner(output: [], outcome: .init(termination: .exited(code: 0))))
        let first = try #require(try await preview(terminal, ["command": "sh build.sh | sort"]))
        #expect(first.command?.simpleCommands == [["sh", "build.sh"], ["sort"]])
        #expect(first.command?.text == "sh build.sh | sort")
        #expect(first.command?.workingDirectory == folder.path)
        #expect(first.bindings["program sort"]?.contains("/sort") == true)
        #expect(first.bindings["folder"]?.hasPrefix(folder.path) == true)
        #expect(try await preview(terminal, ["command": "sh build.sh | sort"]) == first)
        try folder.write("echo 2", to: "build.sh")
        #expect(try await preview(terminal, ["command": "sh build.sh | sort"]) != first)
    }

    @Test("Commands that cannot be run are refused") func refusals() async throws {
        let terminal = tool(ScriptedRunner(output: [], outcome: .init(termination: .exited(code: 0))))
        for command in ["", "  \n", "a\0b", String(repeating: "x", count: 40_000)] {
            await #expect(throws: FileToolError.self) { _ = try await call(terminal, ["command": .string(command)]) }
        }
        let lost = TerminalTool(runner: ScriptedRunner(output: [], outcome: .init(termination: .timedOut)), inspector: ShellInspector(), workspace: "/nowhere/x")
        await #expect(throws: FileToolError.self) { _ = try await preview(lost, ["command": "ls"]) }
    }
}

@Suite("Output sanitizer") struct OutputSanitizerTests {
    @Test("Escapes and controls disappear, text stays", arguments: [
        ("plain\ttext\n", "plain\ttext\n"), ("\u{1B}[1;31mred\u{1B}[0m", "red"), ("a\u{1B}]0;title\u{7}b", "ab"), ("a\u{1B}]8;;http://x\u{1B}\\link", "alink"),
        ("a\r\nb\rc", "a\nb\nc"), ("a\u{8}b\u{7F}", "ab"), ("\u{1B}(Bx", "x"), ("a\u{9B}31mb", "ab"), ("a\u{202E}b\u{200B}c", "abc"), ("👨‍👩‍👧 é 日本", "👨‍👩‍👧 é 日本"),
        ("a\u{1B}P1$r\u{1B}\\b", "ab"), ("\u{1B}", ""), ("x\u{1B}]never closed\nnext", "x\nnext"),
    ])
    func clean(_ text: String, _ expected: String) {
        #expect(OutputSanitizer.clean(text) == expected)
        // The same in any chunks.
        for size in 1...5 {
            var sanitizer = OutputSanitizer()
            var result = ""
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) { result += sanitizer.push(bytes[start..<min(start + size, bytes.count)]) }
            #expect(result + sanitizer.finish() == expected)
        }
    }

    @Test("Broken UTF-8 is repaired") func repair() {
        var sanitizer = OutputSanitizer()
        #expect(sanitizer.push([0x61, 0xC3]) + sanitizer.push([0xA9, 0xFF, 0x62]) + sanitizer.finish() == "aé\u{FFFD}b")
        #expect(sanitizer.push([0xE2, 0x82]) + sanitizer.finish() == "\u{FFFD}")
    }

    @Test("What is shown for approval has every hidden character written out") func visible() {
        #expect(OutputSanitizer.visible("ls -l é") == "ls -l é")
        #expect(OutputSanitizer.visible("a\u{202E}b\u{1B}[2K\n\t\u{A0}\u{200B}") == "a\\u{202e}b\\u{1b}[2K\\n\\t\\u{a0}\\u{200b}")
        #expect(OutputSanitizer.visible("👨‍👩‍👧") == "👨‍👩‍👧")
        #expect(OutputSanitizer.visible("a\u{200D}b") == "a\\u{200d}b")
    }

    @Test("Random bytes come out as text without controls, the same in any chunks") func fuzz() {
        var state: UInt64 = 3
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let special: [UInt8] = [0x1B, 0x5B, 0x5D, 0x07, 0x9B, 0xC2, 0xE2, 0x80, 0xAE, 0xF0, 0x0D, 0x0A, 0x41, 0x6D, 0xFF]
        for _ in 0..<2_000 {
            let bytes = (0..<(next() % 40)).map { _ in special[Int(next()) % special.count] }
            var whole = OutputSanitizer()
            let expected = whole.push(bytes) + whole.finish()
            #expect(!expected.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value) })
            var pieces = OutputSanitizer()
            #expect(bytes.map { pieces.push([$0]) }.joined() + pieces.finish() == expected)
        }
    }
}
