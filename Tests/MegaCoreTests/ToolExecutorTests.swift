// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Synchronization
import Testing

@Suite("Tool calls")
struct ToolExecutorTests {
    /// Lets a model call one tool once and returns what it was told of it.
    private func outcome(
        of tool: any Tool, _ arguments: JSONValue = [:], authorizer: any ActionAuthorizer = AskingAuthorizer(),
        redactor: any ContentRedactor = NoRedaction(), audit: any AuditSink = NoAudit(), raw: String? = nil,
        dependencies: Dependencies = .live
    ) async throws -> String {
        let call: ScriptedModel.Step =
            if let raw {
                .reply { _ in
                    [
                        .toolCallStarted(index: 0, id: nil, name: tool.definition.name), .toolCallArgumentsDelta(index: 0, raw),
                        .finished(.toolCalls),
                    ]
                }
            } else {
                .callTool(tool.definition.name, arguments)
            }
        let model = ScriptedModel(call, .text("end"))
        return try await withTestBot(
            model: model, tools: [tool], authorizer: authorizer, redactor: redactor, audit: audit, dependencies: dependencies
        ) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            _ = try await ana.nextReply()
            return model.requests.last?.messages.last?.text ?? ""
        }
    }

    @Test("arguments that do not fit the schema are explained and the tool does not run")
    func schema() async throws {
        let tool = RecordingTool(
            "count", parameters: .object([.required("to", .integer("Number", minimum: 1)), .optional("by", .integer("Step"))]))
        #expect(try await outcome(of: tool, ["to": 0]).contains("/to: must be at least 1"))
        #expect(try await outcome(of: tool, ["too": 3]).contains("\"to\" is missing"))
        #expect(try await outcome(of: tool, raw: "{\"to\": 3").contains("must be object, is a string"))
        #expect(tool.calls.isEmpty)
        #expect(try await outcome(of: tool, ["to": 3]) == "done")
    }

    @Test("a tool that does not exist is answered with the ones that do")
    func unknown() async throws {
        let model = ScriptedModel(.callTool("nothing"), .text("end"))
        try await withTestBot(model: model, tools: [RecordingTool("count")]) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            _ = try await ana.nextReply()
            #expect(model.requests.last?.messages.last?.text.contains("There are: count, forget, recall, remember") == true)
        }
    }

    @Test("output loses its control characters, its secrets and its middle")
    func filtering() async throws {
        let noisy = RecordingTool("noisy") { _, _ in ToolResult("a\u{1B}[31mred\u{1B}[0m\u{0007} key=SECRET") }
        #expect(try await outcome(of: noisy, redactor: MaskingRedactor(["SECRET"], mask: "***")) == "ared key=***")
        let long = RecordingTool("long") { _, _ in ToolResult("BEGIN" + String(repeating: "x", count: 100_000) + "END") }
        let text = try await outcome(of: long)
        #expect(text.hasPrefix("BEGIN") && text.hasSuffix("END") && text.contains("bytes left out") && text.utf8.count < 40_000)
        #expect(try await outcome(of: noisy, redactor: Broken()).contains("withheld"))
    }

    @Test("an authorizer that fails or denies means no")
    func denied() async throws {
        let tool = RecordingTool("act", effects: .executes)
        #expect(try await outcome(of: tool, authorizer: FixedAuthorizer(.deny(reason: "not on Sundays"))) == "Refused: not on Sundays")
        #expect(try await outcome(of: tool, authorizer: FixedAuthorizer { _ in throw CommandError("no rules") }).contains("the answer is no"))
        #expect(tool.calls.isEmpty)
        #expect(try await outcome(of: tool, authorizer: FixedAuthorizer(.allow(rule: "test"))) == "done")
        #expect(tool.calls.count == 1)
    }

    @Test("without audit there is no action")
    func audit() async throws {
        let tool = RecordingTool("act")
        let model = ScriptedModel(.callTool("act"), .text("end"))
        try await withTestBot(model: model, tools: [tool], audit: Broken()) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            #expect(try await ana.nextReply().kind == .error)
        }
        #expect(tool.calls.isEmpty)
    }

    @Test("a tool that takes too long is stopped and the model is told")
    func timeLimit() async throws {
        let clock = ManualClock()
        let never = AsyncGate()
        let tool = RecordingTool("slow", timeLimit: .seconds(5)) { _, _ in
            try await never.wait()
            return ToolResult("never")
        }
        async let told = outcome(of: tool, dependencies: clock.dependencies)
        try await clock.advance(by: .seconds(6), onceSleeping: 1)
        #expect(try await told.hasPrefix("Timed out:"))
    }

    @Test("a stranger's message cannot make a tool run")
    func stranger() async throws {
        let tool = RecordingTool("act", effects: .executes)
        let model = ScriptedModel(.callTool("act"), .text("end"))
        try await withTestBot(model: model, tools: [tool], people: People(unknown: .answer)) { bot in
            let eve = bot.user("eve")
            try await eve.say("run it")
            #expect(try await eve.nextReply().text == "end")
            #expect(model.requests.last?.messages.last?.text.contains("unknown senders") == true)
            #expect(model.requests.first?.messages.last?.text.hasPrefix("⟦message of an unknown person") == true)
        }
        #expect(tool.calls.isEmpty)
    }

    @Test("two calls with the same id in one turn are told apart")
    func repeatedIDs() async throws {
        let tool = RecordingTool("count")
        let model = ScriptedModel(.callTool("count", id: "same"), .callTool("count", id: "same"), .text("end"))
        try await withTestBot(model: model, tools: [tool]) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            _ = try await ana.nextReply()
        }
        #expect(Set(tool.calls.map(\.idempotencyKey)).count == 2)
    }

    @Test("a turn ends when the mode's steps are used up")
    func budget() async throws {
        let model = ScriptedModel(fallback: .callTool("count"))
        try await withTestBot(model: model, tools: [RecordingTool("count")]) { bot in
            let ana = bot.user("ana")
            try await ana.say("!mode ask")
            _ = try await ana.nextReply()
            try await ana.say("count for ever")
            #expect(try await ana.nextReply().text.contains("it took 4 steps"))
        }
        #expect(model.requests.count == Mode.ask.budget.steps)
    }

    private struct Broken: ContentRedactor, AuditSink {
        struct Failure: Error {}
        func redact(_ text: String) throws -> String {
            if text.contains("key=") { throw Failure() }
            return text
        }
        func record(_ record: AuditRecord) async throws { throw Failure() }
    }
}
