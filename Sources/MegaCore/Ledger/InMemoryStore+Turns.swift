// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension InMemoryStore {
    /// See ``Ledger/record(_:from:cursor:at:)``.
    public func record(
        _ message: InboundMessage, from person: PersonID, cursor: String?, at now: Date
    ) async throws -> LedgerAdmission {
        state.withLock { state in
            if let cursor { state.cursors[message.conversation.channel] = cursor }
            let key = DedupeKey(conversation: message.conversation, message: message.id)
            if let known = state.keys[key] { return .duplicate(known) }
            state.lastTurn += 1
            let turn = Turn(id: TurnID(rawValue: state.lastTurn), message: message, person: person, receivedAt: now, updatedAt: now)
            state.keys[key] = turn.id
            state.turns[turn.id] = turn
            state.addLine(LogEntry(of: message, turn: turn.id))
            return .accepted(turn)
        }
    }

    /// See ``Ledger/cursor(for:)``.
    public func cursor(for channel: ChannelID) async throws -> String? {
        state.withLock { $0.cursors[channel] }
    }

    /// See ``Ledger/turn(_:)``.
    public func turn(_ id: TurnID) async throws -> Turn? {
        state.withLock { $0.turns[id] }
    }

    /// See ``Ledger/unfinishedTurns(in:limit:)``.
    public func unfinishedTurns(in states: Set<Turn.State>, limit: Int) async throws -> [Turn] {
        state.withLock { state in
            let open = state.turns.values.filter { !$0.state.isTerminal && states.contains($0.state) }
            return Array(open.sorted { $0.id < $1.id }.prefix(max(0, limit)))
        }
    }

    /// See ``Ledger/recentTurns(limit:in:)``.
    public func recentTurns(limit: Int, in states: Set<Turn.State>?) async throws -> [Turn] {
        state.withLock { state in
            let some = state.turns.values.filter { states?.contains($0.state) ?? true }
            return Array(some.sorted { $1.id < $0.id }.prefix(max(0, limit)))
        }
    }

    /// See ``Ledger/turnCounts()``.
    public func turnCounts() async throws -> [Turn.State: Int] {
        state.withLock { $0.turns.values.reduce(into: [:]) { $0[$1.state, default: 0] += 1 } }
    }

    /// See ``Ledger/begin(_:at:)``.
    public func begin(_ turn: TurnID, at now: Date) async throws {
        try state.withLock { state in
            var current = try state.existing(turn)
            guard current.state.allowsBegin else { throw StoreError.illegal(turn, from: current.state, to: .running) }
            current.attempts += 1
            state.move(current, to: .running, at: now)
        }
    }

    /// See ``Ledger/append(_:to:state:at:)``.
    public func append(_ entries: [JournalEntry], to turn: TurnID, state next: Turn.State, at now: Date) async throws {
        try state.withLock { state in
            let current = try state.existing(turn)
            guard current.state.allowsAppend(moving: next) else { throw StoreError.illegal(turn, from: current.state, to: next) }
            state.journals[turn, default: []] += entries
            state.move(current, to: next, at: now)
        }
    }

    /// See ``Ledger/journal(of:)``.
    public func journal(of turn: TurnID) async throws -> [JournalEntry] {
        state.withLock { $0.journals[turn] ?? [] }
    }

    /// See ``Ledger/finish(_:journal:replies:at:)``.
    public func finish(_ turn: TurnID, journal: [JournalEntry], replies: [OutboundMessage], at now: Date) async throws {
        try state.withLock { state in
            let current = try state.existing(turn)
            guard current.state.isOpen else { return }
            if !journal.isEmpty { state.journals[turn, default: []] += journal }
            for var reply in replies {
                reply.turn = turn
                state.queue(reply, at: now)
            }
            let waits = !replies.isEmpty && state.hasPending(turn)
            state.move(current, to: waits ? .replying : .delivered, at: now)
        }
    }

    /// See ``Ledger/fail(_:reason:notice:at:)``.
    public func fail(_ turn: TurnID, reason: String, notice: OutboundMessage?, at now: Date) async throws {
        try state.withLock { state in
            let current = try state.existing(turn)
            guard current.state.isOpen else { return }
            if var notice {
                notice.turn = turn
                state.queue(notice, at: now)
            }
            state.move(current, to: .failed, at: now, failure: reason)
        }
    }
}
