// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser

struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "Prints a shell hook that checks every command you enter: eval \"$(megabot hook bash)\"",
        discussion: "For fish: megabot hook fish | source")

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() { Console.text(ShellHook.text(for: shell.rawValue)) }
}
