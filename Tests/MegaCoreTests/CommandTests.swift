// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Testing

@Suite("Chat commands and modes")
struct CommandTests {
    @Test("the mode decides which tools are offered and which may run, and is kept over a restart")
    func modes() async throws {
        let store = InMemoryStore()
        let read = RecordingTool("read_file", effects: .readsFiles)
        let write = RecordingTool("write_file", effects: .writesFiles)
        let model = ScriptedModel(.text("one"), .callTool("write_file"), .text("refused"))
        try await withTestBot(model: model, tools: [read, write], store: store) { bot in
            let ana = bot.user("ana")
            try await ana.say("!mode plan")
            #expect(try await ana.nextReply().text == "Mode here: plan.")
            try await ana.say("hello")
            #expect(try await ana.nextReply().text == "one")
            #expect(model.requests[0].tools.map(\.name) == ["forget", "read_file", "recall", "remember"])
            try await ana.say("write it")
            #expect(try await ana.nextReply().text == "refused")
            #expect(write.calls.isEmpty)
            #expect(model.requests[2].messages.last?.text.contains("Mode plan does not permit write_file") == true)
        }
        try await withTestBot(model: ScriptedModel(), tools: [read, write], store: store) { bot in
            let ana = bot.user("ana")
            try await ana.say("!mode", id: "again")
            #expect(try await ana.nextReply().text.hasPrefix("Mode here: plan."))
        }
    }

    @Test("a command given right before a message takes effect before it")
    func commandFirst() async throws {
        let model = ScriptedModel(fallback: .reply { [.textDelta($0.tools.map(\.name).joined(separator: ",")), .finished(.stop)] })
        try await withTestBot(model: model, tools: [RecordingTool("act", effects: .executes)]) { bot in
            let ana = bot.user("ana")
            for round in 0..<25 {
                try await ana.say(round % 2 == 0 ? "!mode ask" : "!mode build")
                try await ana.say("which tools?")
                _ = try await ana.nextReply()
                #expect(try await ana.nextReply().text.contains("act") == (round % 2 == 1))
            }
        }
    }

    @Test("commands answer, unknown ones suggest, ordinary exclamations go to the agent")
    func answers() async throws {
        let model = ScriptedModel(fallback: .text("agent"))
        try await withTestBot(model: model) { bot in
            let ana = bot.user("ana")
            let first = try await ana.asks("!whoami")
            #expect(first.contains("Person: memory:ana"))
            #expect(try await ana.asks("!WhoAmI").contains("Trust: owner"))
            #expect(try await ana.asks("!help").contains("!approve"))
            #expect(try await ana.asks("!health").hasPrefix("Status: healthy"))
            #expect(try await ana.asks("!policies").contains("ask: every tool with consequences"))
            #expect(try await ana.asks("!allow ls").contains("fixed in code"))
            #expect(try await ana.asks("!helth") == "There is no command !helth. Did you mean !health? !help lists them.")
            #expect(try await ana.asks("!backup") == "!backup is not available in this version.")
            #expect(try await ana.asks("!mode party").contains("There is no mode “party”"))
            #expect(try await ana.asks("!approve") == "There is nothing to approve or refuse.")
            #expect(try await ana.asks("!deny nothing-such").contains("fixed in code"))
            #expect(try await ana.asks("!wow that is great") == "agent")
            #expect(try await ana.asks("!") == "agent")
        }
    }

    @Test("history_clean takes the conversation out of the next prompt, and commands never get into one")
    func history() async throws {
        let model = ScriptedModel(fallback: .reply { request in
            [.textDelta(request.messages.map(\.text).joined(separator: "|")), .finished(.stop)]
        })
        try await withTestBot(model: model) { bot in
            let ana = bot.user("ana")
            try await ana.say("one")
            #expect(try await ana.nextReply().text == "one")
            try await ana.say("!mode build")
            _ = try await ana.nextReply()
            try await ana.say("two")
            #expect(try await ana.nextReply().text == "one|one|two")
            try await ana.say("!history_clean")
            #expect(try await ana.nextReply().text.hasPrefix("Deleted"))
            try await ana.say("three")
            #expect(try await ana.nextReply().text == "three")
        }
    }

    @Test("!stop ends the running turn, its tool and its open question, and nothing else")
    func stop() async throws {
        let started = AsyncGate()
        let never = AsyncGate()
        let tool = RecordingTool("wait") { _, _ in
            started.open()
            try await never.wait()
            return ToolResult("waited")
        }
        let model = ScriptedModel(.callTool("wait"), .text("next"))
        try await withTestBot(model: model, tools: [tool]) { bot in
            let ana = bot.user("ana")
            try await ana.say("wait for me")
            try await started.wait()
            try await ana.say("!stop")
            #expect(try await ana.nextReply().text == "Stopped.")
            try await ana.say("go on")
            #expect(try await ana.nextReply().text == "next")
            try await eventually { try await bot.store.turnCounts()[.failed] == 1 }
            // The turn whose answer came may still be putting its things away.
            try await eventually {
                try await ana.say("!stop")
                return try await ana.nextReply().text == "Nothing is running here."
            }
        }
    }

    @Test("what was remembered is recalled after a restart, by the same person only")
    func memory() async throws {
        let store = InMemoryStore()
        let people = People(owners: ["memory:ana"], known: ["memory:bob"])
        let first = ScriptedModel(.callTool("remember", ["text": "The bicycle is green"]), .text("Noted."))
        try await withTestBot(model: first, store: store, people: people) { bot in
            let ana = bot.user("ana")
            try await ana.say("remember that the bicycle is green")
            #expect(try await ana.nextReply().text == "Noted.")
        }
        let echo = ScriptedModel.Step.reply { request in
            [.textDelta(request.messages.map(\.text).joined(separator: "|")), .finished(.stop)]
        }
        try await withTestBot(model: ScriptedModel(fallback: echo), store: store, people: people) { bot in
            let ana = bot.user("ana", in: "elsewhere")
            try await ana.say("what colour is the bicycle?")
            #expect(try await ana.nextReply().text.contains("The bicycle is green"))
            let bob = bot.user("bob")
            try await bob.say("what colour is the bicycle?")
            #expect(try await bob.nextReply().text == "what colour is the bicycle?")
        }
    }
}

extension TestUser {
    /// Says something and returns the answer's text.
    fileprivate func asks(_ text: String) async throws -> String {
        try await say(text)
        return try await nextReply().text
    }
}
