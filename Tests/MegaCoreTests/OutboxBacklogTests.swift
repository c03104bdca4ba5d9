// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
@testable import MegaCore
import MegaTesting
import Testing

@Suite("More messages than the outbox keeps in memory")
struct OutboxBacklogTests {
    private let away = ConversationID(channel: ChannelID(platform: "memory"), chat: "away")
    private let here = ConversationID(channel: ChannelID(platform: "memory"), chat: "here")

    private func options(retention: Duration? = nil) -> Orchestrator.Options {
        var options = Orchestrator.Options(turnRetention: retention)
        options.outbox.loaded = 20
        options.outbox.loadedPerConversation = 8
        return options
    }

    private func message(_ number: Int, to conversation: ConversationID) -> OutboundMessage {
        OutboundMessage(id: "\(conversation.chat)-\(number)", conversation: conversation, kind: .notice, content: [.text("\(number)")])
    }

    @Test("what waits for a recipient who is away holds up nobody else, and arrives in order once they are back")
    func absentRecipient() async throws {
        let clock = ManualClock()
        let adapter = InMemoryAdapter(now: { clock.date })
        let store = InMemoryStore()
        try await store.enqueue((0..<100).map { message($0, to: away) }, at: clock.date)
        try await store.enqueue((0..<30).map { message($0, to: here) }, at: clock.date)
        adapter.setAway(away, true)
        try await withTestBot(
            model: ScriptedModel(fallback: .reply { _ in [.textDelta("hello"), .finished(.stop)] }), store: store, options: options(),
            dependencies: clock.dependencies, adapter: adapter
        ) { bot in
            let ana = bot.user("ana")
            try await ana.say("hi")
            #expect(try await ana.nextReply().text == "hello")
            try await eventually { adapter.sent.filter { $0.conversation == here }.count == 30 }
            #expect(adapter.sent.filter { $0.conversation == here }.map(\.text) == (0..<30).map(String.init))

            adapter.setAway(away, false)
            await bot.orchestrator.inbox.recipientReturned(away)
            try await eventually { adapter.sent.filter { $0.conversation == away }.count == 100 }
            #expect(adapter.sent.filter { $0.conversation == away }.map(\.text) == (0..<100).map(String.init))
            try await eventually { try await store.pendingOutbox(limit: 1).isEmpty }
        }
    }

    @Test("many conversations at once, each in order, with room for a few")
    func manyConversations() async throws {
        let adapter = InMemoryAdapter()
        let store = InMemoryStore()
        let places = (0..<12).map { ConversationID(channel: ChannelID(platform: "memory"), chat: "c\($0)") }
        for number in 0..<25 { try await store.enqueue(places.map { message(number, to: $0) }, at: Date()) }
        try await withTestBot(model: ScriptedModel(), store: store, options: options(), adapter: adapter) { _ in
            try await eventually { adapter.sent.count == 300 }
            for place in places {
                #expect(adapter.sent.filter { $0.conversation == place }.map(\.text) == (0..<25).map(String.init))
            }
        }
    }

    @Test("turns that ended long ago are deleted while it runs")
    func pruning() async throws {
        let clock = ManualClock()
        let store = InMemoryStore()
        try await withTestBot(
            model: ScriptedModel(.text("one"), .text("two")), store: store, options: options(retention: .seconds(3600)),
            dependencies: clock.dependencies, adapter: InMemoryAdapter(now: { clock.date })
        ) { bot in
            let ana = bot.user("ana")
            try await ana.say("first")
            _ = try await ana.nextReply()
            try await eventually { try await store.turnCounts() == [.delivered: 1] }
            try await clock.advance(by: .seconds(600), onceSleeping: 1)
            #expect(try await store.turnCounts() == [.delivered: 1])
            try await clock.advance(by: .seconds(3601), onceSleeping: 1)
            try await eventually { try await store.turnCounts() == [:] }
            #expect(try await store.recentEntries(in: ana.conversation, before: nil, limit: 9).count == 2)
        }
    }

    @Test("a model that never ends its answer, and a tool that never ends, are stopped when the turn's time is over")
    func turnTime() async throws {
        let tool = RecordingTool("dawdle", effects: .readsFiles) { _, _ in
            try await Task.sleep(for: .seconds(600))
            return ToolResult("never")
        }
        let models: [any LanguageModel] = [SilentModel(), ScriptedModel(.callTool("dawdle", [:]), .text("the tool was slow"))]
        for model in models {
            try await withTestBot(model: model, tools: [tool], options: .init(turnTimeLimit: .milliseconds(50), turnRetention: nil)) { bot in
                let ana = bot.user("ana")
                try await ana.say("go")
                #expect(try await ana.nextReply().text.contains("longer than"))
            }
        }
    }
}

/// Begins an answer and never goes on.
private struct SilentModel: LanguageModel, AsyncSequence, AsyncIteratorProtocol {
    typealias Element = GenerationEvent
    let id = "silent"
    let contextWindow = 32_000
    func generate(_ request: ModelRequest) -> GenerationStream { GenerationStream(self) }
    func makeAsyncIterator() -> SilentModel { self }
    mutating func next() async throws -> GenerationEvent? {
        try await Task.sleep(for: .seconds(600))
        return nil
    }
}
