// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Looks at the configuration.", subcommands: [Check.self, DataDirectory.self, Template.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists every problem with its line and what to write instead; exit code 1 when there are any.")

        @OptionGroup var options: InstallationOptions
        @Argument(help: "The configuration file; instead of --config.") var file: String?

        func run() async throws {
            try await reporting {
                var options = options
                if let file { options.file = file }
                let report = MegaConfiguration.check(try await options.files().read(), policies: .standard)
                for problem in report.problems { Console.line("error: \(problem)") }
                for warning in report.warnings { Console.line("warning: \(warning)") }
                guard let configuration = report.configuration else {
                    Console.line("\(report.problems.count) problem\(report.problems.count == 1 ? "" : "s") in \(options.path)")
                    throw ExitCode(1)
                }
                let installation = Installation(configuration: configuration, configurationPath: options.path, files: options.files())
                Console.line("OK: \(options.files().yamlPath ?? "no configuration file, so everything has its default")")
                Self.summarize(installation)
            }
        }

        private static func summarize(_ installation: Installation) {
            let configuration = installation.configuration
            let socket = configuration.adapters.webSocket
            Console.line("  data       \(installation.dataDirectory)")
            Console.line("  workspace  \(installation.workspace)")
            Console.line("  model      \(describe(configuration.model))")
            Console.line("  websocket  \(socket.isEnabled ? "\(socket.host):\(socket.port)" : "off")")
            Console.line("  mode       \(configuration.system.defaultMode.rawValue)")
            let bindings = configuration.secrets.bindings
            if !bindings.isEmpty {
                Console.line("  secrets    " + bindings.map { "\($0.name) for \(($0.programs + $0.hosts).joined(separator: ", "))" }.joined(separator: "; "))
            }
            Console.line("  owners     \(configuration.people.owners.joined(separator: ", "))")
            let policies = configuration.policies
            let presets = policies.presets.isEmpty ? "" : ", presets \(policies.presets.joined(separator: ", "))"
            Console.line(
                "  policies   \(policies.fallback.rawValue) by default, \(policies.allow.count) allow, \(policies.ask.count) ask, "
                    + "\(policies.deny.count) deny, \(policies.rules.count) with conditions\(presets)")
        }

        private static func describe(_ model: MegaConfiguration.Model?) -> String {
            guard let model else { return "automatic: the local Ollama if it answers, else the offline model" }
            return ([model] + model.fallback).map { [$0.provider.rawValue, $0.name].compactMap { $0 }.joined(separator: " ") }
                .joined(separator: ", then ")
        }
    }

    struct DataDirectory: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "data-directory", abstract: "Prints the absolute path of the data directory.")

        @OptionGroup var options: InstallationOptions

        func run() async throws {
            try await reporting { Console.line(try await options.load().dataDirectory) }
        }
    }

    struct Template: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a commented configuration file with every default.")

        func run() { Console.text(MegaConfiguration.template) }
    }
}
