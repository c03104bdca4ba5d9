// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

/// What a sandbox adds to a command.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sandbox", abstract: "The time one command takes, from request to outcome.")

    @Argument(help: "An existing folder commands may write in; absolute, not below /tmp or /home.") var folder: String
    @Option(help: "Commands per figure.") var runs = 100

    func run() async throws {
        try await measure("bubblewrap, true", BubblewrapRunner())
        try await measure("Landlock, true", LandlockRunner())
    }

    private func measure(_ name: String, _ runner: some CommandRunner) async throws {
        let request = CommandRequest(command: .program(["true"]), workingDirectory: folder)
        var latencies = Latencies()
        for round in 0...runs {
            let begun = ContinuousClock.now
            guard try await runner.run(request, output: { _ in }).termination == .exited(code: 0) else { throw MeasurementError(name) }
            // The first one tries the machine.
            if round > 0 { latencies.add(begun.duration(to: .now)) }
        }
        Figure(name: "\(name) p50", side: "ours", value: latencies.percentile(0.5), unit: "ms").write()
        Figure(name: "\(name) p95", side: "ours", value: latencies.percentile(0.95), unit: "ms").write()
    }
}
