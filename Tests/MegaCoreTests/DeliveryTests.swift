// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import MegaTesting
import Testing

@Suite("Messages in and replies out")
struct DeliveryTests {
    @Test("a message is answered once, and a redelivery is not answered again")
    func dedupe() async throws {
        let model = ScriptedModel(.text("hel", "lo"))
        try await withTestBot(model: model) { bot in
            let ana = bot.user("ana")
            let first = try await ana.say("hi", id: "p1")
            let second = try await ana.say("hi", id: "p1")
            guard case .accepted(let turn) = first else {
                Issue.record("not accepted")
                return
            }
            #expect(second == .duplicate(turn))
            #expect(try await ana.nextReply().text == "hello")
            #expect(model.requests.count == 1)
            let updates = bot.adapter.updates(in: ana.conversation)
            let shown = updates.compactMap { update in if case .textDelta(let text) = update { text } else { nil } }
            #expect(shown.joined() == "hello")
        }
    }

    @Test("messages of one conversation are answered in order, however many there are")
    func order() async throws {
        let model = ScriptedModel(fallback: .reply { [.textDelta("re: \($0.messages.last?.text ?? "")"), .finished(.stop)] })
        try await withTestBot(model: model) { bot in
            let ana = bot.user("ana")
            for number in 0..<200 { try await ana.say("n\(number)") }
            for number in 0..<200 { #expect(try await ana.nextReply().text == "re: n\(number)") }
        }
    }

    @Test("a conversation that is stuck does not hold up another")
    func isolation() async throws {
        let gate = AsyncGate()
        let tool = RecordingTool("wait") { _, _ in
            try await gate.wait()
            return ToolResult("waited")
        }
        let model = ScriptedModel(fallback: .reply { request in
            if request.messages.last?.role == .tool { return [.textDelta("unstuck"), .finished(.stop)] }
            guard request.messages.last?.text == "stick" else { return [.textDelta("quick"), .finished(.stop)] }
            return [.toolCallStarted(index: 0, id: nil, name: "wait"), .finished(.toolCalls)]
        })
        try await withTestBot(model: model, tools: [tool]) { bot in
            let slow = bot.user("ana", in: "slow")
            let fast = bot.user("ana", in: "fast")
            try await slow.say("stick")
            for _ in 0..<20 {
                try await fast.say("go")
                #expect(try await fast.nextReply().text == "quick")
            }
            gate.open()
            #expect(try await slow.nextReply().text == "unstuck")
        }
    }

    @Test("a send that fails is repeated with the same id until it succeeds")
    func retry() async throws {
        let clock = ManualClock()
        let adapter = InMemoryAdapter(now: { clock.date })
        adapter.failNextSends(2, with: DeliveryError(.retry(after: nil), reason: "busy"))
        try await withTestBot(model: ScriptedModel(.text("hello")), dependencies: clock.dependencies, adapter: adapter) { bot in
            let ana = bot.user("ana")
            try await ana.say("hi")
            try await clock.advance(by: .seconds(10), onceSleeping: 1)
            try await clock.advance(by: .seconds(10), onceSleeping: 1)
            #expect(try await ana.nextReply().text == "hello")
            try await eventually { try await bot.store.recentTurns(limit: 1, in: nil).first?.state == .delivered }
        }
    }

    @Test("a reply the platform refuses for good is kept as a dead letter and the turn has failed")
    func deadLetter() async throws {
        let adapter = InMemoryAdapter()
        adapter.failNextSends(with: DeliveryError(.giveUp, reason: "blocked by the user"))
        try await withTestBot(model: ScriptedModel(.text("hello")), adapter: adapter) { bot in
            try await bot.user("ana").say("hi")
            try await eventually { try await !bot.store.deadLetters(limit: 1).isEmpty }
            let turn = try #require(try await bot.store.recentTurns(limit: 1, in: nil).first)
            #expect(turn.state == .failed)
            #expect(turn.failure?.contains("blocked by the user") == true)
            #expect(await bot.orchestrator.health().components["outbox"]?.status == .degraded)
        }
    }

    @Test("a reply waits for a recipient who is away and is sent when they return")
    func away() async throws {
        let clock = ManualClock()
        let adapter = InMemoryAdapter(now: { clock.date })
        adapter.failNextSends(with: DeliveryError(.recipientAway, reason: "nobody connected"))
        try await withTestBot(model: ScriptedModel(.text("hello")), dependencies: clock.dependencies, adapter: adapter) { bot in
            let ana = bot.user("ana")
            try await ana.say("hi")
            try await eventually { try await bot.store.pendingOutbox(limit: 1).first?.lastError != nil }
            await bot.orchestrator.inbox.recipientReturned(ana.conversation)
            #expect(try await ana.nextReply().text == "hello")
        }
    }

    @Test("what waited for a recipient before a restart is sent when they return after it, not only when the old pause is over")
    func awayOverRestart() async throws {
        let (clock, store) = (ManualClock(), InMemoryStore())
        let gone = InMemoryAdapter(now: { clock.date })
        gone.failNextSends(with: DeliveryError(.recipientAway, reason: "nobody connected"))
        try await withTestBot(model: ScriptedModel(.text("hello")), store: store, dependencies: clock.dependencies, adapter: gone) { bot in
            try await bot.user("ana").say("hi")
            try await eventually { try await store.pendingOutbox(limit: 1).first?.lastError != nil }
        }
        let due = try #require(try await store.pendingOutbox(limit: 1).first?.dueAt)
        #expect(due > clock.date)
        try await withTestBot(
            model: ScriptedModel(), store: store, dependencies: clock.dependencies, adapter: InMemoryAdapter(now: { clock.date })
        ) { bot in
            let ana = bot.user("ana")
            // The old pause is on.
            try await eventually { clock.sleeperCount(within: .seconds(60)) > 0 }
            await bot.orchestrator.inbox.recipientReturned(ana.conversation)
            #expect(try await ana.nextReply().text == "hello")
        }
    }

    @Test("unanswered messages are answered after a restart, answered ones are not answered again")
    func restart() async throws {
        let store = InMemoryStore()
        let adapter = InMemoryAdapter()
        let blocking = ScriptedModel(.text("first"))
        try await withTestBot(model: blocking, store: store, adapter: adapter) { bot in
            let ana = bot.user("ana")
            try await ana.say("one")
            #expect(try await ana.nextReply().text == "first")
            try await eventually { try await bot.store.turnCounts()[.delivered] == 1 }
        }
        // Recorded while nobody worked.
        let lost = InboundMessage(
            id: "late", conversation: adapter.conversation("ana"), sender: Participant(id: "ana"), content: [.text("two")],
            timestamp: .now, trust: .owner)
        _ = try await store.record(lost, from: "memory:ana", cursor: nil, at: .now)
        let second = ScriptedModel(.text("second"))
        let fresh = InMemoryAdapter()
        try await withTestBot(model: second, store: store, adapter: fresh) { bot in
            #expect(try await bot.user("ana").nextReply().text == "second")
            try await eventually { try await bot.store.turnCounts()[.delivered] == 2 }
            #expect(fresh.sent.count == 1)
        }
    }

    @Test("a tool that was cut off without idempotency is reported, not run again")
    func unknownOutcome() async throws {
        let store = InMemoryStore()
        let tool = RecordingTool("pay")
        let message = InboundMessage(
            id: "1", conversation: InMemoryAdapter().conversation("ana"), sender: Participant(id: "ana"), content: [.text("pay")],
            timestamp: .now, trust: .owner)
        guard case .accepted(let turn) = try await store.record(message, from: "memory:ana", cursor: nil, at: .now) else { return }
        try await store.begin(turn.id, at: .now)
        let reply = ModelReply(text: "", toolCalls: [ToolCall(id: "p", name: "pay", arguments: [:])])
        // The process dies here: the intent is written, the outcome is not.
        try await store.append(
            [.modelReply(reply), .toolIntent(callID: "p", tool: "pay", isIdempotent: false)], to: turn.id, state: .running, at: .now)
        let second = ScriptedModel(.text("I do not know whether it was paid."))
        try await withTestBot(model: second, tools: [tool], store: store) { bot in
            let reply = try await bot.user("ana").nextReply()
            #expect(reply.text == "I do not know whether it was paid.")
        }
        #expect(tool.calls.isEmpty)
        #expect(second.requests.last?.messages.last?.text.hasPrefix("Unknown:") == true)
    }

    @Test("strangers get no answer and their turn says why")
    func stranger() async throws {
        try await withTestBot(model: ScriptedModel()) { bot in
            try await bot.user("eve").say("hello?")
            try await eventually { try await bot.store.turnCounts()[.failed] == 1 }
            #expect(bot.adapter.sent.isEmpty)
            #expect(try await bot.store.recentTurns(limit: 1, in: nil).first?.failure?.contains("known people") == true)
        }
    }

    @Test("a model that fails is told to the person in words")
    func modelFailure() async throws {
        let model = ScriptedModel(.fail(ModelError(.unreachable, retry: .later(after: nil), model: "m", reason: "is the server running?")))
        try await withTestBot(model: model) { bot in
            let ana = bot.user("ana")
            try await ana.say("hi")
            let answer = try await ana.nextReply()
            #expect(answer.kind == .error)
            #expect(answer.text.contains("is the server running?"))
        }
    }

    @Test("the host can ask without any adapter")
    func ask() async throws {
        try await withTestBot(model: ScriptedModel(.text("42"))) { bot in
            let answer = try await bot.orchestrator.ask("what is it?")
            #expect(answer == "42")
        }
    }

    @Test("an adapter that breaks is started again after a pause")
    func supervision() async throws {
        let clock = ManualClock()
        let adapter = InMemoryAdapter(now: { clock.date })
        try await withTestBot(model: ScriptedModel(.text("back")), dependencies: clock.dependencies, adapter: adapter) { bot in
            try await eventually { adapter.runs == 1 }
            adapter.dropConnection(DeliveryError(.retry(after: nil), reason: "gone"))
            try await clock.advance(by: .seconds(2), onceSleeping: 1)
            try await eventually { adapter.runs == 2 }
            let ana = bot.user("ana")
            try await ana.say("hi")
            #expect(try await ana.nextReply().text == "back")
        }
    }
}
