// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import Dispatch
import MegaCore

struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat", abstract: "Talks with the running daemon in this terminal; reads lines from a pipe just as well.",
        discussion: """
            From a pipe every line is said when the one before has been answered; !stop and !kill are said at once. The exit code is 0 when \
            everything was answered, 75 when a question is still open at the end of the input or no answer came (what was said is kept and \
            goes on), and 1 when there is no daemon to talk to.
            """)

    @OptionGroup var options: InstallationOptions
    @Option(help: "The chat: another name is another conversation.") var chat = "terminal"
    @Option(help: "Who is talking, as the daemon knows them: websocket:SENDER.") var sender = "owner"

    @Option(help: ArgumentHelp("How long a pipe waits while nothing comes.", valueName: "seconds")) var wait = 600

    /// EX_TEMPFAIL of sysexits(3): not an error, but not finished either.
    private static let unfinished = ExitCode(75)

    func validate() throws {
        guard (1...86_400).contains(wait) else { throw ValidationError("--wait must be from 1 to 86400 seconds.") }
    }

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
            let ending = try await withThrowingTaskGroup(of: ChatState.Ending?.self) { group in
                group.addTask {
                    try await client.run()
                    return nil
                }
                group.addTask { await Self.readLines(for: client, screen: screen, patience: .seconds(wait)) }
                // Whichever ends first ends the chat: the input, or a connection that cannot be had.
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
            try tell(ending)
        }
    }

    private func tell(_ ending: ChatState.Ending?) throws {
        switch ending {
        case .answered, nil: return
        case .asking(let codes, let waiting):
            let behind = switch waiting {
            case 0: ""
            case 1: ", and 1 message waits behind it"
            default: ", and \(waiting) messages wait behind it"
            }
            let code = codes.first.map { " \($0)" } ?? ""
            let place = "megabot chat" + (options.file.map { " --config \($0)" } ?? "") + (chat == "terminal" ? "" : " --chat \(chat)")
            Console.error(
                "A question is still open\(codes.isEmpty ? "" : " (\(codes.joined(separator: ", ")))")\(behind). What was said is kept. "
                    + "Answer in “\(place)” with !approve\(code) or !deny\(code); then it goes on.")
        case .silent: Console.error("No answer came within \(wait) s. What was said is kept; its answer is shown in the next chat. megabot health tells how the daemon does.")
        }
        throw Self.unfinished
    }

    private static func readLines(for client: ChatClient, screen: ChatScreen, patience: Duration) async -> ChatState.Ending? {
        let isPipe = !Console.isInputTerminal
        // One line is read ahead: what stops a turn cannot wait for its answer.
        var upcoming = Task { await nextLine() }
        while let line = await upcoming.value {
            upcoming = Task { await nextLine() }
            screen.inputTaken()
            let text = line.drop { $0.isWhitespace }
            guard !text.isEmpty else {
                screen.prompt()
                continue
            }
            if text == "!quit" || text == "!exit" { break }
            await client.say(line)
            // A person may go on typing; a pipe would run ahead of the answers it depends on.
            if isPipe, case .silent = await settle(client, patience, before: upcoming) { return .silent }
        }
        return isPipe ? await client.settle(patience: patience) : .answered
    }

    /// Returns when what was said is settled, or the next line is one that cannot wait for that.
    private static func settle(_ client: ChatClient, _ patience: Duration, before upcoming: Task<String?, Never>) async -> ChatState.Ending? {
        await withTaskGroup(of: (isEnough: Bool, ending: ChatState.Ending?).self) { group in
            group.addTask { (true, await client.settle(patience: patience)) }
            group.addTask { (isUrgent(await upcoming.value), nil) }
            for await result in group where result.isEnough {
                group.cancelAll()
                return result.ending
            }
            return nil
        }
    }

    private static func isUrgent(_ line: String?) -> Bool {
        let word = line?.split(whereSeparator: \.isWhitespace).first?.lowercased()
        return word == "!stop" || word == "!kill"
    }

    /// One line of the standard input, read on a thread of its own; nil at its end.
    private static func nextLine() async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: readLine()) }
        }
    }
}
