// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore

@main
struct Megabot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "megabot",
        abstract: "The reference daemon of MegaBot for Swift, and the tools around it.", version: "megabot \(MegaBot.version)",
        subcommands: [
            ServeCommand.self, ChatCommand.self, InitCommand.self, ConfigCommand.self, DoctorCommand.self, HealthCommand.self,
            LedgerCommand.self, PolicyCommand.self, CheckCommand.self, HookCommand.self, KillCommand.self, FlowCommand.self,
            AuditCommand.self, KeyCommand.self, ScanCommand.self, SecretCommand.self,
        ])
}
