// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import Logging
import MegaCore
import MegaMemory

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Looks at the record of every message.", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists turns, newest first: id, state, age, channel, attempts, failure. Works while the daemon runs.")

        @OptionGroup var options: InstallationOptions
        @Option(help: "Only turns in these states: received, running, waitingApproval, replying, delivered, failed.")
        var state: [String] = []
        @Option(help: "How many at most.") var limit = 20
        @Flag(help: "One JSON object a line.") var json = false

        func validate() throws {
            for text in state where Turn.State(rawValue: text) == nil {
                throw ValidationError("\"\(text)\" is no state; use \(Turn.State.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
        }

        func run() async throws {
            try await reporting {
                let installation = try await options.load()
                guard PrivateFiles.status(installation.database) != nil else {
                    throw Complaint("there is no database at \(installation.database) yet.", mend: "The first start makes it: megabot serve")
                }
                let store = try await SQLiteStore(readingFrom: installation.database, sealer: installation.sealer())
                let states = state.compactMap(Turn.State.init(rawValue:))
                let turns = try await store.recentTurns(limit: limit, in: states.isEmpty ? nil : Set(states))
                if json {
                    try turns.forEach { Console.line(try Self.json($0)) }
                } else {
                    Self.table(turns, counts: try await store.turnCounts(), now: Date())
                }
                try await store.close()
            }
        }

        private static func table(_ turns: [Turn], counts: [Turn.State: Int], now: Date) {
            let total = Turn.State.allCases.compactMap { state in counts[state].map { "\(state.rawValue) \($0)" } }
            Console.line(total.isEmpty ? "no turns yet" : total.joined(separator: ", "))
            guard !turns.isEmpty else { return }
            Console.line(row("ID", "STATE", "AGE", "TRIES", "CHANNEL", "FAILURE"))
            for turn in turns {
                let age = age(now.timeIntervalSince(turn.receivedAt))
                Console.line(
                    row("\(turn.id)", turn.state.rawValue, age, "\(turn.attempts)", "\(turn.message.conversation)", turn.failure.map { ApprovalText.oneLine($0) } ?? ""))
            }
        }

        private static func row(_ id: String, _ state: String, _ age: String, _ tries: String, _ channel: String, _ failure: String) -> String {
            func pad(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
            return "\(pad(id, 8)) \(pad(state, 15)) \(pad(age, 6)) \(pad(tries, 5)) \(pad(channel, 32)) \(failure)"
        }

        private static func age(_ seconds: Double) -> String {
            let seconds = Int(max(0, seconds))
            return switch seconds {
            case ..<60: "\(seconds)s"
            case ..<3600: "\(seconds / 60)m"
            case ..<86_400: "\(seconds / 3600)h"
            default: "\(seconds / 86_400)d"
            }
        }

        /// What a line of `--json` holds; no message text.
        private struct Entry: Encodable {
            var id: Int64
            var state: String
            var attempts: Int
            var conversation: String
            var person: String
            var receivedAt: String
            var updatedAt: String
            var failure: String?
        }

        private static func json(_ turn: Turn) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let entry = Entry(
                id: turn.id.rawValue, state: turn.state.rawValue, attempts: turn.attempts, conversation: "\(turn.message.conversation)",
                person: turn.person.rawValue, receivedAt: turn.receivedAt.formatted(.iso8601),
                updatedAt: turn.updatedAt.formatted(.iso8601), failure: turn.failure)
            return String(decoding: try encoder.encode(entry), as: UTF8.self)
        }
    }
}
