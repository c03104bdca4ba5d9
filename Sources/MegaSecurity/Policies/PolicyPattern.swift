// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A rule's pattern, read once.
struct PolicyPattern: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case everything
        /// A tool by name, or a program with or without first arguments.
        case words([String])
        /// A tool limited to paths.
        case tool(String, argument: String)
    }

    let text: String
    let kind: Kind

    init(_ text: String, verdict: PolicyVerdict) throws {
        self.text = text
        var body = text.unicodeScalars.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init).joined(separator: " ")
        guard !body.isEmpty else { throw PolicyError(.badPattern, reason: "The pattern is empty. Give `*`, a tool's name or the first words of a command.") }
        guard body.utf8.count <= 1_000 else { throw PolicyError(.badPattern, reason: "The pattern is longer than 1,000 bytes.") }
        if let odd = body.unicodeScalars.first(where: { $0.value < 0x20 || $0.value == 0x7F || CharacterScan.isOddBlank($0) }) {
            throw PolicyError(.badPattern, reason: "The pattern contains the character U+\(String(odd.value, radix: 16, uppercase: true)), which no rule can mean.")
        }
        if body == "*" {
            kind = .everything
            return
        }
        if body.hasPrefix("shell.") { body.removeFirst("shell.".count) }
        if let colon = body.firstIndex(of: ":"), Self.isToolName(body[..<colon]), colon != body.startIndex {
            let argument = String(body[body.index(after: colon)...])
            guard !argument.isEmpty else {
                throw PolicyError(.badPattern, reason: "Nothing follows the colon of “\(text)”. Give a path or command, or leave the colon out for the whole tool.")
            }
            kind = .tool(String(body[..<colon]), argument: argument)
            if verdict == .allow { try Self.checkAllowable(Self.words(argument, verdict: verdict), text: text) }
            return
        }
        let words = try Self.words(body, verdict: verdict)
        kind = .words(words)
        if verdict == .allow { try Self.checkAllowable(words, text: text) }
    }

    /// Splits the way the shell does, quotes removed. A last `*` only repeats that more words may follow.
    static func words(_ body: String, verdict: PolicyVerdict) throws -> [String] {
        if verdict != .allow { return strictWords(body) }
        let text = body.hasSuffix(" *") ? String(body.dropLast(2)) : body
        let inspection = ShellInspector().inspect(text)
        guard !inspection.isIncomplete, inspection.simpleCommands.count == 1, !inspection.hasRedirections, !inspection.hasAssignments,
            inspection.findings.isEmpty
        else {
            throw PolicyError(
                .badPattern,
                reason: "“\(body)” is no plain beginning of one command. An allow rule takes literal words only: no wildcard, variable, "
                    + "operator, redirection or substitution.")
        }
        return inspection.simpleCommands[0]
    }

    /// The words of a deny or ask rule. A last `*` only repeats that more words may follow.
    static func strictWords(_ body: String) -> [String] {
        let plain = body.split(separator: " ").map(String.init)
        return plain.count > 1 && plain.last == "*" ? Array(plain.dropLast()) : plain
    }

    /// Refuses what would allow anything at all.
    private static func checkAllowable(_ words: [String], text: String) throws {
        if let reason = ProgramKnowledge.reasonAgainstAllowing(words) { throw PolicyError(.tooBroad, reason: reason) }
    }

    private static func isToolName(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
        }
    }
}

extension PolicyPattern {
    /// Whether deny or ask holds for a simple command: generous, so that writing it differently does not help.
    static func strictly(_ pattern: [String], matches command: [String]) -> Bool {
        guard let program = command.first, let wanted = pattern.first else { return false }
        let isSame = program == wanted || (!wanted.contains("/") && ShellWords.baseName(program) == wanted)
            || (wanted.contains("/") && !program.contains("/") && ShellWords.baseName(wanted) == program)
        guard isSame else { return false }
        let arguments = Array(command.dropFirst())
        var positional: [String] = []
        for word in pattern.dropFirst() {
            if isLetterCluster(word) {
                // -rf, -fr and -r -f are the same wish.
                let given = arguments.filter(isLetterCluster).reduce(into: Set<Character>()) { $0.formUnion($1.dropFirst()) }
                guard given.isSuperset(of: word.dropFirst()) else { return false }
            } else if word.hasPrefix("-") {
                guard arguments.contains(where: { $0 == word || $0.hasPrefix(word + "=") }) else { return false }
            } else {
                positional.append(word)
            }
        }
        return contains(positional[...], in: arguments[...])
    }

    /// The words in order, with options and the values of options between them passed over.
    private static func contains(_ pattern: ArraySlice<String>, in arguments: ArraySlice<String>) -> Bool {
        guard let wanted = pattern.first else { return true }
        var rest = arguments
        while let word = rest.first {
            rest = rest.dropFirst()
            if word == wanted { return contains(pattern.dropFirst(), in: rest) }
            guard word.hasPrefix("-"), word != "-" else { return false }
            if let value = rest.first, value != wanted, !value.hasPrefix("-"), rest.count > 1 { rest = rest.dropFirst() }
        }
        return false
    }

    private static func isLetterCluster(_ word: String) -> Bool {
        word.hasPrefix("-") && !word.hasPrefix("--") && word.utf8.count > 1
            && word.utf8.dropFirst().allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    }
}
