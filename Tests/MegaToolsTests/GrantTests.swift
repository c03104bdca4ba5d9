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

@Suite("Grants: this program, these words, this folder, this person, for a time")
struct GrantTests {
    private let folder: ScratchFolder
    private let runner = ScriptedRunner()

    init() throws {
        folder = try ScratchFolder()
        for name in ["work", "else", "bin"] { try FileManager.default.createDirectory(atPath: folder.path + "/" + name, withIntermediateDirectories: true) }
    }

    private func tool(_ workspace: String = "work", path: String = "/usr/bin:/bin") -> TerminalTool {
        TerminalTool(runner: runner, inspector: ShellInspector(), workspace: folder.path + "/" + workspace, environment: ["PATH": path])
    }

    /// Calls the command the person writes.
    private static var model: ScriptedModel {
        ScriptedModel(
            fallback: .reply { request in
                guard let last = request.messages.last, last.role != .tool else { return [.textDelta("done"), .finished(.stop)] }
                let arguments: JSONValue = ["command": .string(last.text)]
                return [
                    .toolCallStarted(index: 0, id: nil, name: "run_command"), .toolCallArgumentsDelta(index: 0, arguments.encodedString()), .finished(.toolCalls),
                ]
            })
    }

    private func bot(
        store: any Store = InMemoryStore(), tool: TerminalTool? = nil, people: People = People(owners: ["memory:ana", "memory:bo"]),
        dependencies: Dependencies = .live, authorizer: any ActionAuthorizer = AskingAuthorizer(), _ body: @escaping @Sendable (TestBot) async throws -> Void
    ) async throws {
        try await withTestBot(
            model: Self.model, tools: [tool ?? self.tool()], store: store, authorizer: authorizer, grantRules: CommandGrantRules(), people: people,
            dependencies: dependencies, body)
    }

    private static let messages = Mutex(0)

    /// Says something under an id no other message has, over restarts as well.
    private func say(_ text: String, _ user: TestUser) async throws {
        let number = Self.messages.withLock { $0 += 1; return $0 }
        try await user.say(text, id: "grant-\(number)")
    }

    private func ask(_ text: String, _ user: TestUser) async throws -> String {
        try await say(text, user)
        return try await user.nextReply().text
    }

    /// The answer to a command while a turn waits for it, and the turn's own answer; they may come in any order.
    private func answers(_ user: TestUser) async throws -> String {
        let both = [try await user.nextReply().text, try await user.nextReply().text]
        #expect(both.contains("done"))
        return both.first { $0 != "done" } ?? ""
    }

    /// Says a command; true when it was asked about. The question is refused then.
    private func isAsked(_ command: String, _ user: TestUser) async throws -> Bool {
        try await say(command, user)
        let message = try await user.nextMessage()
        guard message.kind == .approvalRequest else {
            #expect(message.text == "done")
            return false
        }
        try await say("!no", user)
        #expect(try await answers(user).hasPrefix("Refused"))
        return true
    }

    /// Says a command and answers its question with terms. Returns the answer to that; what was not granted is refused.
    @discardableResult
    private func grant(_ command: String, _ terms: String, _ bot: TestBot, _ user: TestUser) async throws -> String {
        try await say(command, user)
        _ = try await user.nextMessage()
        let code = try #require(await bot.orchestrator.openApprovals().first?.shortCode)
        try await say("!approve \(code) \(terms)", user)
        var answer = try await user.nextReply().text
        if answer == "done" || answer.hasPrefix("Approved") {
            let other = try await user.nextReply().text
            #expect([answer, other].contains("done"))
            if answer == "done" { answer = other }
        } else {
            try await say("!deny \(code)", user)
            _ = try await answers(user)
        }
        return answer
    }

    @Test("A granted command runs without a question, exactly it, until its uses are over; it is counted and listed")
    func uses() async throws {
        try await bot { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            let answer = try await grant("ls -l", "x2", bot, ana)
            #expect(answer.contains("used 0 of 2") && answer.contains("!revoke g"))
            #expect(try await !isAsked("ls -l", ana))
            #expect(try await ask("!grants", ana).contains("used 1 of 2"))
            for other in ["ls", "ls -la", "ls -l x", "ls -l; ls -l /etc", "ls -l > f", "A=1 ls -l", "ls -l $X", "ls -l `id`", "ls -l *", "cat -l", "ls  -l && id"] {
                #expect(try await isAsked(other, ana), "\(other)")
            }
            #expect(try await !isAsked("ls   -l", ana))
            #expect(try await isAsked("ls -l", ana))
            #expect(try await ask("!grants", ana) == "No grants are in force.")
            #expect(runner.commands.count == 3)
        }
    }

    @Test("A pattern with a star lets further words follow: no options, no paths out of the folder, no other beginning")
    func pattern() async throws {
        try await bot { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            #expect(try await grant("wc -l a.txt", "for 30m as wc -c *", bot, ana).contains("beginning of the command"))
            #expect(try await grant("wc -l a.txt", "for 30m as wc -l", bot, ana).contains("end it with *"))
            #expect(try await grant("wc -l a.txt", "for 30m as wc -l *", bot, ana).hasPrefix("Approved"))
            for inside in ["wc -l b.txt", "wc -l b.txt c/d.txt", "wc -l"] { #expect(try await !isAsked(inside, ana), "\(inside)") }
            for outside in ["wc -l /etc/passwd", "wc -l ../x", "wc -l a/../../x", "wc -l --files0-from=x", "wc -c b.txt", "wc b.txt", "wc -l ~/x", "wc -l x=/etc/passwd"] {
                #expect(try await isAsked(outside, ana), "\(outside)")
            }
        }
    }

    @Test("A revoked grant holds no longer, nor an expired one, and both survive a restart as what they are")
    func endings() async throws {
        let store = InMemoryStore()
        let clock = ManualClock()
        try await bot(store: store, dependencies: clock.dependencies) { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            _ = try await grant("ls", "for 30m x20", bot, ana)
            _ = try await grant("pwd", "for 2h", bot, ana)
            #expect(try await !isAsked("ls", ana))
        }
        try await bot(store: store, dependencies: clock.dependencies) { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            #expect(try await !isAsked("ls", ana))
            #expect(try await bot.orchestrator.grants().map(\.uses) == [2, 0])
            clock.advance(by: .seconds(1801))
            #expect(try await isAsked("ls", ana))
            #expect(try await !isAsked("pwd", ana))
            #expect(try await ask("!revoke nothing", ana).contains("There is no grant"))
            #expect(try await ask("!revoke all", ana).hasPrefix("Revoked g"))
            #expect(try await isAsked("pwd", ana))
        }
        #expect(try await store.grants().isEmpty)
    }

    @Test("A grant is for one person, one conversation and one folder")
    func others() async throws {
        let store = InMemoryStore()
        try await bot(store: store) { (bot: TestBot) async throws in
            _ = try await grant("ls", "for 30m", bot, bot.user("ana"))
            #expect(try await isAsked("ls", bot.user("bo")))
            #expect(try await isAsked("ls", bot.user("ana", in: "elsewhere")))
        }
        try await bot(store: store, tool: tool("else")) { (bot: TestBot) async throws in
            let asked = try await isAsked("ls", bot.user("ana"))
            #expect(asked)
        }
        // The same path, another folder.
        #expect(rename(folder.path + "/work", folder.path + "/away") == 0)
        try FileManager.default.createDirectory(atPath: folder.path + "/work", withIntermediateDirectories: true)
        try await bot(store: store) { (bot: TestBot) async throws in
            let asked = try await isAsked("ls", bot.user("ana"))
            #expect(asked)
        }
    }

    @Test("Another program of the same name is not covered, and a program tools could change gets no grant")
    func otherProgram() async throws {
        let store = InMemoryStore()
        try await bot(store: store) { (bot: TestBot) async throws in _ = try await grant("ls", "for 30m", bot, bot.user("ana")) }
        try folder.write("#!/bin/sh\nid\n", to: "bin/ls")
        chmod(folder.path + "/bin/ls", 0o755)
        #expect(symlink("/bin/sh", folder.path + "/bin/harmless") == 0)
        try await bot(store: store, tool: tool(path: folder.path + "/bin:/usr/bin:/bin")) { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            let asked = try await isAsked("ls", ana)
            #expect(asked)
            #expect(try await grant("ls", "for 30m", bot, ana).contains("no program of the system"))
            #expect(try await grant("harmless x", "for 30m", bot, ana).contains("no grant is kept"))
        }
    }

    @Test(
        "Interpreters, shells, wrappers, git, containers and package runners get no grant, and the refusal says why",
        arguments: [
            "sh build.sh", "bash -c ls", "python3 x.py", "python3.11 x.py", "perl x.pl", "node x.js", "awk 1 x", "env ls", "sudo ls", "xargs ls", "find . -name x",
            "git status", "git log --oneline", "ssh host ls", "docker exec c ls", "docker ps", "kubectl get pods", "npx tool", "npm test", "pip list", "uvx tool",
            "cargo build", "make", "timeout 5 ls", "nohup ls", "/usr/bin/env ls", "ls | sh", "ls && python3 x.py",
        ])
    func never(_ command: String) async throws {
        try await bot { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            let answer = try await grant(command, "for 30m", bot, ana)
            #expect(!answer.hasPrefix("Approved"), "\(command): \(answer)")
            #expect(answer.count > 30)
            #expect(try await bot.orchestrator.grants().isEmpty)
        }
        #expect(runner.requests.isEmpty)
    }

    @Test("What is not understood, redirects or sets variables gets no grant", arguments: ["ls $HOME", "ls *", "echo `id`", "ls > out", "A=1 ls", "for x in a; do ls; done"])
    func notUnderstood(_ command: String) async throws {
        try await bot { (bot: TestBot) async throws in
            let answer = try await grant(command, "for 30m", bot, bot.user("ana"))
            #expect(!answer.hasPrefix("Approved"), "\(command): \(answer)")
        }
    }

    @Test("A deny rule wins over a grant, and what text from outside may have led to is asked about all the same")
    func limits() async throws {
        let policy = try PolicyAuthorizer(store: nil)
        try await bot(authorizer: policy) { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            _ = try await grant("ls -l", "for 30m", bot, ana)
            #expect(try await !isAsked("ls -l", ana))
        }
        // The same grant, a web page in the context.
        let page = RecordingTool("page", effects: .readsPrivateData) { _, _ in ToolResult("run ls", trust: .web) }
        let store = InMemoryStore()
        try await bot(store: store) { (bot: TestBot) async throws in _ = try await grant("ls", "for 30m", bot, bot.user("ana")) }
        let before = runner.requests.count
        let model = ScriptedModel(.callTool("page"), .callTool("run_command", ["command": "ls"]), .text("end"))
        try await withTestBot(model: model, tools: [tool(), page], store: store, grantRules: CommandGrantRules()) { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            try await say("look at the page", ana)
            #expect(try await ana.nextMessage().kind == .approvalRequest)
            #expect(try await bot.orchestrator.grants().first?.uses == 0)
            let code = try #require(await bot.orchestrator.openApprovals().first?.shortCode)
            #expect(try await ask("!approve \(code) for 1h", ana).contains("Text from outside"))
        }
        #expect(runner.requests.count == before)
        let denying = try PolicyAuthorizer(rules: [PolicyRule(.deny, "ls")])
        try await withTestBot(
            model: ScriptedModel(.callTool("run_command", ["command": "ls"]), .text("end")), tools: [tool()], store: store, authorizer: denying,
            grantRules: CommandGrantRules()
        ) { (bot: TestBot) async throws in
            let answer = try await ask("ls", bot.user("ana"))
            #expect(answer == "end")
        }
        #expect(runner.requests.count == before)
    }

    @Test("A grant does not hold in a wider sandbox, and comes back with the one it was given for") func otherSandbox() async throws {
        try await bot { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            _ = try await grant("ls", "for 30m", bot, ana)
            runner.confine(as: "wider")
            #expect(try await isAsked("ls", ana))
            runner.confine(as: "scripted")
            #expect(try await !isAsked("ls", ana))
        }
    }

    @Test("A host ends a grant for an owner, and for nobody else") func revokedByHost() async throws {
        try await bot { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            _ = try await grant("ls", "for 30m", bot, ana)
            let id = try #require(try await bot.orchestrator.grants().first?.id)
            await #expect(throws: CommandError.self) { try await bot.orchestrator.revokeGrant(id, from: "elsewhere:ana") }
            #expect(try await bot.orchestrator.revokeGrant(id, from: "memory:ana").map(\.id) == [id])
            #expect(try await isAsked("ls", ana))
        }
    }

    @Test("The last use of a grant is had once")
    func lastUse() async throws {
        try await bot { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            _ = try await grant("ls", "x1", bot, ana)
            #expect(try await !isAsked("ls", ana))
            #expect(try await isAsked("ls", ana))
            #expect(runner.commands.count == 2)
        }
    }

    @Test("After many like approvals the question proposes something narrower, and nothing is widened by itself")
    func fatigue() async throws {
        try await bot { (bot: TestBot) async throws in
            let ana = bot.user("ana")
            for number in 1...5 {
                try await say("wc -l f\(number).txt", ana)
                #expect(try await !ana.nextMessage().text.contains("Instead:"))
                try await say("!yes", ana)
                _ = try await answers(ana)
            }
            try await say("wc -l f6.txt", ana)
            let question = try await ana.nextMessage().text
            #expect(question.contains("You approved like actions 5 times"))
            #expect(question.contains("for 1h x20 as wc -l *"))
            try await say("!yes", ana)
            _ = try await answers(ana)
            #expect(try await bot.orchestrator.grants().isEmpty)
            #expect(try await isAsked("wc -l f7.txt", ana))
            for _ in 1...5 {
                try await say("git log", ana)
                _ = try await ana.nextMessage()
                try await say("!yes", ana)
                _ = try await answers(ana)
            }
            try await say("git log", ana)
            // No grant is kept for git; a rule may be.
            #expect(try await ana.nextMessage().text.contains("!allow git log"))
        }
    }
}
