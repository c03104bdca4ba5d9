// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What the audit is told")
struct AuditEventTests {
    private struct Refused: AuditNamedError, CustomStringConvertible {
        var auditName: String { "denied" }
        var description: String { "the path leaves the workspace" }
    }

    @Test("a turn leaves its whole way behind, in order: effects durably, the rest noted, no text of anybody", .timeLimit(.minutes(1)))
    func wholeTurn() async throws {
        let audit = RecordingAudit()
        let tool = RecordingTool("count")
        let model = ScriptedModel(.callTool("count"), .text("the secret answer"))
        try await withTestBot(model: model, tools: [tool], authorizer: FixedAuthorizer.allowing, audit: audit) { bot in
            let ana = bot.user("ana")
            try await ana.say("the secret question")
            _ = try await ana.nextReply()
            try await audit.wait(for: .messageSent)
        }
        #expect(
            audit.events == [
                "system.started", "message.received", "model.answered", "tool.decided", "tool.finished", "model.answered", "message.sent",
                "system.stopped",
            ])
        #expect(audit.entries.first { $0.record.event == .toolDecided }?.isDurable == true && audit.entries.first { $0.record.event == .messageReceived }?.isDurable == false && audit.entries.first { $0.record.event == .modelAnswered }?.isDurable == false)
        let received = try #require(audit.records(of: .messageReceived).first)
        #expect(received.details["bytes"] == "19" && received.details["trust"] == "owner" && received.person != nil && received.turn != nil)
        #expect(received.details["sha256"]?.utf8.count == 64)
        let answered = try #require(audit.records(of: .modelAnswered).first)
        #expect(answered.details["model"] == model.id && answered.details["calls"]?.hasPrefix("count (") == true)
        #expect(audit.records(of: .messageSent).first?.turn == received.turn)
        #expect(!audit.records.contains { "\($0)".contains("secret") })
    }

    @Test("a failure with a name of its own is recorded under the tool's name, as the reference system did", .timeLimit(.minutes(1)))
    func namedFailure() async throws {
        let audit = RecordingAudit()
        let tool = RecordingTool("read_file") { _, _ in throw Refused() }
        try await withTestBot(model: ScriptedModel(.callTool("read_file"), .text("no")), tools: [tool], authorizer: FixedAuthorizer.allowing, audit: audit) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            _ = try await ana.nextReply()
        }
        #expect(audit.records(of: "read_file.denied").first?.details["reason"] == "the path leaves the workspace")
    }

    @Test("a model that fails, a stranger, and a change of the memory are recorded", .timeLimit(.minutes(1)))
    func others() async throws {
        let audit = RecordingAudit()
        let model = ScriptedModel(
            .callTool("remember", ["text": "ana likes the xylophone"]), .text("kept"),
            .fail(ModelError(.unreachable, retry: .never, model: "m", reason: "xylophone")))
        try await withTestBot(model: model, authorizer: FixedAuthorizer.allowing, audit: audit) { bot in
            let ana = bot.user("ana")
            try await ana.say("remember")
            _ = try await ana.nextReply()
            try await ana.say("again")
            _ = try await ana.nextReply()
            try await bot.user("stranger").say("hello")
            try await audit.wait(for: .senderRefused)
        }
        #expect(audit.records(of: .modelFailed).first?.details["error"] == "unreachable")
        #expect(audit.records(of: .memoryChanged).first?.details["change"] == "remembered")
        #expect(audit.records(of: .memoryChanged).first?.details["memory"] != nil)
        #expect(audit.events.count { $0 == "message.received" } == 3)
        #expect(audit.records(of: .memoryChanged).first.map { "\($0)".contains("xylophone") } == false)
    }

    @Test("an audit that takes no notes stops no talk; one that takes no records stops every effect", .timeLimit(.minutes(1)))
    func trouble() async throws {
        let tool = RecordingTool("count")
        try await withTestBot(
            model: ScriptedModel(.text("hello"), .callTool("count"), .text("x")), tools: [tool], authorizer: FixedAuthorizer.allowing, audit: RecordingAudit(failure: CommandError("the disk is full"))
        ) { bot in
            let ana = bot.user("ana")
            try await ana.say("hi")
            #expect(try await ana.nextReply().text == "hello")
            try await ana.say("count")
            #expect(try await ana.nextReply().kind == .error)
        }
        #expect(tool.calls.isEmpty)
    }
}

@Suite("Messages over a limit")
struct RateLimitTurnTests {
    @Test("they wait for their turn, with one notice, and every one is answered in order", .timeLimit(.minutes(1)))
    func waiting() async throws {
        let clock = ManualClock()
        let adapter = InMemoryAdapter(now: { clock.date })
        let limiter = RateLimitMiddleware(
            limits: .init(owner: RateLimit(60, per: .seconds(60), burst: 2)), dependencies: clock.dependencies)
        let model = ScriptedModel(.text("1"), .text("2"), .text("3"), .text("4"))
        try await withTestBot(model: model, middleware: [limiter], dependencies: clock.dependencies, adapter: adapter) { bot in
            let ana = bot.user("ana")
            for number in 1...4 { try await ana.say("message \(number)") }
            #expect(try await ana.nextReply().text == "1")
            #expect(try await ana.nextReply().text == "2")
            let notice = try await ana.nextMessage()
            #expect(notice.kind == .notice && notice.text.contains("Nothing is lost"))
            try await clock.advance(by: .seconds(1), onceSleeping: 1)
            #expect(try await ana.nextReply().text == "3")
            try await clock.advance(by: .seconds(1), onceSleeping: 1)
            #expect(try await ana.nextReply().text == "4")
        }
    }

    @Test("one who waits holds nobody else up", .timeLimit(.minutes(1)))
    func others() async throws {
        let clock = ManualClock()
        let adapter = InMemoryAdapter(now: { clock.date })
        let limiter = RateLimitMiddleware(
            limits: .init(known: RateLimit(60, per: .seconds(60), burst: 1)), dependencies: clock.dependencies)
        let model = ScriptedModel(.text("a"), .text("b"))
        try await withTestBot(
            model: model, middleware: [limiter], people: People(owners: ["memory:ana"], known: ["memory:ben"]),
            options: Orchestrator.Options(concurrentTurns: 1), dependencies: clock.dependencies, adapter: adapter
        ) { bot in
            let ben = bot.user("ben"), ana = bot.user("ana")
            try await ben.say("one")
            #expect(try await ben.nextReply().text == "a")
            try await ben.say("two")
            #expect(try await ben.nextMessage().kind == .notice)
            try await ana.say("hi")
            #expect(try await ana.nextReply().text == "b")
        }
    }
}
