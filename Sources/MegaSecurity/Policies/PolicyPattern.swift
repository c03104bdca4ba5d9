// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A rule's pattern, read once.
struct PolicyPattern: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case everything
        /// A tool by name, or a program with or without first arguments.
        case words([String])
        /// A tool limited to paths, or to commands that begin so.
        case tool(String, argument: String, words: [String])
        /// Tools by their names.
        case tools(Set<String>)
    }

    let text: String
    let kind: Kind
    /// No further words may follow.
    let isExact: Bool
    /// The parts of a dotted name, which also stands for the tools whose names begin with them.
    let scope: [Substring]

    /// - Throws: ``PolicyError`` with what to write instead.
    init(_ text: String, verdict: PolicyVerdict) throws {
        self.text = text
        var body = try Self.plain(text)
        isExact = body.hasSuffix(" $")
        if isExact { body.removeLast(2) }
        if body == "*" {
            kind = .everything
            scope = []
            return
        }
        if let tools = Self.referenceTools[Self.withoutStar(body)] {
            kind = .tools(tools)
            scope = []
            return
        }
        if body.hasPrefix(Self.toolMark) {
            let name = String(body.dropFirst(Self.toolMark.count))
            guard !name.isEmpty, name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ !$0.isEmpty && Self.isToolName($0) }) else {
                throw PolicyError(
                    .badPattern, reason: "After “tool:” comes the name of one tool and nothing else, for example “tool:write_file”. A tool limited to paths is written “write_file:drafts/”.")
            }
            kind = .tools([name])
            scope = []
            return
        }
        if body.hasPrefix("shell.") { body.removeFirst("shell.".count) }
        if let colon = body.firstIndex(of: ":"), colon != body.startIndex, Self.isToolName(body[..<colon]) {
            let argument = String(body[body.index(after: colon)...])
            guard !argument.isEmpty else {
                throw PolicyError(.badPattern, reason: "Nothing follows the colon of “\(text)”. Give a path or command, or leave the colon out for the whole tool.")
            }
            let words = verdict == .allow ? try Self.allowable(argument) : Self.strictWords(argument)
            kind = .tool(String(body[..<colon]), argument: argument, words: words)
            scope = []
            return
        }
        scope = Self.scope(Self.withoutStar(body))
        kind = .words(verdict == .allow ? try Self.allowable(scope.isEmpty ? body : Self.withoutStar(body)) : Self.strictWords(scope.isEmpty ? body : Self.withoutStar(body)))
    }

    /// With single blanks; refused when it is empty, too long or holds what no rule can mean.
    private static func plain(_ text: String) throws -> String {
        let body = text.unicodeScalars.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init).joined(separator: " ")
        guard !body.isEmpty else { throw PolicyError(.badPattern, reason: "The pattern is empty. Give `*`, a tool's name or the first words of a command.") }
        guard body.utf8.count <= 1_000 else { throw PolicyError(.badPattern, reason: "The pattern is longer than 1,000 bytes.") }
        if let odd = body.unicodeScalars.first(where: { $0.value < 0x20 || $0.value == 0x7F || CharacterScan.isOddBlank($0) }) {
            throw PolicyError(.badPattern, reason: "The pattern contains the character U+\(String(odd.value, radix: 16, uppercase: true)), which no rule can mean.")
        }
        return body
    }

    /// The words of an allow rule, split the way the shell does. A last `*` only repeats that more words may follow.
    private static func allowable(_ body: String) throws -> [String] {
        let text = body.hasSuffix(" *") ? String(body.dropLast(2)) : body
        let inspection = ShellInspector().inspect(text)
        // What can never be allowed is told first: the rest is only about how it is written.
        if let words = inspection.simpleCommands.first, let reason = ProgramKnowledge.reasonAgainstAllowing(words) {
            throw PolicyError(.tooBroad, reason: reason + (words.count == 1 ? toolHint(words[0]) : ""))
        }
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

    /// Before a name that means the tool and no program.
    static let toolMark = "tool:"

    private static func toolHint(_ word: String) -> String {
        isToolName(word[...]) ? " If you mean a tool of that name, write “\(toolMark)\(word)”." : ""
    }

    /// The words of a deny or ask rule.
    private static func strictWords(_ body: String) -> [String] {
        let plain = body.split(separator: " ").map(String.init)
        return plain.count > 1 && plain.last == "*" ? Array(plain.dropLast()) : plain
    }

    private static func isToolName(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
        }
    }
}

// MARK: - The reference system's names

extension PolicyPattern {
    /// What the reference system's scopes are called here. A trailing `.*` means the same as none.
    private static let referenceTools: [String: Set<String>] = {
        let reading: Set<String> = ["read_file", "list_files", "search_files"]
        return [
            "shell": ["run_command"], "shell.execute": ["run_command"], "system": ["run_command"], "system.run": ["run_command"],
            "filesystem": reading.union(["write_file"]), "filesystem.read": reading, "filesystem.write": ["write_file"],
            "file_operation": reading.union(["write_file"]), "system_command": ["run_command"],
        ]
    }()

    private static func withoutStar(_ body: String) -> String { body.hasSuffix(".*") ? String(body.dropLast(2)) : body }

    /// `memory.search` into its parts; empty for anything but one word of names with dots between them.
    private static func scope(_ body: String) -> [Substring] {
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 1 && parts.allSatisfy { !$0.isEmpty && isToolName($0) } ? parts : []
    }

    /// Whether it stands for a tool, whatever the tool is given.
    func covers(tool name: String) -> Bool {
        switch kind {
        case .everything: return true
        case .tools(let tools): return tools.contains(name)
        case .words(let words):
            if words.count == 1, words[0] == name { return true }
            guard !scope.isEmpty else { return false }
            let parts = name.split(whereSeparator: { $0 == "." || $0 == "_" || $0 == "-" })
            return parts.starts(with: scope.flatMap { $0.split(whereSeparator: { $0 == "_" || $0 == "-" }) })
        case .tool: return false
        }
    }
}
