// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Reads POSIX shell commands (with the common bash additions) without running them.
///
/// Every simple command is reported, also those inside subshells, substitutions, here-documents of shells and the bodies handed to
/// `sh -c`, `eval`, `env`, `sudo`, `xargs`, `find -exec` and the like, so that deny rules reach them. Whatever is decided only at run
/// time (variables, globs, substitutions, nested bodies, control flow) makes the command incomplete, and incomplete is never allowed
/// by a rule. Commands longer than 10,000 characters are incomplete whatever is in them.
public struct ShellInspector: CommandInspector {
    /// Characters after which a command counts as incomplete.
    public static let understoodLength = 10_000

    /// Makes an inspector.
    public init() {}

    /// See `CommandInspector.inspect(_:)`.
    public func inspect(_ command: String) -> CommandInspection {
        let scalars = Array(command.unicodeScalars.prefix(ShellParser.longestText))
        var found = ShellFindings()
        if scalars.count > Self.understoodLength {
            found.isIncomplete = true
            found.add(.ask, "long-command", "The command is longer than \(Self.understoodLength) characters.")
        }
        CharacterScan.scan(scalars, into: &found)
        ShellParser.parse(scalars, depth: 0, into: &found)
        return CommandInspection(
            simpleCommands: found.simpleCommands, isIncomplete: found.isIncomplete, hasRedirections: found.hasRedirections,
            hasAssignments: found.hasAssignments, findings: found.findings)
    }
}

/// What the parser has gathered so far.
struct ShellFindings {
    var simpleCommands: [[String]] = []
    var isIncomplete = false
    var hasRedirections = false
    var hasAssignments = false
    var findings: [CommandInspection.Finding] = []
    /// Characters that may still be read, nested bodies counted again.
    var budget = 400_000

    private static let mostCommands = 2_000

    mutating func add(_ verdict: PolicyVerdict, _ rule: String, _ message: String) {
        guard findings.count < 32, !findings.contains(where: { $0.rule == rule }) else { return }
        findings.append(.init(verdict: verdict, rule: rule, message: message))
    }

    mutating func add(_ words: [String]) {
        guard simpleCommands.count < Self.mostCommands else {
            isIncomplete = true
            return
        }
        simpleCommands.append(words)
    }
}
