// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension InMemoryStore {
    /// See ``Ledger/enqueue(_:at:)``.
    @discardableResult
    public func enqueue(_ messages: [OutboundMessage], at now: Date) async throws -> [OutboundMessage.ID] {
        state.withLock { state in messages.filter { state.queue($0, at: now) }.map(\.id) }
    }

    /// See ``Ledger/pendingOutbox(in:after:limit:)``.
    public func pendingOutbox(in conversation: ConversationID?, after: OutboundMessage.ID?, limit: Int) async throws -> [OutboxItem] {
        state.withLock { state in
            let start = after.flatMap { state.outbox[$0]?.sequence } ?? 0
            var items: [OutboxItem] = []
            for id in state.pending where items.count < limit {
                guard let queued = state.outbox[id], queued.sequence > start else { continue }
                if conversation == nil || queued.item.message.conversation == conversation { items.append(queued.item) }
            }
            return items
        }
    }

    /// See ``Ledger/prune(endedBefore:limit:)``.
    public func prune(endedBefore time: Date, limit: Int) async throws -> Int {
        state.withLock { state in
            let old = state.ended.filter { (state.turns[$0]?.updatedAt ?? time) < time }.prefix(max(0, limit))
            return state.forget(Set(old)) + state.forgetMessages(settledBefore: time, limit: limit)
        }
    }

    /// See ``Ledger/markDelivered(_:)``.
    public func markDelivered(_ deliveries: [Delivery]) async throws {
        try state.withLock { state in
            for delivery in deliveries where state.outbox[delivery.message] == nil { throw StoreError.noMessage() }
            for delivery in deliveries {
                guard let message = state.settle(delivery.message, as: .delivered), let id = message.turn else { continue }
                guard let turn = state.turns[id], turn.state == .replying, !state.hasPending(id) else { continue }
                state.move(turn, to: .delivered, at: delivery.receipt.deliveredAt)
            }
        }
    }

    /// See ``Ledger/reschedule(_:dueAt:error:countsAsAttempt:)``.
    public func reschedule(_ id: OutboundMessage.ID, dueAt: Date, error: String, countsAsAttempt: Bool) async throws {
        try state.withLock { state in
            guard var queued = state.outbox[id] else { throw StoreError.noMessage() }
            guard queued.item.state == .pending else { return }
            queued.item.dueAt = dueAt
            queued.item.lastError = error
            if countsAsAttempt { queued.item.attempts += 1 }
            state.outbox[id] = queued
        }
    }

    /// See ``Ledger/deadLetter(_:error:at:)``.
    public func deadLetter(_ id: OutboundMessage.ID, error: String, at now: Date) async throws {
        try state.withLock { state in
            guard state.outbox[id] != nil else { throw StoreError.noMessage() }
            guard let message = state.settle(id, as: .dead) else { return }
            state.outbox[id]?.item.lastError = error
            state.outbox[id]?.item.attempts += 1
            guard let turn = message.turn.flatMap({ state.turns[$0] }), turn.state == .replying else { return }
            state.move(turn, to: .failed, at: now, failure: "the answer could not be delivered: \(error)")
        }
    }

    /// See ``Ledger/deadLetters(limit:)``.
    public func deadLetters(limit: Int) async throws -> [OutboxItem] {
        state.withLock { state in
            let dead = state.outbox.values.filter { $0.item.state == .dead }
            return dead.sorted { $0.sequence > $1.sequence }.prefix(max(0, limit)).map(\.item)
        }
    }
}
