// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A simple command as the rules look at it.
struct PolicyCommand: Sendable {
    var words: [String]
    var openWords: Set<Int> = []
    /// Why an allow rule cannot hold for it, found while it was taken over from the inspector.
    var flaw: String?
    var depth = 0
    var wrappers: [String] = []
    let baseName: String

    init(words: [String]) {
        self.words = words
        baseName = words.first.map(ShellWords.baseName) ?? ""
    }

    init(_ command: CommandInspection.Command) {
        self.init(words: command.words)
        openWords = command.openWords
        depth = command.depth
        wrappers = command.wrappers
        flaw = SafeSurroundings.flaw(of: command)
    }

    /// Its words, shortened and with every character visible.
    var shown: String { String(OutputSanitizer.visible(words.joined(separator: " ")).prefix(120)) }

    /// Why an allow rule that names its words does not hold all the same.
    func obstacle(in line: PolicyCommandLine, _ resolver: any ProgramResolver) -> String? {
        if depth > 0 || !wrappers.isEmpty { return "“\(shown)” is run by something else, and allow rules do not reach into that" }
        if let open = openWords.min(), open < words.count {
            return open == 0 ? "which program runs is decided only when it runs" : "“\(OutputSanitizer.visible(words[open]))” is decided only when it runs"
        }
        if let flaw { return flaw }
        guard let program = words.first, resolver.resolve(program) != nil else { return "“\(baseName)” is no program of the system" }
        if line.changesFolder, ProgramKnowledge.dependsOnFolder(words) { return "“\(baseName)” may do something else in another folder" }
        return ProgramKnowledge.finding(in: words).map { "“\(String(OutputSanitizer.visible($0.word).prefix(60)))” \($0.risk.effect)" }
    }
}

/// All simple commands of a text, and what is to be said of the text as a whole.
struct PolicyCommandLine: Sendable {
    private(set) var commands: [PolicyCommand] = []
    /// Why the whole cannot be allowed.
    private(set) var obstacles: [String] = []
    let findings: [CommandInspection.Finding]
    /// Whether a part of it goes to another folder.
    let changesFolder: Bool

    /// - Parameter inspection: Nil when there is no shell: then the preview's words are all there is.
    init(_ preview: CommandPreview, _ inspection: CommandInspection?) {
        findings = inspection?.findings ?? []
        if let inspection, !inspection.commands.isEmpty {
            commands = inspection.commands.map(PolicyCommand.init)
        } else {
            commands = (inspection?.simpleCommands ?? []).map(PolicyCommand.init)
            if inspection?.hasRedirections == true { obstacles.append("it redirects to or from a file") }
            if inspection?.hasAssignments == true { obstacles.append("it sets variables") }
        }
        // Both what the tool said and what the inspector finds now: neither can hide a command from a deny rule.
        for words in preview.simpleCommands where !commands.contains(where: { $0.words == words }) { commands.append(PolicyCommand(words: words)) }
        changesFolder = commands.contains { ShellBuiltins.changingFolder.contains($0.baseName) }
        if commands.isEmpty { obstacles.insert("no command was recognised in it", at: 0) }
        if preview.isIncomplete || inspection?.isIncomplete == true {
            let gap = inspection?.gaps.first.map { ": \($0)" } ?? ""
            obstacles.insert("parts of it are decided only when it runs\(gap)", at: 0)
        }
    }
}

/// Variables and redirections that change nothing about what a command does.
enum SafeSurroundings {
    /// Variables that only change how output looks.
    static let variables: Set<String> = ["TERM", "LANG", "LANGUAGE", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES"]

    /// What about a command's variables and redirections keeps allow rules from holding; nil when nothing does.
    static func flaw(of command: CommandInspection.Command) -> String? {
        if let assignment = command.assignments.first(where: { !isSafe($0) }) { return "it sets the variable \(OutputSanitizer.visible(assignment.name))" }
        if let redirection = command.redirections.first(where: { !isSafe($0) }) {
            return redirection.target.isEmpty ? "it reads a text from the command line" : "it redirects (\(redirection.operation) \(String(OutputSanitizer.visible(redirection.target).prefix(60))))"
        }
        return nil
    }

    private static func isSafe(_ assignment: CommandInspection.Command.Assignment) -> Bool {
        guard assignment.isLiteral, variables.contains(assignment.name) || assignment.name.hasPrefix("LC_") else { return false }
        // Values with a slash are taken as paths by some of them.
        return assignment.value.utf8.count <= 64
            && assignment.value.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [0x2B, 0x2C, 0x2D, 0x2E, 0x3A, 0x40, 0x5F].contains(byte)
            } && !assignment.value.contains("..")
    }

    private static func isSafe(_ redirection: CommandInspection.Command.Redirection) -> Bool {
        guard redirection.isLiteral else { return false }
        let isOutput = (redirection.descriptor ?? 1) <= 2
        switch redirection.operation {
        case ">&": return isOutput && (redirection.target == "1" || redirection.target == "2")
        case ">", ">>", "&>", "&>>", ">|": return isOutput && redirection.target == "/dev/null"
        case "<": return (redirection.descriptor ?? 0) == 0 && redirection.target == "/dev/null"
        default: return false
        }
    }
}
