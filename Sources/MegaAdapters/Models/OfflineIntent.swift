// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What a person asks of the offline model, found by plain patterns in English; arguments may hold any text.
enum OfflineIntent: Sendable, Hashable {
    case hello, help, nothing
    case list(path: String?)
    case run(command: String)
    case read(path: String)
    case write(path: String, content: String)
    case search(query: String, path: String?)
    case remember(text: String)
    case recall(query: String)
    case forget(id: String)
    case notUnderstood

    init(_ message: String) {
        let text = message.trimmed
        if text.isEmpty {
            self = .nothing
            return
        }
        self = Self.command(in: text) ?? Self.file(in: text) ?? Self.memory(in: text) ?? Self.talk(in: text)
    }

    /// The tool to call, or nil when none is needed or none of the right ones is offered.
    func call(offered: Set<String>) -> (name: String, arguments: [String: JSONValue])? {
        func if_(_ name: String, _ arguments: [String: JSONValue]) -> (name: String, arguments: [String: JSONValue])? {
            offered.contains(name) ? (name, arguments) : nil
        }
        switch self {
        case .list(let path):
            let command = path.map { "ls -l \(Self.shellWord($0))" } ?? "ls -l"
            return if_("run_command", ["command": .string(command)])
                ?? if_("list_files", path.map { ["path": .string($0)] } ?? [:])
        case .run(let command): return if_("run_command", ["command": .string(command)])
        case .read(let path): return if_("read_file", ["path": .string(path)])
        case .write(let path, let content): return if_("write_file", ["path": .string(path), "content": .string(content)])
        case .search(let query, let path):
            var arguments: [String: JSONValue] = ["text": .string(query)]
            if let path { arguments["path"] = .string(path) }
            return if_("search_files", arguments)
        case .remember(let text): return if_("remember", ["text": .string(text)])
        case .recall(let query): return if_("recall", ["query": .string(query)])
        case .forget(let id): return if_("forget", ["id": .string(id)])
        case .hello, .help, .nothing, .notUnderstood: return nil
        }
    }

    // MARK: Patterns

    private static func command(in text: String) -> OfflineIntent? {
        if text.hasPrefix("$") {
            let command = String(text.dropFirst()).trimmed
            return command.isEmpty ? nil : .run(command: command)
        }
        if text == "ls" { return .list(path: nil) }
        if text.hasPrefix("ls ") { return .run(command: text) }
        if let rest = rest(of: text, after: ["run the command ", "run command ", "run ", "execute the command ", "execute "]) {
            let command = unquoted(rest)
            if ["a file listing", "file listing", "a listing"].contains(command.lowercased()) { return .list(path: nil) }
            return command.isEmpty ? nil : .run(command: command)
        }
        return nil
    }

    private static func file(in text: String) -> OfflineIntent? {
        let plain = withoutPolitenessAndStop(text)
        let listings = [
            "list the files", "list my files", "list all files", "list files", "show me the files", "show me my files", "show the files",
            "show files", "list the folder", "list the directory", "give me a file listing", "show me a file listing", "file listing",
            "give me a listing", "what files are there", "which files are there", "what files are", "which files are",
        ]
        for start in listings {
            if plain.lowercased() == start { return .list(path: nil) }
            for word in ["in", "of", "from", "under"] {
                if let path = rest(of: plain, after: ["\(start) \(word) the folder ", "\(start) \(word) the directory ", "\(start) \(word) "]) {
                    let here = ["here", "the workspace", "this folder", "this directory", "the current directory", "."]
                    return .list(path: here.contains(path.lowercased()) ? nil : unquoted(path))
                }
            }
            if plain.lowercased() == start + " here" { return .list(path: nil) }
        }
        if let rest = rest(of: text, after: ["write ", "create ", "save "]) { return writing(rest) }
        let searches = ["search the files for ", "search files for ", "search my files for ", "search for ", "grep for ", "find text ", "search "]
        if let rest = rest(of: plain, after: searches) {
            if let at = rest.lowercased().firstRange(of: " in folder ") {
                let distance = rest.lowercased().distance(from: rest.lowercased().startIndex, to: at.lowerBound)
                let query = String(rest.prefix(distance))
                return .search(query: unquoted(query), path: unquoted(String(rest.dropFirst(distance + 11))))
            }
            return .search(query: unquoted(rest), path: nil)
        }
        let reads = [
            "read me the file ", "read the file ", "read file ", "read ", "show me the file ", "show the file ", "show file ", "cat ",
            "open the file ", "open file ", "open ", "print the file ", "show me ", "show ",
        ]
        if let rest = rest(of: plain, after: reads) {
            let path = unquoted(rest)
            // "show me what you mean" is no file name.
            let isExplicit = ["read", "cat", "open"].contains { plain.lowercased().hasPrefix($0 + " ") } || rest != path
            if !path.isEmpty, isExplicit || (!path.contains(" ") && (path.contains(".") || path.contains("/"))) { return .read(path: path) }
        }
        return nil
    }

    /// `[a file [called]] FILE with|containing|saying TEXT`, or `TEXT to|into FILE`.
    private static func writing(_ rest: String) -> OfflineIntent? {
        var subject = rest
        for lead in ["a file called ", "a file named ", "the file ", "a file ", "file "] {
            if let shorter = Self.rest(of: subject, after: [lead]) {
                subject = shorter
                break
            }
        }
        let (path, behind) = firstWord(of: subject)
        let markers = [
            "with the content ", "with the text ", "with content ", "with text ", "with ", "containing ", "saying ", "that says ",
        ]
        if !path.isEmpty, let content = Self.rest(of: behind, after: markers) { return .write(path: path, content: unquoted(content)) }
        for marker in [" into the file ", " to the file ", " into ", " to "] {
            if let at = subject.ranges(of: marker).last {
                let target = unquoted(String(subject[at.upperBound...]))
                if !target.isEmpty, !target.contains(" ") {
                    return .write(path: target, content: unquoted(String(subject[..<at.lowerBound])))
                }
            }
        }
        return nil
    }

    private static func memory(in text: String) -> OfflineIntent? {
        let plain = withoutPoliteness(text)
        if let fact = rest(of: plain, after: ["remember that ", "remember: ", "please remember that ", "note that "]) {
            return .remember(text: fact)
        }
        let plainLower = plain.lowercased()
        if plainLower.hasPrefix("remember "), !plainLower.hasSuffix("?") {
            return rest(of: plain, after: ["remember "]).map { .remember(text: $0) }
        }
        if let id = rest(of: plain, after: ["forget about ", "forget that ", "forget memory ", "forget "]) { return .forget(id: unquoted(id)) }
        let question = withoutStop(plain)
        let recalls = [
            "what do you remember about ", "what do you know about ", "do you remember ", "recall ", "what did i tell you about ",
            "what did i say about ", "tell me about ", "tell me what you know about ",
        ]
        if let topic = rest(of: question, after: recalls) { return .recall(query: topic) }
        if question.lowercased() == "what do you remember" || question.lowercased() == "recall" { return .recall(query: "everything") }
        return nil
    }

    private static func talk(in text: String) -> OfflineIntent {
        let lower = withoutStop(text).lowercased()
        if ["help", "what can you do", "what do you understand", "who are you", "what are you", "commands"].contains(lower) { return .help }
        let greetings = ["hello", "hi", "hey", "good morning", "good evening", "good afternoon", "hello there", "hi there"]
        if greetings.contains(lower) || greetings.contains(where: { lower.hasPrefix($0 + ", ") || lower.hasPrefix($0 + " megabot") }) {
            return .hello
        }
        let asks = ["what ", "what's ", "who ", "who's ", "when ", "when's ", "where ", "where's ", "which ", "whose ", "how ", "why "]
        if text.hasSuffix("?") || text.hasSuffix("？") || asks.contains(where: { lower.hasPrefix($0) }) { return .recall(query: topic(of: text)) }
        return .notUnderstood
    }

    /// A question without its question words: what to look for in memory.
    private static func topic(of question: String) -> String {
        let filler: Set<String> = [
            "what", "what's", "whats", "who", "who's", "when", "when's", "where", "where's", "which", "whose", "how", "why", "is", "are", "was",
            "were", "do", "does", "did", "the", "a", "an", "my", "your", "our", "i", "you", "me", "it", "of", "to", "can", "tell", "please",
        ]
        let words = withoutStop(question).split { $0.isWhitespace }.map { $0.filter { $0 != "?" && $0 != "," && $0 != "\"" } }
        let telling = words.filter { !$0.isEmpty && !filler.contains($0.lowercased()) }
        return telling.isEmpty ? withoutStop(question) : telling.joined(separator: " ")
    }

    // MARK: Text

    /// What follows the first of `starts` the text begins with, without regard to case.
    private static func rest(of text: String, after starts: [String]) -> String? {
        for start in starts where text.count > start.count && text.prefix(start.count).lowercased() == start {
            let rest = String(text.dropFirst(start.count)).trimmed
            return rest.isEmpty ? nil : rest
        }
        return nil
    }

    /// One word, or what stands in quotes, and the rest.
    private static func firstWord(of text: String) -> (String, String) {
        if let quote = text.first, "\"'`".contains(quote), let end = text.dropFirst().firstIndex(of: quote) {
            return (String(text[text.index(after: text.startIndex)..<end]), String(text[text.index(after: end)...]).trimmed)
        }
        let word = text.prefix { !$0.isWhitespace }
        return (String(word), String(text.dropFirst(word.count)).trimmed)
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, let quote = text.first, "\"'`".contains(quote), text.last == quote else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func withoutPoliteness(_ text: String) -> String {
        rest(of: text, after: ["please ", "could you please ", "can you please ", "could you ", "can you ", "would you "]) ?? text
    }

    private static func withoutStop(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last == "?" || last == "!" || last == "." && !text.hasSuffix(" .") || last == "？" { text = text.dropLast() }
        return String(text).trimmed
    }

    private static func withoutPolitenessAndStop(_ text: String) -> String { withoutStop(withoutPoliteness(text)) }

    /// One word of a POSIX shell that is no option.
    private static func shellWord(_ text: String) -> String { ShellQuoting.quoted(text.hasPrefix("-") ? "./" + text : text) }
}
