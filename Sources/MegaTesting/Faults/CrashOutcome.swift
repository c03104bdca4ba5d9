// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What a ``CrashRehearsal`` left behind.
public struct CrashOutcome: Sendable {
    /// The writes of each life, in order.
    public let lives: [[StoreWrite]]
    /// All writes of all lives.
    public var writes: [StoreWrite] { lives.flatMap { $0 } }
    /// What must not have happened; empty when the crashes did no harm.
    public let violations: [String]

    init(lives: [[StoreWrite]], world: RehearsedWorld, store: any Store) async throws {
        self.lives = lives
        let conversation = InMemoryAdapter().conversation("main")
        let turns = try await store.recentTurns(limit: 1_000, in: nil)
        let sent = Array(world.sent.joined())
        var violations: [String] = []
        for id in world.acknowledged.sorted() {
            let own = turns.filter { $0.message.id == id }
            if own.count != 1 { violations.append("\(id) has \(own.count) turns") }
            let answers = Set(sent.filter { $0.replyTo == id && $0.kind != .approvalRequest })
            if answers.count != 1 { violations.append("\(id) has \(answers.count) different answers: \(answers.map(\.text).sorted())") }
            if answers.contains(where: { $0.kind == .error }) { violations.append("\(id) was answered with an error") }
        }
        for turn in turns where turn.state != .delivered {
            violations.append("\(turn.message.id) is \(turn.state.rawValue): \(turn.failure ?? "")")
        }
        if turns.count != world.acknowledged.count { violations.append("\(turns.count) turns for \(world.acknowledged.count) messages") }
        violations += try await Self.leftovers(store)
        violations += Self.effects(world, sent)
        violations += try await Self.log(store, conversation, sent)
        self.violations = violations
    }

    private static func leftovers(_ store: any Store) async throws -> [String] {
        var violations: [String] = []
        let approvals = try await store.pendingApprovals()
        if !approvals.isEmpty { violations.append("\(approvals.count) approval requests are still open") }
        if try await !store.pendingOutbox(limit: 1).isEmpty { violations.append("messages still wait for delivery") }
        if try await !store.deadLetters(limit: 1).isEmpty { violations.append("messages were given up") }
        let memories = try await store.memories(of: "memory:ana", limit: 10)
        if memories.count != 1 { violations.append("\(memories.count) memories instead of one") }
        let mode = try await store.mode(of: InMemoryAdapter().conversation("main"))
        if mode != .build { violations.append("the mode is \(mode?.rawValue ?? "unset")") }
        return violations
    }

    /// The tool that must not be repeated ran once per call, or the person was told that nobody knows.
    private static func effects(_ world: RehearsedWorld, _ sent: [OutboundMessage]) -> [String] {
        var violations: [String] = []
        for (message, arguments) in [("m3", JSONValue.object([:])), ("m8", ["again": true])] {
            let runs = world.act.calls.count { $0.arguments == arguments }
            // An impatient person's "!mode plan" may overtake the message it was said after; the call is refused then, and they are told.
            let isUnknown = sent.contains {
                $0.replyTo == message && ($0.text.contains("not known whether it took effect") || $0.text.contains("does not permit"))
            }
            if runs > 1 { violations.append("the effect of \(message) happened \(runs) times") }
            if runs == 0, !isUnknown { violations.append("the effect of \(message) never happened and nobody said so") }
        }
        if world.look.calls.count < 2 { violations.append("a repeatable tool did not run") }
        return violations
    }

    /// The history has every line once.
    private static func log(
        _ store: any Store, _ conversation: ConversationID, _ sent: [OutboundMessage]
    ) async throws -> [String] {
        let lines = try await store.recentEntries(in: conversation, before: nil, limit: 1_000)
        var violations: [String] = []
        for (id, text) in RehearsedWorld.script {
            let own = lines.count { $0.role == .person && $0.text == text }
            if own != 1 { violations.append("the history has \(id) \(own) times") }
        }
        let answers = Set(sent.filter { $0.kind != .approvalRequest && $0.kind != .notice }.map(\.id)).count
        let logged = lines.count { $0.role == .assistant }
        if logged != answers { violations.append("the history has \(logged) answers of \(answers)") }
        return violations
    }
}
