// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What is known of programs: which can never be allowed by their first words, and which arguments make a harmless one run, write,
/// load or send something.
///
/// The facts stand in tables (`Knowledge/Tables`), written from the programs' manuals; ``ArgumentTable`` reads them once.
enum ProgramKnowledge {
    static let table = ArgumentTable([
        codePrograms, runningPrograms, textPrograms, filePrograms, networkPrograms, developmentPrograms, gitCommands, packagePrograms,
    ])

    /// What is known of a program; versions at the end of the name do not matter (`python3.12`, `gcc-13`).
    static func rules(for program: String) -> ArgumentRules? {
        if let rules = table.entries[program] { return rules }
        guard let last = program.utf8.last, (0x30...0x39).contains(last) || program.hasSuffix(".exe") else { return nil }
        var stem = program.hasSuffix(".exe") ? program.dropLast(4) : program[...]
        while let byte = stem.utf8.last, (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") { stem = stem.dropLast() }
        return table.entries[String(stem)]
    }

    /// Whether it is a shell, an interpreter, an editor or the like: its arguments and input are code.
    static func isInterpreter(_ program: String) -> Bool {
        if let rules = rules(for: program) { return rules.isInterpreter }
        // Shells nobody listed: nearly all of their names end so.
        return program.hasSuffix("sh") && (2...6).contains(program.utf8.count)
    }

    /// Why words can never be the prefix of an allow rule, or nil.
    static func reasonAgainstAllowing(_ words: [String]) -> String? {
        guard let first = words.first else { return "The rule names no program." }
        let program = ShellWords.baseName(first)
        guard let rules = rules(for: program) else {
            if isInterpreter(program) { return "“\(program)” may be a shell, so no stored rule can allow it. Approve its calls one by one." }
            return words.dropFirst().first(where: SuspiciousWord.isSuspicious).map {
                "“\($0)” may make \(program) run something, and nothing is known of its arguments; no stored rule can allow it."
            }
        }
        if rules.runsAnything {
            return "“\(program)” can run or change anything it is told to, so no stored rule can allow it. Approve its calls one by one."
        }
        guard rules.needsSubcommand else { return argumentReason(words) }
        guard let verb = words.dropFirst().first else {
            return "“\(program)” alone would allow all its sub-commands. Name one, for example “\(program) \(example(program))”."
        }
        if rules.neverSubcommands.contains(verb) {
            return "“\(program) \(verb)” runs or changes whatever it is told to, so no stored rule can allow it. Approve its calls one by one."
        }
        if verb.hasPrefix("-"), rules.knownSubcommands?.contains(verb) != true {
            return "An option right after “\(program)” can change everything that follows. Begin with the sub-command, for example “\(program) \(example(program))”."
        }
        if let known = rules.knownSubcommands, !known.contains(verb) {
            return "“\(program) \(verb)” is no sub-command that is known here; it may be an alias or a plug-in that runs anything."
        }
        return argumentReason(words)
    }

    private static func argumentReason(_ words: [String]) -> String? {
        finding(in: words).map { "“\($0.word)” \($0.risk.effect); no stored rule can allow it." }
    }

    private static func example(_ program: String) -> String {
        ["git": "status", "npm": "test", "make": "test", "docker": "ps", "kubectl": "get", "systemctl": "status"][program] ?? "list"
    }

    /// The first argument that makes a call another kind of call, or nil. Commands no rule can allow have one in any case.
    static func finding(in words: [String]) -> ArgumentFinding? {
        guard let first = words.first else { return nil }
        let program = ShellWords.baseName(first)
        guard let rules = rules(for: program) else {
            if isInterpreter(program) { return ArgumentFinding(word: program, risk: .runs) }
            return words.dropFirst().first(where: SuspiciousWord.isSuspicious).map { ArgumentFinding(word: $0, risk: .unknown) }
        }
        if rules.runsAnything { return ArgumentFinding(word: program, risk: .runs) }
        let arguments = words.dropFirst()
        guard rules.needsSubcommand, let verb = arguments.first else { return rules.finding(in: arguments) }
        if rules.neverSubcommands.contains(verb) { return ArgumentFinding(word: verb, risk: .runs) }
        if let sub = table.entries["\(program)/\(verb)"] { return sub.finding(in: arguments.dropFirst()) }
        if rules.knownSubcommands != nil { return ArgumentFinding(word: verb, risk: .unknown) }
        return rules.finding(in: arguments)
    }

    /// Whether what the command does depends on files in its working folder.
    static func dependsOnFolder(_ words: [String]) -> Bool {
        guard let first = words.first else { return false }
        return rules(for: ShellWords.baseName(first))?.dependsOnFolder == true
    }
}
