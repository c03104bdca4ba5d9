// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct PolicyTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Checks that the rules say what is expected of them.",
        discussion: """
            With a FILE: a YAML file with cases, run against the configured rules; every mismatch is listed and the exit code is 1.
            With --jsonl: lines {"id", "policy": {"allow": [..], "deny": [..], "ask": [..], "presets": [..]}, "input"} from the standard
            input, each with its own rules, are answered with {"id", "decision", "rule"}. No program has to be installed for that.
            """)

    @OptionGroup var options: InstallationOptions
    @Flag(help: "Answers JSON lines from the standard input.") var jsonl = false
    @Argument(help: "The file with the cases.") var file: String?

    func validate() throws {
        if jsonl == (file != nil) { throw ValidationError("Give a FILE with cases, or --jsonl.") }
    }

    func run() async throws {
        if jsonl { return try PolicyLines.answer() }
        try await reporting {
            let path = Paths.absolute(file ?? "", in: Paths.currentDirectory)
            guard let data = FileManager.default.contents(atPath: path) else { throw Complaint("\(path) cannot be read.") }
            let cases = try PolicyCases(yaml: String(decoding: data, as: UTF8.self), name: path)
            let installation = try await options.load()
            var mismatches = 0
            for one in cases.cases {
                var circumstances = PolicyCircumstances()
                (circumstances.person, circumstances.mode, circumstances.channel) = (one.person, one.mode, one.channel)
                (circumstances.folder, circumstances.at, circumstances.influence) = (one.folder, one.at, one.influence)
                let authorizer = try await installation.policyAuthorizer(adding: cases.rules.map { PolicyRule($0.verdict, $0.pattern) }, now: try circumstances.time())
                let explanation = authorizer.explain(try circumstances.action(one.command, installation))
                guard explanation.verdict != one.expected else { continue }
                mismatches += 1
                Console.line("\(path):\(one.line): expected \(one.expected.rawValue), got \(explanation.verdict.rawValue): \(one.command)")
                Console.line("    \(explanation.reason)")
            }
            Console.line("\(cases.cases.count) cases, \(mismatches) not as expected")
            if mismatches > 0 { throw ExitCode(1) }
        }
    }
}
