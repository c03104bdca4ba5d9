// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaCore
import MegaTesting
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("The host's own question")
struct AskTests {
    private struct Deciding: MessageMiddleware {
        let decide: @Sendable (Turn) async throws -> MiddlewareDecision
        func handle(_ turn: Turn) async throws -> MiddlewareDecision { try await decide(turn) }
    }

    private struct Failing: Agent {
        struct Trouble: Error, CustomStringConvertible { var description: String { "the key SECRET is wrong" } }
        let name = "failing"
        func respond(to turn: Turn, using services: AgentServices) async throws -> AgentReply { throw Trouble() }
    }

    private func failure(_ bot: TestBot) async throws -> TurnFailedError {
        try #require(await #expect(throws: TurnFailedError.self) { try await bot.orchestrator.ask("hi") })
    }

    @Test("is not answered by a notice that something takes longer") func notice() async throws {
        let clock = ManualClock()
        let waiting = Deciding { turn in .wait(.seconds(5), notice: "One moment, please.") }
        try await withTestBot(model: ScriptedModel(.text("the answer")), middleware: [waiting], dependencies: clock.dependencies) { bot in
            async let answer = bot.orchestrator.ask("hi")
            try await clock.advance(by: .seconds(6), onceSleeping: 1)
            let text = try await answer
            #expect(text == "the answer")
        }
    }

    @Test("throws when the agent could not answer, with the reason and without secrets") func agentFailed() async throws {
        try await withTestBot(agent: Failing(), redactor: MaskingRedactor(["SECRET"])) { bot in
            let error = try await failure(bot)
            #expect(error.code == .failed && error.reason == "the key ••• is wrong")
            #expect(error.description.hasPrefix("Turn 1 has no answer: the key ••• is wrong. "))
            #expect(try await bot.store.turn(error.turn)?.state == .failed)
        }
    }

    @Test("throws when middleware drops it or answers with an error; another answer is an answer") func middleware() async throws {
        let number = Mutex(0)
        let deciding = Deciding { _ in
            switch number.withLock({ number in
                number += 1
                return number
            }) {
            case 1: .drop(reason: "not today")
            case 2: .answer("no room", kind: .error)
            default: .answer("by the way", kind: .notice)
            }
        }
        try await withTestBot(model: ScriptedModel(), middleware: [deciding]) { bot in
            let dropped = try await failure(bot)
            #expect(dropped.code == .dropped && dropped.reason == "not today")
            let refused = try await failure(bot)
            #expect(refused.code == .failed && refused.reason == "no room")
            #expect(try await bot.orchestrator.ask("hi") == "by the way")
        }
    }

    @Test("throws when an owner stops the turn") func stopped() async throws {
        let gate = Gate()
        let tool = RecordingTool("wait") { _, _ in
            gate.open()
            try await untilCancelled()
            return ToolResult("never")
        }
        try await withTestBot(model: ScriptedModel(.callTool("wait")), tools: [tool]) { bot in
            async let answer = bot.orchestrator.ask("hi")
            try await gate.wait()
            #expect(try await bot.orchestrator.ask("!stop") == "Stopped.")
            do {
                _ = try await answer
                Issue.record("there was an answer")
            } catch let error as TurnFailedError {
                #expect(error.code == .stopped)
            }
        }
    }
}

@Suite("Parts that do not fit together")
struct AssemblyTests {
    @Test("Two tools of one name and two adapters of one channel are refused before anything happens, all at once") func twice() async throws {
        let bot = Orchestrator(
            agent: ConversationalAgent(model: ScriptedModel()), adapters: [InMemoryAdapter(), InMemoryAdapter()],
            tools: [RecordingTool("a"), RecordingTool("b"), RecordingTool("a")], store: InMemoryStore())
        let error = try #require(await #expect(throws: AssemblyError.self) { try await bot.run() })
        #expect(error.problems.count == 2 && error.description.contains("“a”") && error.description.contains("memory:default"))
        await #expect(throws: AssemblyError.self) { try await bot.ask("hi") }
    }

    @Test("A provider's tool whose name is taken is left out") func provider() async throws {
        struct Provider: ToolProvider {
            let tool: RecordingTool
            func tools() async -> [any Tool] { [tool] }
        }
        let (own, other) = (RecordingTool("act"), RecordingTool("act"))
        try await withTestBot(model: ScriptedModel(.callTool("act"), .text("end")), tools: [own], toolProviders: [Provider(tool: other)]) { bot in
            let answer = try await bot.orchestrator.ask("go")
            #expect(answer == "end")
        }
        #expect(own.calls.count == 1 && other.calls.isEmpty)
    }

    @Test("Memories are kept where the host says, and recalled from there") func memory() async throws {
        let (store, memory) = (InMemoryStore(), InMemoryStore())
        let model = ScriptedModel(.callTool("remember", ["text": "The key is under the blue pot."]), .text("ok"), .text("under the pot"))
        try await withTestBot(model: model, store: store, memory: memory) { bot in
            let (first, second) = (try await bot.orchestrator.ask("remember it"), try await bot.orchestrator.ask("where is the key?", in: "other"))
            #expect(first == "ok" && second == "under the pot")
        }
        #expect(model.requests.last?.messages.contains { $0.text.contains("blue pot") } == true)
        #expect(try await store.memories(of: "direct:owner", limit: 9).isEmpty)
        #expect(try await memory.memories(of: "direct:owner", limit: 9).count == 1)
    }

    @Test("The words put to a picture reach the model in the turn that brings it, as they do later") func caption() async throws {
        let model = ScriptedModel(.text("a cat"), .text("still a cat"))
        let picture = Media(kind: .image, mimeType: "image/png", size: 3, blob: "b", caption: "what is this?")
        try await withTestBot(model: model) { bot in
            let ana = bot.user("ana")
            try await bot.adapter.receive(
                InboundMessage(
                    id: "1", conversation: ana.conversation, sender: Participant(id: "ana"), content: [.text("Look"), .media(picture)], timestamp: .now))
            _ = try await ana.nextReply()
            try await ana.say("sure?")
            _ = try await ana.nextReply()
        }
        let text = "Look\n[image: image/png, 3 bytes]\nwhat is this?"
        #expect(model.requests.first?.messages.last?.text == text)
        #expect(model.requests.last?.messages.first?.text == text)
    }
}
