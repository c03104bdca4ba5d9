// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Testing

@Suite("Approvals")
struct ApprovalTests {
    @Test("a tool with consequences runs after the owner approved it, and only then")
    func approve() async throws {
        let tool = RecordingTool("delete_file", effects: .writesFiles)
        let model = ScriptedModel(.callTool("delete_file", ["path": "a.txt"]), .text("Deleted."))
        try await withTestBot(model: model, tools: [tool]) { bot in
            let ana = bot.user("ana")
            try await ana.say("delete a.txt")
            let question = try await ana.nextMessage()
            #expect(question.kind == .approvalRequest)
            #expect(question.text.contains(#"delete_file {"path":"a.txt"}"#))
            #expect(tool.calls.isEmpty)
            // The question is durable, and under way, before the state says so.
            try await eventually { try await bot.store.recentTurns(limit: 1, in: nil).first?.state == .waitingApproval }
            try await ana.say("!approve")
            #expect(try await ana.nextReply().text.hasPrefix("Approved"))
            #expect(try await ana.nextReply().text == "Deleted.")
            #expect(tool.calls.count == 1)
        }
    }

    @Test("a refused tool does not run and the model is told")
    func deny() async throws {
        let tool = RecordingTool("delete_file", effects: .writesFiles)
        let model = ScriptedModel(.callTool("delete_file", ["path": "a.txt"]), .text("I did not delete it."))
        try await withTestBot(model: model, tools: [tool]) { bot in
            let ana = bot.user("ana")
            try await ana.say("delete a.txt")
            try await bot.approvals.deny(try await bot.approvals.next(), reason: "not today")
            #expect(try await ana.nextReply().text == "I did not delete it.")
            #expect(tool.calls.isEmpty)
            #expect(model.requests.last?.messages.last?.text == "Refused: The person said no: not today")
        }
    }

    @Test("!approve without a code is refused while two requests are open, and works with one")
    func ambiguous() async throws {
        let tool = RecordingTool("act", effects: .executes)
        let model = ScriptedModel(fallback: .reply { request in
            request.messages.last?.role == .tool
                ? [.textDelta("done"), .finished(.stop)]
                : [.toolCallStarted(index: 0, id: "x", name: "act"), .toolCallArgumentsDelta(index: 0, "{}"), .finished(.toolCalls)]
        })
        try await withTestBot(model: model, tools: [tool]) { bot in
            let one = bot.user("ana", in: "one")
            let two = bot.user("ana", in: "two")
            try await one.say("act")
            _ = try await one.nextMessage()
            try await two.say("act")
            let question = try await two.nextMessage()
            try await two.say("!approve")
            #expect(try await two.nextReply().text.hasPrefix("2 requests are open"))
            #expect(tool.calls.isEmpty)
            let open = await bot.orchestrator.openApprovals()
            let code = try #require(open.first { $0.id == question.approval }?.shortCode)
            try await two.say("!approve \(code.lowercased())")
            #expect(try await two.nextReply().text.hasPrefix("Approved"))
            #expect(try await two.nextReply().text == "done")
            #expect(tool.calls.count == 1)
        }
    }

    @Test("an unanswered request becomes a no when its time is over")
    func expiry() async throws {
        let clock = ManualClock()
        let tool = RecordingTool("act", effects: .executes)
        let model = ScriptedModel(.callTool("act"), .text("Nobody answered."))
        try await withTestBot(
            model: model, tools: [tool], options: Orchestrator.Options(approvalLifetime: .seconds(60)), dependencies: clock.dependencies
        ) { bot in
            let ana = bot.user("ana")
            try await ana.say("act")
            _ = try await ana.nextMessage()
            try await clock.advance(by: .seconds(61), onceSleeping: 1)
            #expect(try await ana.nextReply().text == "Nobody answered.")
            try await ana.say("!approve")
            #expect(try await ana.nextReply().text == "There is nothing to approve or refuse.")
            #expect(tool.calls.isEmpty)
        }
    }

    @Test("somebody who is not the owner cannot approve")
    func stranger() async throws {
        let tool = RecordingTool("act", effects: .executes)
        let model = ScriptedModel(.callTool("act"), .text("ok"))
        let people = People(owners: ["memory:ana"], known: ["memory:bob"])
        try await withTestBot(model: model, tools: [tool], people: people) { bot in
            let bob = bot.user("bob")
            try await bob.say("act")
            _ = try await bob.nextMessage()
            try await bob.say("!approve")
            #expect(try await bob.nextReply().text == "Only the owner can use !approve.")
            #expect(await bot.orchestrator.openApprovals().count == 1)
            #expect(tool.calls.isEmpty)
        }
    }

    @Test("an approval is void when what would happen has changed meanwhile")
    func changed() async throws {
        let tool = ShiftingTool()
        let model = ScriptedModel(.callTool("shift"), .text("ended"))
        try await withTestBot(model: model, tools: [tool]) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            try await bot.approvals.approve(try await bot.approvals.next())
            #expect(try await ana.nextReply().text == "ended")
            let told = try #require(model.requests.last?.messages.last?.text)
            #expect(told.contains("changed since it was approved"))
        }
    }

    @Test("a decision survives a restart, and so does an open question")
    func restart() async throws {
        let store = InMemoryStore()
        let tool = RecordingTool("act", effects: .executes)
        let first = ScriptedModel(.callTool("act", id: "c"))
        try await withTestBot(model: first, tools: [tool], store: store) { bot in
            try await bot.user("ana").say("act")
            _ = try await bot.user("ana").nextMessage()
        }
        #expect(tool.calls.isEmpty)
        let second = ScriptedModel(.text("done after the restart"))
        try await withTestBot(model: second, tools: [tool], store: store) { bot in
            #expect(await bot.orchestrator.openApprovals().count == 1)
            let ana = bot.user("ana")
            try await ana.say("!yes", id: "later")
            #expect(try await ana.nextReply().text.hasPrefix("Approved"))
            #expect(try await ana.nextReply().text == "done after the restart")
        }
        #expect(tool.calls.count == 1)
        #expect(second.requests.count == 1)
    }

    private struct ShiftingTool: Tool {
        struct Input: Decodable {}
        let definition = ToolDefinition(name: "shift", description: "Never the same.", effects: .executes)
        func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview? {
            ActionPreview(summary: "shift", bindings: ["nonce": "\(UInt64.random(in: 0 ... .max))"])
        }
        func call(_ input: Input, in context: ToolContext) async throws -> ToolResult {
            Issue.record("ran although the preview changed")
            return ToolResult("ran")
        }
    }
}
