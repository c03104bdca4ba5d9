// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaNetworking

struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health", abstract: "Asks the running daemon how it does; exit code 0 when it can take messages.")

    @OptionGroup var options: InstallationOptions
    @Flag(help: "Print nothing.") var quiet = false

    func run() async throws {
        if quiet {
            do { try await ask() } catch { throw ExitCode(1) }
        } else {
            try await reporting(ask)
        }
    }

    private func ask() async throws {
        let installation = try await options.load()
        guard installation.configuration.adapters.webSocket.isEnabled else {
            throw Complaint("adapters.websocket is off, so the daemon answers no questions.", mend: "Set adapters.websocket.enabled: true.")
        }
        let transport = CurlTransport(egress: .only([installation.authority]))
        let report: HealthReport
        do {
            report = try await HealthEndpoint.ask(installation.authority, transport: transport).report
        } catch let error as TransportError {
            throw Complaint("no daemon answers at \(installation.authority): \(error.reason)", mend: "Start it: megabot serve")
        }
        if !quiet { Console.line(report.rendering) }
        if report.status == .down { throw ExitCode(1) }
    }
}
