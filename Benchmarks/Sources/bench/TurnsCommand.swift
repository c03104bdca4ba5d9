// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import Logging
import MegaCore
import MegaMemory
import MegaSecurity
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whole turns: inbox, sealed store with `synchronous=FULL`, memory recalled, history, model, outbox, adapter.
struct TurnsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "turns", abstract: "Durable turns per second, and the time from a message to its answer.")

    @Option(help: "Turns to do.") var turns = 20_000
    @Option(help: "Conversations at once.") var conversations = 64
    @Option(help: "Turns per second to offer; 0 offers the next as soon as the last was answered.") var rate = 0
    @Option(help: "A folder on the disk to measure.") var directory: String

    private static let question = "What did we agree on yesterday about the water tank in the garden, and who buys the pump?"
    private static let answer = "You agreed to set it up on Saturday. Ana buys the pump, you bring the hose and the two long screws."

    func run() async throws {
        let folder = directory + "/turns-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // why: only measured data is left behind
        var quiet = Logger(label: "bench")
        quiet.logLevel = .critical
        let store = try await SQLiteStore(
            path: folder + "/store.sqlite", sealer: KeyedSealer(masterKey: .random()), logger: quiet)
        let adapter = MeasuringAdapter()
        let orchestrator = Orchestrator(
            agent: ConversationalAgent(model: FixedModel(text: Self.answer)), adapters: [adapter], store: store,
            people: People(owners: ["bench:ana"]), logger: quiet)
        let running = Task { try await orchestrator.run() }
        let inbox = try await adapter.inbox()
        let processTime = ProcessTime()
        let started = ContinuousClock.now
        let latencies = rate == 0 ? try await saturate(inbox, adapter) : try await pace(inbox, adapter)
        let elapsed = started.duration(to: .now)
        let used = processTime.elapsed
        running.cancel()
        do { try await running.value } catch is CancellationError {}
        let counts = try await store.turnCounts()
        try await store.close()
        guard latencies.values.count == turns, (counts[.delivered] ?? 0) + (counts[.replying] ?? 0) == turns else {
            throw MeasurementError("not every turn was answered: \(counts)")
        }
        let load = rate == 0 ? "" : " at \(rate)/s"
        if rate == 0 { Figure(name: "durable turns", side: "ours", value: Double(turns) / elapsed.seconds, unit: "1/s").write() }
        Figure(name: "turn p50\(load)", side: "ours", value: latencies.percentile(0.50), unit: "ms").write()
        Figure(name: "turn p99\(load)", side: "ours", value: latencies.percentile(0.99), unit: "ms").write()
        Figure(name: "CPU per turn\(load)", side: "ours", value: used * 1000 / Double(turns), unit: "ms").write()
    }

    private func saturate(_ inbox: Inbox, _ adapter: MeasuringAdapter) async throws -> Latencies {
        try await withThrowingTaskGroup(of: Latencies.self) { group in
            for conversation in 0..<conversations {
                let share = turns / conversations + (conversation < turns % conversations ? 1 : 0)
                group.addTask {
                    var latencies = Latencies()
                    for number in 0..<share {
                        let id = "\(conversation)-\(number)"
                        let begun = ContinuousClock.now
                        try await inbox.deliver(Self.message(id, in: conversation))
                        latencies.add(begun.duration(to: await adapter.answer(to: id)))
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: Latencies()) { $0.add($1) }
        }
    }

    /// Messages come when they are due, whether or not earlier ones are answered; the time runs from when a message was due.
    private func pace(_ inbox: Inbox, _ adapter: MeasuringAdapter) async throws -> Latencies {
        try await withThrowingTaskGroup(of: Duration.self) { group in
            let begun = ContinuousClock.now + .milliseconds(100)
            for number in 0..<turns {
                let due = begun + .seconds(Double(number) / Double(rate))
                if due > .now { try await Task.sleep(until: due, tolerance: .zero) }
                let conversation = number % conversations
                group.addTask {
                    let id = "\(conversation)-\(number)"
                    try await inbox.deliver(Self.message(id, in: conversation))
                    return due.duration(to: await adapter.answer(to: id))
                }
            }
            return try await group.reduce(into: Latencies()) { $0.add($1) }
        }
    }

    private static func message(_ id: String, in conversation: Int) -> InboundMessage {
        InboundMessage(
            id: id, conversation: ConversationID(platform: "bench", chat: "chat-\(conversation)"), sender: Participant(id: "ana"),
            content: [.text(question)], timestamp: Date())
    }
}
