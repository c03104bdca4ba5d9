// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaAdapters
import MegaCore
import MegaMemory
import MegaSecurity
import MegaTesting
import MegaTools
import Testing

@Suite("The offline model and the tools it is tried with")
struct OfflineToolsTests {
    @Test(
        "calls them with arguments that fit",
        arguments: [
            "list files", "run uname -s", "read notes.txt", "write a.txt with hello", "search files for hello", "search for hello in folder src",
            "remember that tea is at five", "when is tea?", "forget 17",
        ])
    func fit(_ text: String) async throws {
        try await withTemporaryFolder { folder in
            let store = InMemoryStore()
            let terminal = TerminalTool(runner: BubblewrapRunner(), inspector: ShellInspector(), workspace: folder)
            let tools = try await FileTools(root: folder).tools() + MemoryTools(store: store, dependencies: .live).tools() + [terminal]
            let request = ModelRequest(
                instructions: "", messages: [ModelMessage(role: .user, text: text, trust: .owner)], tools: tools.map(\.definition))
            var accumulator = ReplyAccumulator()
            for try await event in OfflineModel().generate(request) { accumulator.add(event) }
            let call = try #require(accumulator.reply().toolCalls.first)
            let tool = try #require(tools.first { $0.definition.name == call.name })
            #expect(tool.definition.parameters.violations(in: call.arguments).isEmpty, "\(call.name) \(call.arguments.encodedString())")
        }
    }
}
