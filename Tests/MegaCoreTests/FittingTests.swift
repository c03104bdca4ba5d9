// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaCore
import MegaTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What a channel cannot carry")
struct FittingTests {
    private let picture = Media(kind: .image, mimeType: "image/png", fileName: "cat.png", size: 2048, blob: "b", caption: "my cat")

    private struct Answering: Agent {
        let name = "answering"
        var content: [ContentPart]
        func respond(to turn: Turn, using services: AgentServices) async throws -> AgentReply { AgentReply(content: content) }
    }

    @Test("A long answer comes in parts, in order, each under a key of its own; the turn is delivered with the last") func parts() async throws {
        let adapter = InMemoryAdapter(capabilities: AdapterCapabilities(textLimit: 12, delivery: .exactlyOnce))
        let store = InMemoryStore()
        try await withTestBot(model: ScriptedModel(.text("one two three four five"), .text("short")), store: store, adapter: adapter) { bot in
            let ana = bot.user("ana")
            try await ana.say("count")
            #expect(try await ana.nextReply().text == "one two")
            #expect(try await ana.nextReply().text == "three four")
            #expect(try await ana.nextReply().text == "five")
            #expect(adapter.sent.map(\.id) == ["turn-1", "turn-1-2", "turn-1-3"])
            #expect(adapter.sent.allSatisfy { $0.replyTo == "m1" && $0.kind == .reply })
            try await eventually { try await store.turn(TurnID(rawValue: 1))?.state == .delivered }
            try await ana.say("again")
            #expect(try await ana.nextReply().id == "turn-2")
        }
    }

    @Test("A failed part is sent again without the others, and later ones wait for it") func retry() async throws {
        let clock = ManualClock()
        let adapter = InMemoryAdapter(capabilities: AdapterCapabilities(textLimit: 12), now: { clock.date })
        adapter.failNextSends(1, with: DeliveryError(.retry(after: nil), reason: "busy"))
        try await withTestBot(model: ScriptedModel(.text("one two three four")), dependencies: clock.dependencies, adapter: adapter) { bot in
            let ana = bot.user("ana")
            try await ana.say("count")
            try await clock.advance(by: .seconds(10), onceSleeping: 1)
            #expect(try await ana.nextReply().text == "one two")
            #expect(try await ana.nextReply().text == "three four")
        }
    }

    @Test("An approval that is too long is one question, under the last part") func approval() async throws {
        let adapter = InMemoryAdapter(capabilities: AdapterCapabilities(textLimit: 40, delivery: .exactlyOnce))
        let tool = RecordingTool("act", effects: .executes)
        let model = ScriptedModel(.callTool("act", ["text": .string(String(repeating: "word ", count: 20))]), .text("done"))
        try await withTestBot(model: model, tools: [tool], adapter: adapter) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            let request = try await bot.approvals.next()
            var parts: [OutboundMessage] = []
            repeat { parts.append(try await ana.nextMessage()) } while parts.last?.kind != .approvalRequest
            #expect(parts.count > 2)
            #expect(parts.dropLast().allSatisfy { $0.kind == .notice && $0.approval == nil && $0.text.count <= 40 })
            #expect(parts.last?.approval != nil && parts.last?.text.contains(request.shortCode) == true)
            try await ana.say("!approve")
            #expect(try await ana.nextReply().kind == .commandResult)
        }
    }

    @Test("An attachment the channel does not take is a line of text, one it takes stays one") func media() async throws {
        let large = Media(kind: .image, mimeType: "image/png", fileName: "cat.png", size: 10_000, blob: "b", caption: "my cat")
        let content: [ContentPart] = [.text("Here:"), .media(picture), .media(large)]
        let none = InMemoryAdapter()
        try await withTestBot(agent: Answering(content: content), adapter: none) { bot in
            let ana = bot.user("ana")
            try await ana.say("show")
            #expect(try await ana.nextReply().text == "Here:\n[image: cat.png, 2048 bytes]\nmy cat\n[image: cat.png, 10000 bytes]\nmy cat")
        }
        let some = InMemoryAdapter(capabilities: AdapterCapabilities(delivery: .exactlyOnce, media: [.image: 4096]))
        try await withTestBot(agent: Answering(content: content), adapter: some) { bot in
            let ana = bot.user("ana")
            try await ana.say("show")
            let reply = try await ana.nextReply()
            #expect(reply.content.contains(.media(picture)) && !reply.content.contains(.media(large)))
        }
    }

    @Test("A channel without threads is told of none, and the history keeps them apart all the same", arguments: [true, false])
    func threads(_ hasThreads: Bool) async throws {
        let adapter = InMemoryAdapter(capabilities: AdapterCapabilities(delivery: .exactlyOnce, hasThreads: hasThreads))
        let store = InMemoryStore()
        let conversation = ConversationID(channel: adapter.channel, chat: "c", thread: "t")
        try await withTestBot(model: ScriptedModel(.text("hi")), store: store, adapter: adapter) { _ in
            try await adapter.receive(
                InboundMessage(id: "1", conversation: conversation, sender: Participant(id: "ana"), content: [.text("x")], timestamp: .now))
            let sent = try await adapter.nextMessage(after: 0)
            #expect(sent.conversation.thread == (hasThreads ? "t" : nil))
            #expect(try await store.recentEntries(in: conversation, before: nil, limit: 9).map(\.text) == ["x", "hi"])
        }
    }
}
