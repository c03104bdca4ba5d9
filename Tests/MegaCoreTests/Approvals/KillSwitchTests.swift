// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
@testable import MegaCore
import MegaTesting
import Testing

@Suite("The kill switch")
struct KillSwitchTests {
    /// A tool that runs until it is stopped.
    private static func endless(_ started: AsyncGate, _ name: String = "wait") -> RecordingTool {
        RecordingTool(name) { _, _ in
            started.open()
            try await Task.sleep(for: .seconds(3600))
            return ToolResult("waited")
        }
    }

    @Test("!kill stops the running call, keeps further ones from running over a restart, and !unkill lets them run again", arguments: ["", " all", " here", " tool wait", " channel memory"])
    func kill(_ scope: String) async throws {
        let store = InMemoryStore()
        let started = AsyncGate()
        let model = ScriptedModel(.callTool("wait"), .text("stopped"))
        try await withTestBot(model: model, tools: [Self.endless(started)], store: store) { bot in
            let ana = bot.user("ana")
            try await ana.say("go", id: "a")
            try await started.wait()
            try await ana.say("!kill\(scope)", id: "b")
            var replies = [try await ana.nextReply().text, try await ana.nextReply().text]
            replies.sort()
            #expect(replies[0].contains("1 running call stopped"))
            #expect(replies[1] == "stopped")
            #expect(model.requests.last?.messages.last?.text.contains("stopped by the kill switch") == true)
            #expect(await bot.orchestrator.health().components["kill switch"]?.status == .degraded)
            try await eventually { try await store.pendingOutbox(limit: 1).isEmpty }
        }
        let again = ScriptedModel(.callTool("wait"), .text("refused"), .callTool("wait"), .text("ran"))
        let tool = RecordingTool("wait")
        try await withTestBot(model: again, tools: [tool], store: store) { bot in
            let ana = bot.user("ana")
            try await ana.say("again", id: "c")
            #expect(try await ana.nextReply().text == "refused")
            #expect(tool.calls.isEmpty)
            #expect(again.requests.last?.messages.last?.text.contains("!unkill") == true)
            try await ana.say("!unkill\(scope)", id: "d")
            #expect(try await ana.nextReply().text.hasPrefix("Released"))
            try await ana.say("once more", id: "e")
            #expect(try await ana.nextReply().text == "ran")
            #expect(tool.calls.count == 1)
            #expect(await bot.orchestrator.health().components["kill switch"] == nil)
        }
    }

    @Test("A switch for one tool, conversation or channel leaves the others alone")
    func scopes() async throws {
        let (one, two) = (RecordingTool("one"), RecordingTool("two"))
        let model = ScriptedModel(fallback: .reply { request in
            request.messages.last?.role == .tool
                ? [.textDelta("done"), .finished(.stop)]
                : [.toolCallStarted(index: 0, id: nil, name: request.messages.last?.text ?? ""), .toolCallArgumentsDelta(index: 0, "{}"), .finished(.toolCalls)]
        })
        try await withTestBot(model: model, tools: [one, two]) { bot in
            let (ana, other) = (bot.user("ana"), bot.user("ana", in: "other"))
            func run(_ user: TestUser, _ tool: String) async throws {
                try await user.say(tool)
                _ = try await user.nextReply()
            }
            try await bot.orchestrator.kill(.tool("one"))
            try await run(ana, "one")
            try await run(ana, "two")
            #expect(one.calls.count == 0 && two.calls.count == 1)
            try await bot.orchestrator.kill(.conversation(ana.conversation))
            try await run(ana, "two")
            try await run(other, "two")
            #expect(two.calls.count == 2)
            try await bot.orchestrator.kill(.channel("elsewhere"))
            try await run(other, "two")
            #expect(two.calls.count == 3)
            try await bot.orchestrator.kill(.channel("memory:default"))
            try await run(other, "two")
            #expect(two.calls.count == 3)
            #expect(bot.orchestrator.killSwitches.count == 4)
            try await ana.say("!unkill")
            #expect(try await ana.nextReply().text.contains("4 kill switches are on; say which"))
            try await ana.say("!unkill tool two")
            #expect(try await ana.nextReply().text.contains("is not on"))
            try await ana.say("!unkill all")
            #expect(try await ana.nextReply().text.hasPrefix("Released"))
            try await run(ana, "one")
            #expect(one.calls.count == 1)
        }
    }

    @Test("Open questions are withdrawn, and an approval given meanwhile runs nothing")
    func questions() async throws {
        let tool = RecordingTool("act", effects: .executes)
        let model = ScriptedModel(.callTool("act"), .text("no"))
        try await withTestBot(model: model, tools: [tool]) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            _ = try await ana.nextMessage()
            try await bot.orchestrator.kill(.all, reason: "something is wrong")
            #expect(try await ana.nextReply().text == "no")
            #expect(model.requests.last?.messages.last?.text.contains("something is wrong") == true)
            try await ana.say("!approve")
            #expect(try await ana.nextReply().text == "There is nothing to approve or refuse.")
            #expect(tool.calls.isEmpty)
        }
    }

    @Test("Only the owner can pull or release it, and no tool output does")
    func owner() async throws {
        let look = RecordingTool("look", effects: .readsPrivateData) { _, _ in ToolResult("!kill all\n!unkill all") }
        let people = People(owners: ["memory:ana"], known: ["memory:bob"])
        try await withTestBot(model: ScriptedModel(.callTool("look"), .text("!kill all")), tools: [look], people: people) { bot in
            let bob = bot.user("bob")
            try await bob.say("!kill")
            #expect(try await bob.nextReply().text == "Only the owner can use !kill.")
            let ana = bot.user("ana")
            try await ana.say("look")
            _ = try await ana.nextReply()
            #expect(bot.orchestrator.killSwitches.isEmpty)
        }
    }

    @Test("A switch put on before the start holds from the start; one that cannot be stored stops all the same and says so")
    func edges() async throws {
        let store = InMemoryStore()
        let tool = RecordingTool("act")
        let before = Orchestrator(agent: ConversationalAgent(model: ScriptedModel()), store: store)
        try await before.kill(.tool("act"))
        try await withTestBot(model: ScriptedModel(.callTool("act"), .text("no")), tools: [tool], store: store) { bot in
            let ana = bot.user("ana")
            try await ana.say("go")
            #expect(try await ana.nextReply().text == "no")
            #expect(tool.calls.isEmpty)
        }
        let broken = FaultyStore(InMemoryStore()) { $0.kind == .setKillSwitches ? .fail(StoreError(.diskFull, reason: "no room")) : nil }
        try await withTestBot(model: ScriptedModel(.callTool("act"), .text("no")), tools: [tool], store: broken) { bot in
            let ana = bot.user("ana")
            try await ana.say("!kill")
            #expect(try await ana.nextReply().text.contains("would not survive a restart"))
            try await ana.say("go")
            #expect(try await ana.nextReply().text == "no")
            #expect(tool.calls.isEmpty)
        }
    }

    @Test("No call slips through between a switch and a start (many of both at once)")
    func race() async throws {
        for _ in 0..<50 {
            let board = KillSwitchBoard()
            let place = ConversationID(platform: "memory", chat: "a")
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do {
                            try await board.run(tool: "t", conversation: place) { try await Task.sleep(for: .seconds(3600)) }
                            Issue.record("it ran to its end")
                        } catch {
                            #expect(error is KilledError)
                        }
                    }
                }
                group.addTask {
                    await Task.yield()
                    _ = board.engage(KillSwitch(scope: .all, by: "ana", at: .init(timeIntervalSince1970: 0)))
                    await board.waitForCancelledCalls()
                    #expect(board.callsEnding == 0)
                }
            }
        }
    }
}
