// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a commented megabot.yaml if there is none, and makes data directory, key and password. Safe to repeat.")

    @OptionGroup var options: InstallationOptions

    func run() async throws {
        try await reporting {
            var options = options
            let path = options.path
            // From here on the file exists and counts, whatever it is called.
            options.file = path
            var made: [String] = []
            if try PrivateFiles.create(path, MegaConfiguration.template) { made.append("wrote \(path), every value at its default") }
            let installation = try await options.load()
            made += try await installation.prepare()
            for line in made { Console.line(line) }
            if made.isEmpty { Console.line("\(path): everything is in place already") }
            guard installation.configuration.adapters.webSocket.isEnabled else { return }
            let place =
                installation.configuration.adapters.webSocket.password == nil
                ? "in \(installation.webSocketPassword)" : "in the configuration (adapters.websocket.password)"
            Console.line("WebSocket clients need the password \(place)")
        }
    }
}
