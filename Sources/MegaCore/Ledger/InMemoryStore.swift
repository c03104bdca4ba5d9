// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A store without persistence: everything is gone with the process.
///
/// For hosts that want nothing on disk and for tests. It follows the same rules as the durable stores. It is bounded: the oldest
/// ended turns go first, with their journals and messages; a redelivery that arrives after its turn is gone counts as new. Each
/// conversation keeps its newest lines and all kept ones.
public final class InMemoryStore: Ledger, ConversationLog, MemoryStore {
    /// How much is remembered.
    public struct Limits: Sendable, Hashable {
        /// Ended turns, and messages that belong to no turn.
        public var endedTurns: Int
        /// Lines per conversation, not counting the kept ones.
        public var linesPerConversation: Int

        /// Limits below 1 count as 1.
        public init(endedTurns: Int = 10_000, linesPerConversation: Int = 1_000) {
            self.endedTurns = max(1, endedTurns)
            self.linesPerConversation = max(1, linesPerConversation)
        }
    }

    let state: Mutex<State>

    /// Makes an empty store.
    public init(limits: Limits = Limits()) {
        state = Mutex(State(limits: limits))
    }
}

extension InMemoryStore {
    struct DedupeKey: Hashable {
        var conversation: ConversationID
        var message: String
    }

    struct Queued {
        var sequence: Int
        var item: OutboxItem
    }

    /// Everything, changed under the lock only.
    struct State {
        let limits: Limits
        var lastTurn: Int64 = 0
        var turns: [TurnID: Turn] = [:]
        var keys: [DedupeKey: TurnID] = [:]
        var ended: [TurnID] = []
        var journals: [TurnID: [JournalEntry]] = [:]
        var lines: [ConversationID: [LogEntry]] = [:]
        var cursors: [ChannelID: String] = [:]

        var lastSequence = 0
        var outbox: [OutboundMessage.ID: Queued] = [:]
        /// Ids of pending messages, oldest first.
        var pending: [OutboundMessage.ID] = []
        /// Ids of settled messages that belong to no turn, oldest first.
        var settledNotices: [OutboundMessage.ID] = []
        var messages: [TurnID: Set<OutboundMessage.ID>] = [:]
        var approvals: [ApprovalRequest.ID: ApprovalRequest] = [:]
        var approvalOrder: [ApprovalRequest.ID] = []
        var grants: [ApprovalGrant] = []
        var killSwitches: [KillSwitch] = []
        var memories: [PersonID: [Memory]] = [:]
        var modes: [ConversationID: Mode] = [:]

        mutating func existing(_ id: TurnID) throws -> Turn {
            guard let turn = turns[id] else { throw StoreError.noTurn(id) }
            return turn
        }

        mutating func addLine(_ line: LogEntry?) {
            guard let line else { return }
            var all = lines[line.conversation] ?? []
            all.append(line)
            // Trimmed now and then, so that a full conversation costs no shift per line.
            if all.count > limits.linesPerConversation * 2 {
                let surplus = all.count { !$0.isKept } - limits.linesPerConversation
                var dropped = 0
                if surplus > 0 {
                    all.removeAll {
                        if $0.isKept || dropped >= surplus { return false }
                        dropped += 1
                        return true
                    }
                }
            }
            lines[line.conversation] = all
        }

        /// False when the id is known.
        @discardableResult
        mutating func queue(_ message: OutboundMessage, at now: Date) -> Bool {
            if outbox[message.id] != nil { return false }
            lastSequence += 1
            outbox[message.id] = Queued(sequence: lastSequence, item: OutboxItem(message: message, dueAt: now))
            pending.append(message.id)
            if let turn = message.turn { messages[turn, default: []].insert(message.id) }
            addLine(LogEntry(of: message, at: now))
            return true
        }

        /// Takes a message off the pending list in its final state.
        mutating func settle(_ id: OutboundMessage.ID, as final: OutboxItem.State) -> OutboundMessage? {
            guard var queued = outbox[id], queued.item.state == .pending else { return nil }
            queued.item.state = final
            outbox[id] = queued
            if let index = pending.firstIndex(of: id) { pending.remove(at: index) }
            if queued.item.message.turn.flatMap({ turns[$0] }) == nil {
                settledNotices.append(id)
                if settledNotices.count > limits.endedTurns { outbox[settledNotices.removeFirst()] = nil }
            }
            return queued.item.message
        }

        func hasPending(_ turn: TurnID) -> Bool {
            messages[turn]?.contains { outbox[$0]?.item.state == .pending } ?? false
        }

        mutating func move(_ turn: Turn, to next: Turn.State, at now: Date, failure: String? = nil) {
            var turn = turn
            turn.state = next
            turn.updatedAt = now
            if let failure { turn.failure = failure }
            turns[turn.id] = turn
            guard next.isTerminal else { return }
            ended.append(turn.id)
            if ended.count > limits.endedTurns { evict(ended.removeFirst()) }
        }

        /// Deletes ended turns with all that belongs to them; returns how many.
        mutating func forget(_ old: Set<TurnID>) -> Int {
            ended.removeAll { old.contains($0) }
            for id in old { evict(id) }
            return old.count
        }

        /// Deletes settled messages that belong to no turn and were due before a time; returns how many.
        mutating func forgetMessages(settledBefore time: Date, limit: Int) -> Int {
            let old = Set(settledNotices.filter { (outbox[$0]?.item.dueAt ?? time) < time }.prefix(max(0, limit)))
            settledNotices.removeAll { old.contains($0) }
            for id in old { outbox[id] = nil }
            return old.count
        }

        private mutating func evict(_ id: TurnID) {
            guard let turn = turns.removeValue(forKey: id) else { return }
            keys[DedupeKey(conversation: turn.message.conversation, message: turn.message.id)] = nil
            journals[id] = nil
            for message in messages.removeValue(forKey: id) ?? [] where outbox[message]?.item.state != .pending {
                outbox[message] = nil
            }
            let gone = approvals.values.filter { $0.turn == id }.map(\.id)
            for approval in gone { approvals[approval] = nil }
            if !gone.isEmpty { approvalOrder.removeAll { gone.contains($0) } }
        }
    }
}
