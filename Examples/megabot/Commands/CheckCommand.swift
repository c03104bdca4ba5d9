// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says what a command would do before it runs: allow, warn, ask or block.",
        discussion: """
            One argument behind -- is a whole command line; several are the words of one command. Without any, the text is read from the \
            standard input. Exit codes: 0 allow, 1 block, 2 warn, 3 ask.
            """)

    @Option(help: "The shell it is for: posix, bash, zsh, fish, powershell, cmd.") var shell = "posix"
    @Option(help: "What happens with it: exec (it is run), paste (it is pasted into a terminal), output (it is shown).") var context = "exec"
    @Flag(help: "Print the verdict as JSON.") var json = false
    @Flag(help: "Read JSON lines {id, input_b64, context, shell} and answer each with {id, action, rules, incomplete}.") var jsonl = false
    @Argument(help: "The command.") var command: [String] = []

    func validate() throws {
        if ShellDialect(rawValue: shell) == nil {
            throw ValidationError("\"\(shell)\" is no shell; use \(ShellDialect.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        if GuardContext(rawValue: context) == nil {
            throw ValidationError("\"\(context)\" is no context; use \(GuardContext.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        if jsonl, !command.isEmpty { throw ValidationError("--jsonl reads the standard input; leave the command out.") }
    }

    func run() throws {
        do {
            if jsonl { return try CheckLines.run() }
            try check()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            Console.error("error: \(error)")
            throw ExitCode(70)
        }
    }

    private func check() throws {
        let bytes = command.isEmpty ? try StandardInput.all(limit: 16 << 20) : Array(text.utf8)
        let input = GuardInput(
            bytes: bytes, context: GuardContext(rawValue: context) ?? .exec, dialect: ShellDialect(rawValue: shell) ?? .posix)
        let verdict = CommandGuard().check(input)
        if json {
            Console.line(Self.json(verdict).encodedString())
        } else if verdict.action != .allow {
            Console.line(VerdictText(bytes, verdict).text)
        }
        switch verdict.action {
        case .allow: return
        case .block: throw ExitCode(1)
        case .warn: throw ExitCode(2)
        case .ask: throw ExitCode(3)
        }
    }

    /// Several words are quoted, so that they stay the words they are.
    private var text: String {
        guard command.count > 1 else { return command.first ?? "" }
        return command.map(ShellQuoting.quoted).joined(separator: " ")
    }

    private static func json(_ verdict: GuardVerdict) -> JSONValue {
        [
            "action": .string(verdict.action.rawValue), "incomplete": .bool(verdict.isIncomplete),
            "findings": .array(
                verdict.findings.map { finding in
                    [
                        "rule": .string(finding.rule), "action": .string(finding.action.rawValue),
                        "start": .integer(Int64(finding.span.lowerBound)), "end": .integer(Int64(finding.span.upperBound)),
                        "message": .string(finding.message), "remedy": .string(finding.remedy),
                    ]
                }),
        ]
    }
}
