// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser

@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures MegaBot. Every command prints one JSON object per figure; Benchmarks/run puts them into a table.",
        subcommands: [
            TurnsCommand.self, CodecsCommand.self, ServerCommand.self, LoadCommand.self, StartCommand.self, SandboxCommand.self, GuardCommand.self,
        ])
}
