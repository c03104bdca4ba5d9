// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import MegaTesting
import Testing

@Suite("Owners see what others ask for")
struct OwnerQuestionTests {
    private static let people = People(owners: ["memory:ana", "memory:eve"], known: ["memory:bob"])

    @Test("A known person's request is put into the owners' own chats, where one of them answers it; it runs once")
    func answered() async throws {
        let tool = RecordingTool("act", effects: .executes)
        let model = ScriptedModel(.text("hello"), .text("hello"), .callTool("act"), .text("done"))
        try await withTestBot(model: model, tools: [tool], people: Self.people) { bot in
            let (ana, eve, bob) = (bot.user("ana"), bot.user("eve", in: "eves-chat"), bot.user("bob"))
            for owner in [ana, eve] {
                try await owner.say("hi")
                _ = try await owner.nextReply()
            }
            try await bob.say("go")
            let asked = try await bob.nextMessage()
            #expect(asked.kind == .approvalRequest && asked.text.contains("Only the owner can decide, who has been asked as well."))
            let code = try #require(await bot.orchestrator.openApprovals().first?.shortCode)
            for owner in [ana, eve] {
                let question = try await owner.nextMessage()
                #expect(question.kind == .approvalRequest && question.text.contains("!approve \(code)"))
                #expect(question.text.contains("Asked by memory:bob in memory:"))
            }
            try await bob.say("!approve \(code)")
            #expect(try await bob.nextReply().text == "Only the owner can use !approve.")
            #expect(tool.calls.isEmpty)
            try await eve.say("!approve \(code)")
            #expect(try await eve.nextReply().text.hasPrefix("Approved \(code)"))
            #expect(try await bob.nextReply().text == "done")
            try await ana.say("!approve \(code)")
            #expect(try await ana.nextReply().text.contains("There is no open request"))
            #expect(tool.calls.count == 1)
        }
    }

    @Test("After a restart the question is where it was, and an owner who is met again is found; nothing is put twice")
    func restart() async throws {
        let store = InMemoryStore()
        let tool = RecordingTool("act", effects: .executes)
        try await withTestBot(model: ScriptedModel(.text("hello"), .callTool("act", id: "c")), tools: [tool], store: store, people: Self.people) { bot in
            let (ana, bob) = (bot.user("ana"), bot.user("bob"))
            try await ana.say("hi", id: "one")
            _ = try await ana.nextReply()
            try await bob.say("go", id: "two")
            #expect(try await ana.nextMessage().kind == .approvalRequest)
        }
        try await withTestBot(model: ScriptedModel(.text("done"), .callTool("act", id: "d"), .text("done")), tools: [tool], store: store, people: Self.people) { bot in
            let (ana, bob) = (bot.user("ana"), bot.user("bob"))
            try await ana.say("!approve", id: "three")
            #expect(try await ana.nextReply().text.hasPrefix("Approved"))
            #expect(try await bob.nextReply().text == "done")
            #expect(bot.adapter.sent.filter { $0.kind == .approvalRequest && $0.conversation == ana.conversation }.isEmpty)
            // The owner has said nothing but a command since the start.
            try await bob.say("again", id: "four")
            #expect(try await ana.nextMessage().kind == .approvalRequest)
            try await ana.say("!deny", id: "five")
            _ = try await ana.nextReply()
        }
        #expect(tool.calls.count == 1)
    }

    @Test("An owner's own request is asked where they are and nowhere else; with separated duties the other owner is asked")
    func owners() async throws {
        for isSeparated in [false, true] {
            let tool = RecordingTool("act", effects: .executes)
            let classes = isSeparated ? [ApprovalPolicy.ActionClass("separate", effects: .executes, approvers: 1, separatesDuties: true)] : []
            let model = ScriptedModel(.text("hello"), .callTool("act"), .text("done"))
            try await withTestBot(
                model: model, tools: [tool], people: Self.people,
                options: Orchestrator.Options(turnRetention: nil, approvals: ApprovalPolicy(classes: classes))
            ) { bot in
                let (ana, eve) = (bot.user("ana"), bot.user("eve"))
                try await eve.say("hi")
                _ = try await eve.nextReply()
                try await ana.say("go")
                #expect(try await ana.nextMessage().kind == .approvalRequest)
                if isSeparated {
                    let question = try await eve.nextMessage()
                    #expect(question.text.contains("Asked by memory:ana"))
                    try await ana.say("!approve")
                    #expect(try await ana.nextReply().text.contains("another person has to approve"))
                    try await eve.say("!approve")
                    #expect(try await eve.nextReply().text.hasPrefix("Approved"))
                } else {
                    try await ana.say("!approve")
                    #expect(try await ana.nextReply().text.hasPrefix("Approved"))
                    #expect(!bot.adapter.sent.contains { $0.kind == .approvalRequest && $0.conversation == eve.conversation })
                }
                #expect(try await ana.nextReply().text == "done")
            }
            #expect(tool.calls.count == 1)
        }
    }

    @Test("A group is no place for other people's requests") func group() async throws {
        let tool = RecordingTool("act", effects: .executes)
        try await withTestBot(model: ScriptedModel(.text("hello"), .callTool("act"), .text("done")), tools: [tool], people: Self.people) { bot in
            _ = try await bot.orchestrator.inbox.deliver(
                InboundMessage(
                    id: "g", conversation: ConversationID(platform: "memory", chat: "party"), sender: Participant(id: "ana"), content: [.text("hi")],
                    timestamp: Date(), isGroup: true))
            let bob = bot.user("bob")
            try await bob.say("go")
            #expect(try await bob.nextMessage().text.hasSuffix("Only the owner can decide."))
            try await bot.approvals.deny(try await bot.approvals.next())
            _ = try await bob.nextReply()
            #expect(bot.adapter.sent.filter { $0.kind == .approvalRequest }.count == 1)
        }
    }
}
