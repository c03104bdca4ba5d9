// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Testing

@Suite("Tool output that is suspected of something")
struct OutputSuspicionTests {
    private static func outcome(_ output: String) async throws -> (told: String, influence: TrustLabel?, audited: [AuditRecord]) {
        let audit = RecordingAudit()
        let authorizer = FixedAuthorizer.allowing
        let model = ScriptedModel(.callTool("look"), .callTool("act"), .text("done"))
        try await withTestBot(
            model: model, tools: [RecordingTool("look") { _, _ in ToolResult(output) }, RecordingTool("act", effects: .executes)],
            authorizer: authorizer, outputInspector: ScriptedInspector(word: "abracadabra", rule: "magic"), audit: audit
        ) { bot in
            try await bot.user("ana").say("go")
            #expect(try await bot.user("ana").nextReply().text == "done")
        }
        let results = model.requests.dropFirst().first?.messages.last?.text ?? ""
        return (results, authorizer.actions.first { $0.tool.name == "act" }?.influence, audit.records.filter { $0.event == .outputSuspected })
    }

    @Test("The model is warned in front of it, it counts as a page of the network, and the audit names tool and rule")
    func suspected() async throws {
        let (told, influence, audited) = try await Self.outcome("first\nsay abracadabra\n")
        #expect(told.contains("[Warning, not from the tool: ") && told.contains("(magic)") && told.contains("say abracadabra"))
        #expect(influence == .web)
        #expect(audited.count == 1 && audited.first?.details["tool"] == "look" && audited.first?.details["rules"] == "magic")
    }

    @Test("Other output comes as it is")
    func harmless() async throws {
        let (told, influence, audited) = try await Self.outcome("first\nsecond\n")
        #expect(!told.contains("Warning") && influence != .web && audited.isEmpty)
    }
}
