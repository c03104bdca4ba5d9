// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What the offline model says.
struct OfflinePresenter: Sendable {
    let intent: OfflineIntent

    /// How to get a real model; the end of most answers.
    static let connecting = """
        To connect a language model, set `model:` in megabot.yaml (`provider: ollama`, `openai` or `anthropic`; any OpenAI-compatible \
        server works with a base URL) with its key in OPENAI_API_KEY or ANTHROPIC_API_KEY, or start Ollama on this machine.
        """

    private static let abilities = """
        - "list files", "list files in FOLDER", "show me the files", "ls"
        - "read FILE", "write FILE with TEXT", "search files for TEXT"
        - "run COMMAND", or "$ COMMAND"
        - "remember that …", "what do you remember about …", "forget …"
        - "help"
        """

    /// The answer to what needs no tool, or whose tool is not offered.
    func answer(offered: Set<String>) -> String {
        switch intent {
        case .hello:
            return "Hello. I am the offline model: not a language model, just a few patterns. Say \"help\" to see what I understand."
        case .help:
            return "I am the offline model, not a language model. I understand:\n\n\(Self.abilities)\n\n\(Self.connecting)"
        case .nothing: return "There was no text in that message. Say \"help\" to see what I understand."
        case .notUnderstood:
            return
                "I am the offline model, not a language model, and did not understand that. I understand:\n\n\(Self.abilities)\n\n\(Self.connecting)"
        case .recall:
            return
                "I am the offline model, not a language model: I can only answer questions from memory, and memory is not available here.\n\n\(Self.connecting)"
        default:
            let needed = neededTools.map { "`\($0)`" }.joined(separator: " or ")
            return "For that I need the tool \(needed), which is not available in this mode. `!mode build` makes all configured tools available."
        }
    }

    private var neededTools: [String] {
        switch intent {
        case .list: ["run_command", "list_files"]
        case .run: ["run_command"]
        case .read: ["read_file"]
        case .write: ["write_file"]
        case .search: ["search_files"]
        case .remember: ["remember"]
        case .forget: ["forget"]
        case .recall: ["recall"]
        case .hello, .help, .nothing, .notUnderstood: []
        }
    }

    /// The answer once a tool has run, or was kept from running.
    func present(_ result: String, of call: ToolCall?) -> String {
        let text = Self.withoutMarks(result.trimmed)
        let name = call?.name ?? "the tool"
        if let (failure, rest) = Self.failure(in: text) { return "\(failure) (`\(name)`):\n\n\(rest)" }
        switch name {
        case "run_command":
            let command = call?.arguments["command"]?.stringValue ?? "the command"
            return text.isEmpty ? "`\(command)` ran and printed nothing." : "`\(command)` printed:\n\n\(Self.fenced(text))"
        case "list_files": return text.isEmpty ? "There are no files." : "The files:\n\n\(Self.fenced(text))"
        case "read_file":
            let path = call?.arguments["path"]?.stringValue ?? "The file"
            return text.isEmpty ? "\(path) is empty." : "\(path):\n\n\(Self.fenced(text))"
        case "write_file": return text.isEmpty ? "Written." : text
        case "search_files": return text.isEmpty ? "Nothing found." : "Found:\n\n\(Self.fenced(text))"
        case "remember":
            guard let fact = call?.arguments["text"]?.stringValue else { return "I will remember that." }
            return "I will remember: \(fact)"
        case "recall":
            let isNothing = text.isEmpty || text == "[]" || text.lowercased().hasPrefix("no ") || text.lowercased().hasPrefix("nothing")
            return isNothing ? "I remember nothing about that." : "I remember:\n\n\(text)"
        case "forget": return text.isEmpty ? "Forgotten." : text
        default: return text.isEmpty ? "Done." : text
        }
    }

    /// What stands between the marks that tell a model "this is data"; they are for models, not for people.
    private static func withoutMarks(_ text: String) -> String {
        guard text.hasPrefix("⟦"), text.hasSuffix("⟧"), let end = text.firstIndex(of: "\n") else { return text }
        return String(text[end...].dropLast()).trimmed
    }

    /// What a result's first words say of the outcome when the tool did not do its work. Only a leading word with a colon counts:
    /// the rest is the tool's own output.
    ///
    /// - Returns: How it went, and the text without that word.
    private static func failure(in text: String) -> (String, rest: String)? {
        let head = text.prefix(40).lowercased()
        let marks = [
            ("refused", "That was not done: it was refused"), ("denied", "That was not done: it was denied"),
            ("failed", "That failed"), ("error", "That failed"), ("timed out", "That took too long and was stopped"),
            ("stopped", "That was stopped"), ("cancelled", "That was stopped"), ("unknown", "Nobody knows whether that happened"),
        ]
        guard let (word, meaning) = marks.first(where: { head.hasPrefix($0.0 + ":") }) else { return nil }
        return (meaning, String(text.dropFirst(word.count + 1)).trimmed)
    }

    /// A code block whose fence is longer than any in the text.
    private static func fenced(_ text: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\n\(text)\n\(fence)"
    }
}
