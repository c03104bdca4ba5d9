// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Puts the model's context together: instructions first and unchanged, then history, then what is new.
///
/// The order keeps the longest possible prefix byte-identical from turn to turn, so that providers can cache it. The history's
/// beginning moves in blocks, not with every turn, for the same reason.
struct ContextAssembler: Sendable {
    /// Turns per block by which the history's beginning moves.
    static let block: Int64 = 32

    let log: any ConversationLog
    let memory: any MemoryStore
    /// The most lines of history looked at.
    var historyLimit = 200
    /// The most memories recalled per turn.
    var memoryLimit = 6

    func assemble(
        turn: Turn, mode: Mode, instructions: String, tools: [ToolDefinition], contextWindow: Int
    ) async throws -> ModelRequest {
        let message = Self.personMessage(turn)
        let recalled = try await memory.recall(turn.message.text, of: turn.person, limit: memoryLimit)
        let notes = Self.notes(recalled, mode: mode)

        // A third of the window is left for the answer, tool results and what the estimate missed.
        var budget = contextWindow * 2 / 3 - TokenEstimate.tokens(in: instructions) - TokenEstimate.tokens(in: message.text)
        budget -= tools.reduce(0) { $0 + TokenEstimate.tokens(in: $1) }
        budget -= notes.map { TokenEstimate.tokens(in: $0.text) } ?? 0

        let lines = try await log.recentEntries(in: turn.message.conversation, before: turn.id, limit: historyLimit)
        // Commands steer the assistant and are no part of the talk, nor are their answers.
        let commands = Set(lines.filter { $0.role == .person && AdminCommands.parse($0.text) != nil }.compactMap(\.turn))
        let entries = lines.filter { line in line.turn.map { !commands.contains($0) } ?? true }
        var messages = Self.history(entries, budget: budget)
        if let notes { messages.append(notes) }
        messages.append(message)
        return ModelRequest(instructions: instructions, messages: messages, tools: tools)
    }

    /// The person's own words and what came with them, as later turns will find them in the log; those of a stranger are marked as data.
    private static func personMessage(_ turn: Turn) -> ModelMessage {
        let text = LogEntry.text(of: turn.message.content)
        let trust = turn.message.trust
        return ModelMessage(role: .user, text: trust.mayInstruct ? text : quote("message of an unknown person", text), trust: trust)
    }

    /// Volatile facts and memories: after the history, before the message.
    private static func notes(_ recalled: [RecalledMemory], mode: Mode) -> ModelMessage? {
        // Poisoned memories must not get in: what strangers and pages said is not recalled by itself.
        let trusted = recalled.map(\.memory).filter { $0.trust.mayInstruct || $0.trust == .tool }
        guard !trusted.isEmpty else { return nil }
        let lines = trusted.map { "- \($0.text)" }.joined(separator: "\n")
        let weakest = trusted.map(\.trust).max { $0.weakness < $1.weakness } ?? .owner
        return ModelMessage(role: .user, text: quote("from memory", lines), trust: weakest)
    }

    static func history(_ entries: [LogEntry], budget: Int) -> [ModelMessage] {
        var used = 0
        var first = entries.endIndex
        while first > entries.startIndex {
            let cost = TokenEstimate.tokens(in: entries[first - 1].text) + 4
            guard used + cost <= budget else { break }
            used += cost
            first -= 1
        }
        var kept = entries[first...]
        if first > entries.startIndex, let turn = kept.first?.turn {
            // Cut up to the next block border, so that the beginning stays where it is for a while.
            let border = (turn.rawValue + block - 1) / block * block
            let cut = kept.drop { ($0.turn?.rawValue ?? .max) < border }
            if !cut.isEmpty { kept = cut }
        }
        // A conversation opens with the person.
        return kept.drop { $0.role == .assistant }.map { entry in
            switch entry.role {
            case .assistant: ModelMessage(role: .assistant, text: entry.text, trust: entry.trust)
            case .person:
                ModelMessage(
                    role: .user,
                    text: entry.trust.mayInstruct ? entry.text : quote("message of an unknown person", entry.text), trust: entry.trust)
            }
        }
    }

    /// Marks text as data. The marks inside it are taken out, so that it cannot end its own quotation.
    static func quote(_ source: String, _ text: String) -> String {
        let harmless = String(text.map { $0 == "⟦" ? "[" : $0 == "⟧" ? "]" : $0 })
        return "⟦\(source)\n\(harmless)\n⟧"
    }
}
