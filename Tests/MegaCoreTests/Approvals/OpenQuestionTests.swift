// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Testing

@Suite("Open questions")
struct OpenQuestionTests {
    private func bot(_ body: @Sendable @escaping (TestBot) async throws -> Void) async throws {
        let model = ScriptedModel(fallback: .reply { request in
            request.messages.last?.role == .user && request.messages.last?.text == "act"
                ? [.toolCallStarted(index: 0, id: "x", name: "act"), .toolCallArgumentsDelta(index: 0, "{}"), .finished(.toolCalls)]
                : [.textDelta("done"), .finished(.stop)]
        })
        try await withTestBot(model: model, tools: [RecordingTool("act", effects: .executes)]) { try await body($0) }
    }

    @Test("are shown to whoever comes, under the same id and code, with what waits behind them; and not once they are answered")
    func shownAgain() async throws {
        try await bot { bot in
            let (ana, inbox) = (bot.user("ana"), bot.orchestrator.inbox)
            #expect(try await inbox.openQuestions(in: ana.conversation).isEmpty)
            try await ana.say("act")
            let question = try await ana.nextMessage()
            try await eventually { try await inbox.openQuestions(in: ana.conversation).count == 1 }
            let again = try #require(try await inbox.openQuestions(in: ana.conversation).first)
            #expect(again.id == question.id && again.approval == question.approval && again.replyTo == question.replyTo && again.turn == question.turn)
            #expect(again.kind == .approvalRequest && again.text.hasPrefix(question.text))
            #expect(again.text.hasSuffix("and still open."))
            try await ana.say("hello")
            #expect(try await inbox.openQuestions(in: ana.conversation).first?.text.hasSuffix("1 message waits behind it.") == true)
            #expect(try await inbox.openQuestions(in: bot.user("ana", in: "elsewhere").conversation).isEmpty)
            // Nothing was asked anew.
            #expect(await bot.orchestrator.openApprovals().count == 1)
            try await ana.say("!approve")
            for _ in 0..<3 { _ = try await ana.nextReply() }
            #expect(try await inbox.openQuestions(in: ana.conversation).isEmpty)
        }
    }

    @Test("that nobody has received yet are left to the outbox")
    func undelivered() async throws {
        try await bot { bot in
            let (ana, inbox) = (bot.user("ana"), bot.orchestrator.inbox)
            bot.adapter.setAway(ana.conversation, true)
            try await ana.say("act")
            _ = try await bot.approvals.next()
            try await eventually { await bot.orchestrator.health().rendering.contains("wait for their recipient") }
            #expect(try await inbox.openQuestions(in: ana.conversation).isEmpty)
            bot.adapter.setAway(ana.conversation, false)
            await inbox.recipientReturned(ana.conversation)
            #expect(try await ana.nextMessage().kind == .approvalRequest)
            try await eventually { try await inbox.openQuestions(in: ana.conversation).count == 1 }
        }
    }

    @Test("are named once to somebody who writes on, and not for commands")
    func waiting() async throws {
        try await bot { bot in
            let ana = bot.user("ana")
            try await ana.say("act")
            let question = try await ana.nextMessage()
            try await ana.say("!whoami")
            #expect(try await ana.nextReply().text.contains("Trust: owner"))
            for _ in 0..<3 { try await ana.say("hello") }
            try await eventually { bot.adapter.sent.contains { $0.kind == .notice } }
            let code = try #require(await bot.orchestrator.openApprovals().first?.shortCode)
            try await ana.say("!deny")
            for _ in 0..<5 { _ = try await ana.nextReply() }
            let notices = bot.adapter.sent.filter { $0.kind == .notice }
            #expect(notices.count == 1)
            // It answers nothing: clients wait on for the message itself.
            #expect(notices.first?.replyTo == nil)
            #expect(notices.first?.text.contains("!approve \(code) or !deny \(code)") == true)
            #expect(question.text.contains(code))
        }
    }

    @Test("a decision names the question it settled, and a stop the turn it ended")
    func settled() async throws {
        try await bot { bot in
            let ana = bot.user("ana")
            try await ana.say("act")
            let first = try await ana.nextMessage()
            try await ana.say("!approve WRONG")
            #expect(try await ana.nextReply().approval == nil)
            try await ana.say("!no")
            #expect(try await ana.nextReply().approval == first.approval)
            #expect(try await ana.nextReply().text == "done")
            try await ana.say("act")
            let second = try await ana.nextMessage()
            try await ana.say("!stop")
            let stopped = try await ana.nextReply()
            #expect(stopped.text == "Stopped.")
            #expect(stopped.metadata["ended_turn"] == second.turn.map { "\($0.rawValue)" })
            try await ana.say("!stop")
            let idle = try await ana.nextReply()
            #expect(idle.text == "Nothing is running here." && idle.metadata["ended_turn"] == nil)
        }
    }

    @Test("a stop holds for a turn that came before it and has not begun, and for none that came after")
    func stopsInTime() async throws {
        try await bot { bot in
            let ana = bot.user("ana")
            for round in 0..<20 {
                try await ana.say("hello", id: "h\(round)")
                try await ana.say("!stop", id: "s\(round)")
                try await ana.say("hello", id: "n\(round)")
                try await eventually { bot.adapter.sent.contains { $0.replyTo == "n\(round)" } }
                let turns = try await bot.store.recentTurns(limit: 10, in: nil)
                let first = try #require(turns.first { $0.message.id == "h\(round)" })
                let isAnswered = bot.adapter.sent.contains { $0.replyTo == "h\(round)" }
                #expect(first.state == .failed || isAnswered, "\(first.state)")
                #expect(turns.first { $0.message.id == "n\(round)" }?.state != .failed)
            }
        }
    }
}

@Suite("Words for people")
struct WordingTests {
    @Test("effects are said in words, all of them, and recorded by name")
    func effects() {
        #expect(ToolEffects.writesFiles.phrase == "changes files")
        #expect(ToolEffects([.writesFiles, .executes, .network]).phrase == "changes files, runs programs and uses the network")
        #expect(ToolEffects([]).phrase == "has no effects")
        #expect(ToolEffects.writesFiles.description == "writesFiles")
        for (name, effect) in ToolEffects.names { #expect(effect.phrase != "has no effects" && (name == name.lowercased() || !effect.phrase.contains(name))) }
    }

    @Test("a text of many lines is one line in a list")
    func oneLine() {
        #expect(ApprovalText.oneLine("ls -la") == "ls -la")
        #expect(ApprovalText.oneLine("create a.txt\n+ one") == "create a.txt (and 1 more line)")
        #expect(ApprovalText.oneLine("\n\ra\r\nb\nc") == "a (and 2 more lines)")
        #expect(ApprovalText.oneLine(String(repeating: "x", count: 200), limit: 10) == "xxxxxxxxxx…")
        #expect(ApprovalText.oneLine("") == "")
        #expect(!ApprovalText.oneLine("a\u{202E}b").unicodeScalars.contains("\u{202E}"))
    }
}
