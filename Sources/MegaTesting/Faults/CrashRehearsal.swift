// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// Plays one conversation with an orchestrator whose store dies at given writes, starts it again each time over what was durable,
/// and says what was lost or done twice.
///
/// Run it for every write of the conversation to see that a store and the orchestrator over it survive a crash anywhere:
///
/// ```swift
/// let whole = try await CrashRehearsal().play(open: { store })
/// for number in 1...whole.writes.count {
///     let outcome = try await CrashRehearsal(crashes: [.after(number)]).play(open: { InMemoryStore() })
///     #expect(outcome.violations.isEmpty)
/// }
/// ```
///
/// The conversation holds a plain question, a tool that may be repeated, a tool that must not be and needs an approval, both in one
/// answer, a memory, and commands. The person says again what was not acknowledged, under the same ids.
public struct CrashRehearsal: Sendable {
    /// Where one life of the orchestrator ends.
    public struct Crash: Sendable, Hashable, CustomStringConvertible {
        /// Which write of that life, from 1.
        public var number: Int
        /// Whether the write is lost.
        public var isBefore: Bool
        /// Both in words.
        public var description: String { "\(isBefore ? "before" : "after") write \(number)" }

        /// The write is lost.
        public static func before(_ number: Int) -> Crash { Crash(number: number, isBefore: true) }
        /// The write is durable.
        public static func after(_ number: Int) -> Crash { Crash(number: number, isBefore: false) }
    }

    /// One per life; the life after the last is played to its end.
    public var crashes: [Crash]
    /// Whether the person waits for each answer before saying the next thing.
    public var isPatient: Bool

    /// A rehearsal.
    public init(crashes: [Crash] = [], isPatient: Bool = true) {
        self.crashes = crashes
        self.isPatient = isPatient
    }

    /// Plays it.
    ///
    /// - Parameters:
    ///   - open: Opens the store anew for each life, and once more to look at what is left. Over the same data, of course.
    ///   - close: Closes what `open` gave.
    /// - Throws: What the store or the orchestrator throw at start, or ``ConformanceFailure`` when a life makes no progress.
    public func play(
        open: @Sendable () async throws -> any Store, close: @Sendable (any Store) async throws -> Void = { _ in }
    ) async throws -> CrashOutcome {
        let world = RehearsedWorld()
        var lives: [[StoreWrite]] = []
        for crash in crashes.map(Optional.some) + [nil] {
            let base = try await open()
            let store = crash.map { FaultyStore(base, crashingAt: $0.number, before: $0.isBefore) } ?? FaultyStore(base)
            let isComplete = try await live(store, in: world)
            lives.append(store.writes)
            try await close(base)
            if isComplete { break }
        }
        let store = try await open()
        let outcome = try await CrashOutcome(lives: lives, world: world, store: store)
        try await close(store)
        return outcome
    }

    /// One life. True when everything was said and answered.
    private func live(_ store: FaultyStore, in world: RehearsedWorld) async throws -> Bool {
        let adapter = InMemoryAdapter()
        let orchestrator = Orchestrator(
            agent: ConversationalAgent(model: RehearsedWorld.model), adapters: [adapter], tools: world.tools, store: store,
            people: People(owners: ["memory:ana"]))
        let person = RehearsedPerson(adapter: adapter, world: world, isPatient: isPatient)
        enum End { case said, died, stuck, stopped }
        defer { world.note(adapter.sent) }
        return try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask {
                try await orchestrator.run()
                return .stopped
            }
            group.addTask {
                await store.waitForCrash()
                store.bury()
                return .died
            }
            group.addTask {
                do {
                    // Work that was left may reach the crash before anybody hears that it serves.
                    try await orchestrator.waitUntilReady()
                    try await person.talk()
                    try await Self.settle(store)
                    return .said
                } catch is CancellationError {
                    return .died
                }
            }
            group.addTask {
                do { try await Task.sleep(for: .seconds(60)) } catch { return .stopped }
                return .stuck
            }
            let end = try await group.next() ?? .stopped
            group.cancelAll()
            // The dead do nothing more: wait until every task of this life is over.
            while try await group.next() != nil {}
            switch end {
            case .said: return true
            case .died, .stopped: return false
            case .stuck:
                throw ConformanceFailure(
                    expected: "an end of the conversation", seen: "nothing more happened after \(store.writes.last?.description ?? "the start")")
            }
        }
    }

    /// Waits until the last arrivals are noted.
    private static func settle(_ store: FaultyStore) async throws {
        let open = Set(Turn.State.allCases.filter { !$0.isTerminal })
        while true {
            let unfinished = try await store.unfinishedTurns(in: open, limit: 1)
            if unfinished.isEmpty, try await store.pendingOutbox(limit: 1).isEmpty { return }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
