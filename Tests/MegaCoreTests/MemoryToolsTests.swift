// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import MegaTesting
import Testing

@Suite("The tools over persistent memory")
struct MemoryToolsTests {
    private func call(_ name: String, _ arguments: String, over store: InMemoryStore, in scope: ToolScope = .forTesting()) async throws
        -> ToolResult
    {
        let tool = try #require(await MemoryTools(store: store).tools().first { $0.definition.name == name })
        return try await run(tool, arguments, scope)
    }

    private func run<T: Tool>(_ tool: T, _ arguments: String, _ scope: ToolScope) async throws -> ToolResult {
        try await tool.call(try JSONDecoder().decode(T.Input.self, from: Data(arguments.utf8)), in: .forTesting(scope: scope))
    }

    @Test("What is recalled is trusted no more than the least trusted of it")
    func trustOfRecall() async throws {
        for (labels, expected) in [
            ([TrustLabel.owner, .known], TrustLabel.tool), ([.owner, .web], .web), ([.unknown, .owner], .unknown), ([.unknown, .web, .tool], .web),
            ([], .tool),
        ] {
            let store = InMemoryStore()
            for (index, trust) in labels.enumerated() {
                try await store.save(
                    Memory(id: "\(index)", person: "memory:ana", text: "the hat number \(index)", trust: trust, createdAt: Date(timeIntervalSince1970: 0)))
            }
            let result = try await call("recall", #"{"query": "hat"}"#, over: store)
            #expect(result.trust == expected)
            #expect(labels.indices.allSatisfy { result.text.contains("hat number \($0)") })
        }
    }

    @Test(
        "What is remembered on the model's word is trusted no more than what the model had read",
        arguments: [
            (TrustLabel.owner, TrustLabel.owner, TrustLabel.owner), (.owner, .web, .web), (.owner, .unknown, .unknown), (.owner, .tool, .tool),
            (.unknown, .owner, .unknown),
        ])
    func trustOfRemembering(trust: TrustLabel, influence: TrustLabel, expected: TrustLabel) async throws {
        let store = InMemoryStore()
        _ = try await call("remember", #"{"text": "the hat is blue"}"#, over: store, in: .forTesting(trust: trust, influence: influence))
        let kept = try await store.recall("hat", of: "memory:ana", limit: 5).map(\.memory)
        #expect(kept.map(\.text) == ["the hat is blue"] && kept.map(\.trust) == [expected])
    }

    @Test("A tool made of a closure can say where its text comes from")
    func functionTool() async throws {
        struct Nothing: Decodable, Sendable {}
        let fetched = FunctionTool("fetch", "Fetches") { (_: Nothing, _) in ToolResult("a page", isError: true, trust: .web) }
        #expect(try await run(fetched, "{}", .forTesting()) == ToolResult("a page", isError: true, trust: .web))
        let said = FunctionTool("say", "Says") { (_: Nothing, _) in "words" }
        #expect(try await run(said, "{}", .forTesting()) == ToolResult("words"))
    }
}
