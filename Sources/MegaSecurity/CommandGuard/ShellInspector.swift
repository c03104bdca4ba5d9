// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Reads shell commands (POSIX and bash) without running them, for rules about what may run.
///
/// Every simple command is reported, also those inside subshells, substitutions, here-documents of shells and the bodies handed to
/// `sh -c`, `eval`, `env`, `sudo`, `xargs`, `find -exec` and the like, so that deny rules reach them. Whatever is decided only at run
/// time (variables, globs, substitutions, nested bodies, control flow) makes the command incomplete, and incomplete is never allowed
/// by a rule. Commands longer than 10,000 bytes are incomplete whatever is in them.
public struct ShellInspector: CommandInspector {
    /// Bytes after which a command counts as incomplete.
    public static let understoodLength = 10_000
    private static let mostCommands = 2_000

    /// Makes an inspector.
    public init() {}

    /// See `CommandInspector.inspect(_:)`.
    public func inspect(_ command: String) -> CommandInspection {
        let bytes = Array(command.utf8)
        var found = ShellFindings()
        if bytes.count > Self.understoodLength {
            found.isIncomplete = true
            found.add(.ask, "long-command", "The command is longer than \(Self.understoodLength) bytes.")
        }
        // Printable ASCII, tabs and line ends hold nothing odd.
        if bytes.contains(where: { $0 >= 0x7F || $0 < 0x20 && $0 != 0x09 && $0 != 0x0A }) {
            CharacterScan.scan(command.unicodeScalars.prefix(ShellReader.longestText), into: &found)
        }
        report(ShellReader.read(bytes, dialect: .bash), into: &found)
        return CommandInspection(
            simpleCommands: found.simpleCommands, isIncomplete: found.isIncomplete, hasRedirections: found.hasRedirections,
            hasAssignments: found.hasAssignments, findings: found.findings, commands: found.commands, gaps: found.gaps)
    }

    /// How many simple commands a text would run, nested ones included. Only reads it; nothing is judged.
    ///
    /// - Parameter bytes: The text; need not be UTF-8. More than 1 MiB of it is not read.
    public func commandCount(_ bytes: [UInt8]) -> Int { ShellReader.read(bytes, dialect: .bash).commands.count }

    private func report(_ script: ShellScript, into found: inout ShellFindings) {
        var constructs = script.constructs.subtracting(.background)
        // An awk program that hands nothing to a shell hides no command; what else it does, rules on its arguments tell.
        if script.foreignBodies.allSatisfy({ $0.language == .awk }), script.commands.allSatisfy({ $0.origin == .top }), !script.foreignBodies.isEmpty {
            constructs.subtract(.nested)
        }
        if !script.gaps.isEmpty || !constructs.isEmpty { found.isIncomplete = true }
        found.gaps = script.gaps.prefix(8).map(\.reason)
        for command in script.commands {
            look(at: command, into: &found)
            if found.commands.count < Self.mostCommands { found.commands.append(CommandInspection.Command(command)) }
            guard !command.words.isEmpty else { continue }
            guard found.simpleCommands.count < Self.mostCommands else {
                found.isIncomplete = true
                return
            }
            found.simpleCommands.append(command.words.map(\.pattern))
        }
    }

    private func look(at command: ShellCommand, into found: inout ShellFindings) {
        if !command.assignments.isEmpty { found.hasAssignments = true }
        if command.assignments.contains(where: { !$0.value.isLiteral }) { found.isIncomplete = true }
        if command.origin != .top { found.isIncomplete = true }
        for (place, word) in command.words.enumerated() {
            if !word.isLiteral { found.isIncomplete = true }
            guard word.text.utf8.contains(where: { $0 >= 0x80 }) else { continue }
            if place == 0 {
                found.add(.ask, "look-alike", "The program's name has letters outside ASCII; it may only look like the one you know.")
            } else if !word.isQuoted, CharacterScan.mixesAlphabets(word.text) {
                found.add(.ask, "look-alike", "A word mixes alphabets whose letters look alike.")
            }
            if !word.isQuoted, word.text.unicodeScalars.contains(where: CharacterScan.isOddBlank) {
                found.add(.ask, "odd-blank", "It contains blanks outside ASCII, which the shell takes as letters.")
            }
        }
        for redirection in command.redirections {
            if !redirection.target.isLiteral { found.isIncomplete = true }
            let text = redirection.target.text
            switch redirection.operation {
            case "<&", ">&":
                let isDescriptor = text == "-" || (text.utf8.count == 1 && text.utf8.allSatisfy(ShellBytes.isDigit))
                if !isDescriptor { found.hasRedirections = true }
            case "<<<":
                found.isIncomplete = true
                found.hasRedirections = true
            default: if text != "/dev/null" { found.hasRedirections = true }
            }
        }
        guard let program = command.words.first else { return }
        let name = ShellWords.baseName(program.text)
        // What is in the file it reads is not looked at.
        if name == "." || name == "source" || ShellWords.shells.contains(name) { found.isIncomplete = true }
        if command.stage > 0 {
            if ShellWords.interpreters.contains(name) {
                found.add(.ask, "pipe-to-interpreter", "It feeds the output of another command to \(name), which runs it.")
            }
        }
    }
}

/// What an inspection has gathered so far.
struct ShellFindings {
    var simpleCommands: [[String]] = []
    var isIncomplete = false
    var hasRedirections = false
    var hasAssignments = false
    var findings: [CommandInspection.Finding] = []
    var commands: [CommandInspection.Command] = []
    var gaps: [String] = []

    mutating func add(_ verdict: PolicyVerdict, _ rule: String, _ message: String) {
        guard findings.count < 32, !findings.contains(where: { $0.rule == rule }) else { return }
        findings.append(.init(verdict: verdict, rule: rule, message: message))
    }
}
