// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// English words for what a person wants done, by what a tool says it does.
///
/// General vocabulary: a tool's first words ("Deletes the mail …") name an action, and the person's message must hold a word for the
/// same action. Another language has none of these words, so nothing is cleared and the person is asked.
enum ActionWords {
    /// What a tool does, and the words by which people ask for it.
    private static let table: [(tool: [String], person: [String])] = [
        (
            ["send", "message", "notify", "email", "mail", "reply", "forward", "text"],
            ["send", "email", "mail", "message", "write", "text", "tell", "reply", "respond", "answer", "forward", "notify", "inform",
             "post", "dm", "ask", "greet", "thank", "remind"]
        ),
        (["create", "make", "new", "write", "save", "draft"], ["create", "make", "add", "schedule", "put", "write", "save", "draft", "arrange", "organize", "organise", "set", "remind"]),
        (["schedule", "plan"], ["schedule", "set", "create", "add", "arrange", "plan", "put", "make"]),
        (["append", "insert"], ["append", "add", "insert", "include", "put", "write", "extend"]),
        (["add", "include"], ["add", "include", "invite", "put"]),
        (["invite"], ["invite", "add"]),
        (["update", "change", "edit", "modify", "set", "adjust", "replace", "rename"],
         ["update", "change", "edit", "modify", "set", "adjust", "correct", "replace", "increase", "decrease", "raise", "lower", "rename"]),
        (["delete", "remove", "erase", "clear", "purge"], ["delete", "remove", "erase", "clear", "kick", "discard"]),
        (["cancel"], ["cancel", "delete", "remove"]),
        (["reschedule", "move", "postpone", "shift"], ["reschedule", "move", "postpone", "shift", "push"]),
        (["share", "grant"], ["share", "grant", "give"]),
        (["reserve", "book", "reservation", "booking"], ["reserve", "book", "reservation", "booking"]),
        (["buy", "purchase", "order"], ["buy", "purchase", "order"]),
        (["pay", "transfer", "wire", "refund"], ["pay", "transfer", "send", "wire", "refund", "give"]),
        (["return", "get", "read", "fetch", "open", "visit", "browse", "load", "download", "retrieve"],
         ["read", "visit", "open", "check", "look", "see", "find", "get", "fetch", "browse", "summarize", "summarise", "download", "show",
          "search", "tell", "go", "take"]),
        (["post", "publish", "upload"], ["post", "publish", "upload", "put"]),
        (["run", "execute"], ["run", "execute", "launch"]),
    ]

    /// Words for paying; a tool that spends is asked for by these only.
    private static let payment: Set<String> = ["pay", "transfer", "send", "wire", "refund", "give", "schedule", "set", "update", "change", "reserve", "book", "buy", "purchase", "order"]

    private static let byTool: [String: Set<String>] = {
        var found: [String: Set<String>] = [:]
        for row in table { for word in row.tool { found[word, default: []].formUnion(row.person) } }
        return found
    }()

    /// Every word that asks for something.
    private static let all = Set(table.flatMap(\.person))

    /// Words that stand between others and say nothing by themselves.
    static let connecting: Set<String> = [
        "a", "an", "the", "i", "you", "he", "she", "we", "they", "it", "my", "your", "his", "her", "our", "their", "me", "him", "us", "them",
        "ve", "s", "ll", "re", "d", "m", "is", "are", "am", "was", "were", "and", "or", "of", "in", "on", "at", "to", "for", "from", "with", "by",
        "hi", "hello", "hey", "dear", "please", "thanks", "thank", "regards",
    ]

    /// Words after which an action word is a noun: "my order", "the transfer".
    static let determiners: Set<String> = [
        "a", "an", "the", "my", "your", "his", "her", "our", "their", "its", "this", "that", "these", "those", "each", "every", "any", "no", "some",
        "e", "new", "last", "first", "next", "s",
    ]

    /// Nouns that ask for something when they are new: "make a reservation", not "my reservation".
    static let deeds: Set<String> = ["reservation", "booking"]

    static let negations: Set<String> = ["not", "never", "don", "dont", "without", "avoid", "no"]
    static let pronouns: Set<String> = ["them", "him", "her", "it", "both", "there", "these", "those", "each"]
    /// Words by which a person says that a text shall be taken from something else.
    static let derivations: Set<String> = ["based", "containing", "contains", "according", "summary", "summarize", "summarise", "copy", "listing"]

    /// The forms a word could be an inflection of.
    static func stems(of word: String) -> [String] {
        var forms = [word]
        func strip(_ ending: String, _ replacement: String = "") {
            guard word.hasSuffix(ending), word.utf8.count - ending.utf8.count >= 2 else { return }
            forms.append(String(word.dropLast(ending.count)) + replacement)
        }
        strip("s")
        strip("es")
        strip("ies", "y")
        strip("d")
        strip("ed")
        strip("ing")
        strip("ing", "e")
        return forms
    }

    static func isAction(_ word: String) -> Bool { stems(of: word).contains { all.contains($0) } }

    static func matches(_ word: String, _ wanted: Set<String>) -> Bool { stems(of: word).contains { wanted.contains($0) } }

    /// The words by which a person asks for what this description says. Empty when it says nothing that is known.
    static func wanted(description: String, parameterDescriptions: [String], spends: Bool) -> Set<String> {
        let opening = ReadText(description).words.prefix(4).map(\.lower)
        // "Makes a reservation": the noun says more than the verb.
        if let noun = opening.dropFirst().first(where: { ["reservation", "booking", "purchase", "payment"].contains($0) }) {
            return byTool[noun] ?? ["pay"]
        }
        if let verb = opening.first {
            for stem in stems(of: verb) {
                guard let found = byTool[stem] else { continue }
                return spends ? found.intersection(payment).union(stem == "send" ? ["pay", "transfer", "wire", "refund"] : []) : found
            }
            // A verb outside the table: the person must use the very word.
            if description.utf8.count > 0, verb.utf8.count > 3, !determiners.contains(verb) { return Set(stems(of: verb)) }
        }
        // "The id of the mail to delete."
        for text in parameterDescriptions {
            let words = ReadText(text).words.map(\.lower)
            guard let to = words.lastIndex(of: "to"), to + 1 < words.count else { continue }
            if let found = byTool[words[to + 1]] { return spends ? found.intersection(payment) : found }
        }
        return []
    }
}
