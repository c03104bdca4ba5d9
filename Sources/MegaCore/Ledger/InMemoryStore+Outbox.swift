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

    /// See ``Ledger/save(_:)``.
    public func save(_ request: ApprovalRequest) async throws {
        state.withLock { state in
            if state.approvals.updateValue(request, forKey: request.id) == nil { state.approvalOrder.append(request.id) }
        }
    }

    /// See ``Ledger/pendingApprovals()``.
    public func pendingApprovals() async throws -> [ApprovalRequest] {
        state.withLock { state in
            state.approvalOrder.compactMap { state.approvals[$0] }.filter { $0.decision == nil }
        }
    }

    /// See ``Ledger/approval(_:)``.
    public func approval(_ id: ApprovalRequest.ID) async throws -> ApprovalRequest? {
        state.withLock { $0.approvals[id] }
    }

    /// See ``Ledger/recentApprovals(limit:)``.
    public func recentApprovals(limit: Int) async throws -> [ApprovalRequest] {
        state.withLock { state in
            state.approvalOrder.reversed().prefix(max(0, limit)).compactMap { state.approvals[$0] }
        }
    }

    /// See ``Ledger/save(_:)``.
    public func save(_ grant: ApprovalGrant) async throws {
        state.withLock { state in
            let known = state.grants.firstIndex { $0.id == grant.id && $0.approval == grant.approval }
            if let known { state.grants[known] = grant } else { state.grants.append(grant) }
            state.grants.removeAll { $0.endedAt != nil }
        }
    }

    /// See ``Ledger/grants()``.
    public func grants() async throws -> [ApprovalGrant] { state.withLock { $0.grants } }

    /// See ``Ledger/setKillSwitches(_:)``.
    public func setKillSwitches(_ switches: [KillSwitch]) async throws { state.withLock { $0.killSwitches = switches } }

    /// See ``Ledger/killSwitches()``.
    public func killSwitches() async throws -> [KillSwitch] { state.withLock { $0.killSwitches } }

    /// See ``Ledger/mode(of:)``.
    public func mode(of conversation: ConversationID) async throws -> Mode? {
        state.withLock { $0.modes[conversation] }
    }

    /// See ``Ledger/setMode(_:of:)``.
    public func setMode(_ mode: Mode, of conversation: ConversationID) async throws {
        state.withLock { $0.modes[conversation] = mode }
    }
}
