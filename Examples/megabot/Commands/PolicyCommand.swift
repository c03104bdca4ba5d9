// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Looks at the rules: lists, explains, tests and replays them. Changes nothing.",
        subcommands: [List.self, Explain.self, PolicyTestCommand.self, PolicySimulateCommand.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the rules in force: configured, given in chats and built in.")

        @OptionGroup var options: InstallationOptions
        @Flag(help: "Also lists the rules of the presets there are.") var presets = false

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                for line in await (try await installation.policyAuthorizer()).rules() { Console.line(line) }
                guard presets else { return }
                for preset in PolicyPreset.allCases {
                    Console.line("\npreset \(preset.rawValue):")
                    for pattern in preset.patterns { Console.line("  allow: \(pattern)") }
                }
            }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says what rules and command guard make of a command: the verdict, the rule, each part, and what would change it.",
            discussion: "Exit code 0 for allow, 3 for ask, 4 for deny. Example: megabot policy explain --mode build -- 'git status && rm -rf x'")

        @OptionGroup var options: InstallationOptions
        @OptionGroup var circumstances: PolicyCircumstances
        @Argument(parsing: .postTerminator, help: "The command; several words are put together with blanks.") var command: [String] = []

        func validate() throws {
            if command.isEmpty { throw ValidationError("Give the command behind --, for example: megabot policy explain -- git status") }
        }

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                let now = try circumstances.time()
                let authorizer = try await installation.policyAuthorizer(now: now)
                let action = try circumstances.action(command.joined(separator: " "), installation)
                PolicyReport.show(authorizer.explain(action))
                let guarded = GuardedAuthorizer(authorizer, enforcement: installation.guardEnforcement)
                if let verdict = guarded.verdict(on: action), verdict.action != .allow {
                    Console.line("command guard: \(verdict.action.rawValue): \(verdict.summary)")
                }
                switch try await guarded.decide(action) {
                case .allow: return
                case .askHuman:
                    Console.line("together: ask")
                    throw ExitCode(3)
                case .deny:
                    Console.line("together: deny")
                    throw ExitCode(4)
                }
            }
        }
    }
}

/// Under which circumstances rules are asked.
struct PolicyCircumstances: ParsableArguments {
    @Option(name: .customLong("as"), help: "Whose turn it would be, as platform:sender.") var person: String?
    @Option(help: "The mode: ask, plan, build, loki.") var mode: String?
    @Option(help: "The conversation's platform, or platform:account:chat.") var channel: String?
    @Option(help: "The folder the command would run in.") var folder: String?
    @Option(help: "The time, such as 2027-01-31T09:00:00Z.") var at: String?
    @Option(help: "Who may have led to it: owner, known, unknown, tool, web.") var influence: String?

    /// The time that was given; nil means now.
    func time() throws -> PolicyClock {
        guard let at else { return PolicyClock() }
        guard let clock = PolicyClock(at) else { throw Complaint("\"\(at)\" is no time.", mend: "Write it like 2027-01-31T09:00:00Z.") }
        return clock
    }

    func action(_ text: String, _ installation: Installation) throws -> ProposedAction {
        let configuration = installation.configuration
        let owner = configuration.people.owners.first ?? "websocket:owner"
        guard let mode = mode.map(Mode.init(rawValue:)) ?? configuration.system.defaultMode else {
            throw Complaint("\"\(mode ?? "")\" is no mode.", mend: "Use \(Mode.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard let influence = influence.map(TrustLabel.init(rawValue:)) ?? .owner else {
            throw Complaint("\"\(influence ?? "")\" is no label.", mend: "Use \(TrustLabel.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        let parts = (channel ?? String((person ?? owner).prefix(while: { $0 != ":" }))).split(separator: ":", maxSplits: 2).map(String.init)
        guard let platform = parts.first else { throw Complaint("The channel is empty.", mend: "Name a platform, such as websocket.") }
        return CommandAction.make(
            text, person: person ?? owner,
            conversation: ConversationID(
                platform: Platform(rawValue: platform), account: parts.count > 1 ? parts[1] : "default", chat: parts.count > 2 ? parts[2] : "explain"),
            mode: mode, folder: folder.map { Paths.absolute($0, in: Paths.currentDirectory) } ?? installation.workspace, influence: influence)
    }
}

/// An explanation in lines.
enum PolicyReport {
    static func show(_ explanation: PolicyExplanation) {
        Console.line("\(explanation.verdict.rawValue): \(explanation.reason)")
        if let rule = explanation.rule { Console.line("rule: \(rule)") }
        for part in explanation.parts {
            let through = part.wrappers.isEmpty ? "" : " (through \(part.wrappers.joined(separator: ", ")))"
            Console.line("  \(String(repeating: "  ", count: min(part.depth, 8)))\(part.verdict.rawValue)  \(part.command)\(through): \(part.reason)")
        }
        for obstacle in explanation.obstacles { Console.line("  as a whole: \(obstacle)") }
        if !explanation.advice.isEmpty { Console.line("what would change it:") }
        for line in explanation.advice { Console.line("  - \(line)") }
    }
}
