// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import Dispatch
import MegaCore

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talks with the running daemon in this terminal; reads lines from a pipe just as well.")

    @OptionGroup var options: InstallationOptions
    @Option(help: "The chat: another name is another conversation.") var chat = "terminal"
    @Option(help: "Who is talking, as the daemon knows them: websocket:SENDER.") var sender = "owner"

    func run() async throws {
        try await reporting {
            let installation = try await options.load()
            guard installation.configuration.adapters.webSocket.isEnabled else {
                throw Complaint("adapters.websocket is off.", mend: "Set adapters.websocket.enabled: true and restart the daemon.")
            }
            let screen = ChatScreen()
            let client = ChatClient(
                authority: installation.authority, isLoopback: installation.configuration.adapters.webSocket.isLoopback, password: try WebSocketCredentials(installation: installation).password(),
                chat: chat, sender: sender, screen: screen)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.run() }
                group.addTask { await Self.readLines(for: client, screen: screen) }
                // Whichever ends first ends the chat: the input, or a connection that cannot be had.
                try await group.next()
                group.cancelAll()
            }
        }
    }

    private static func readLines(for client: ChatClient, screen: ChatScreen) async {
        while let line = await nextLine() {
            screen.inputTaken()
            let text = line.drop { $0.isWhitespace }
            guard !text.isEmpty else {
                screen.prompt()
                continue
            }
            if text == "!quit" || text == "!exit" { break }
            await client.say(line)
            // A person may go on typing; a pipe would run ahead of the answers it depends on.
            if !Console.isInputTerminal { await client.settle() }
        }
        if !Console.isInputTerminal { await client.settle() }
    }

    /// One line of the standard input, read on a thread of its own; nil at its end.
    private static func nextLine() async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: readLine()) }
        }
    }
}
