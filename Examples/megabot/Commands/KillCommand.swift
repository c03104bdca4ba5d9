// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

struct KillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Stops every tool call at once, child processes included, and keeps it so until released, over restarts.",
        discussion: "Without a scope everything is stopped. When no daemon runs, the order holds from its next start.")

    @OptionGroup var options: InstallationOptions
    @Option(help: "Only this tool; may be repeated.") var tool: [String] = []
    @Option(help: "Only this channel, as platform or platform:account; may be repeated.") var channel: [String] = []
    @Option(help: "Only this conversation, as platform:account:chat or platform:account:chat:thread; may be repeated.") var conversation: [String] = []
    @Flag(help: "Everything, also what other switches leave out.") var all = false
    @Flag(help: "Release instead: the named switches, or all of them.") var off = false
    @Option(help: "Why, for those who ask.") var reason: String?

    func validate() throws {
        for text in conversation where ConversationID(text: text) == nil {
            throw ValidationError("\"\(text)\" is no conversation; write platform:account:chat, as megabot ledger list shows them.")
        }
    }

    func run() async throws {
        try await reporting {
            let installation = try await options.load()
            guard PrivateFiles.status(installation.dataDirectory) != nil else {
                throw Complaint("there is no data directory \(installation.dataDirectory) yet.", mend: "The first start makes it: megabot serve")
            }
            let folder = KillFolder(installation)
            let named = tool.map { KillSwitch.Scope.tool($0) } + channel.map { .channel($0) } + conversation.compactMap { ConversationID(text: $0) }.map { .conversation($0) }
            let scopes = all || (named.isEmpty && !off) ? [.all] + named : named
            // Released is what is named; all switches when nothing is.
            let order = KillFolder.Order(scopes: off && all ? [] : scopes, isRelease: off, by: "local:uid-\(getuid())", reason: reason)
            let name = try folder.leave(order)
            guard folder.ring() else {
                return Console.line("No daemon runs; the order holds from its next start.")
            }
            guard let answer = try await answer(to: name, in: folder) else {
                throw Complaint("the daemon has not answered within 10 seconds; the order stays.", mend: "Look at its log, or stop the process itself.")
            }
            Console.line(answer.text)
            if answer.stillRunning > 0 { throw Complaint("not everything has ended yet.", mend: "Look at: megabot health") }
        }
    }

    private func answer(to name: String, in folder: KillFolder) async throws -> KillFolder.Answer? {
        for _ in 0..<2000 {
            if let answer = try folder.takeAnswer(to: name) { return answer }
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
