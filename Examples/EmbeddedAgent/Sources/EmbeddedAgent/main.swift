// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// An agent is anything that answers a turn. `ConversationalAgent(model:)` is the one that talks with a language model.
struct Greeter: Agent {
    let name = "greeter"

    func respond(to turn: Turn, using services: AgentServices) async throws -> AgentReply {
        let note = ToolCall(id: "note", name: "remember", arguments: ["text": .string(turn.message.text)])
        let outcome = try await services.call(note)
        return AgentReply("Hello! \(outcome.text)")
    }
}

let bot = Orchestrator(agent: Greeter(), store: InMemoryStore())
let running = Task { try await bot.run() }
print(try await bot.ask(CommandLine.arguments.dropFirst().joined(separator: " ")))
running.cancel()
