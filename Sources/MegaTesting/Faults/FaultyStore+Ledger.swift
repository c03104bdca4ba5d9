// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import MegaCore

extension FaultyStore {
    /// See `Ledger.record(_:from:cursor:at:)`.
    public func record(
        _ message: InboundMessage, from person: PersonID, cursor: String?, at now: Date
    ) async throws -> LedgerAdmission {
        try await write(.record) { try await base.record(message, from: person, cursor: cursor, at: now) }
    }

    /// See `Ledger.cursor(for:)`.
    public func cursor(for channel: ChannelID) async throws -> String? {
        try await read { try await base.cursor(for: channel) }
    }

    /// See `Ledger.turn(_:)`.
    public func turn(_ id: TurnID) async throws -> Turn? { try await read { try await base.turn(id) } }

    /// See `Ledger.unfinishedTurns(in:limit:)`.
    public func unfinishedTurns(in states: Set<Turn.State>, limit: Int) async throws -> [Turn] {
        try await read { try await base.unfinishedTurns(in: states, limit: limit) }
    }

    /// See `Ledger.recentTurns(limit:in:)`.
    public func recentTurns(limit: Int, in states: Set<Turn.State>?) async throws -> [Turn] {
        try await read { try await base.recentTurns(limit: limit, in: states) }
    }

    /// See `Ledger.turnCounts()`.
    public func turnCounts() async throws -> [Turn.State: Int] { try await read { try await base.turnCounts() } }

    /// See `Ledger.begin(_:at:)`.
    public func begin(_ turn: TurnID, at now: Date) async throws {
        try await write(.begin) { try await base.begin(turn, at: now) }
    }

    /// See `Ledger.append(_:to:state:at:)`.
    public func append(_ entries: [JournalEntry], to turn: TurnID, state: Turn.State, at now: Date) async throws {
        try await write(.append) { try await base.append(entries, to: turn, state: state, at: now) }
    }

    /// See `Ledger.journal(of:)`.
    public func journal(of turn: TurnID) async throws -> [JournalEntry] {
        try await read { try await base.journal(of: turn) }
    }

    /// See `Ledger.finish(_:journal:replies:at:)`.
    public func finish(
        _ turn: TurnID, journal: [JournalEntry], replies: [OutboundMessage], at now: Date
    ) async throws {
        try await write(.finish) { try await base.finish(turn, journal: journal, replies: replies, at: now) }
    }

    /// See `Ledger.fail(_:reason:notice:at:)`.
    public func fail(_ turn: TurnID, reason: String, notice: OutboundMessage?, at now: Date) async throws {
        try await write(.fail) { try await base.fail(turn, reason: reason, notice: notice, at: now) }
    }

    /// See `Ledger.enqueue(_:at:)`.
    @discardableResult
    public func enqueue(_ messages: [OutboundMessage], at now: Date) async throws -> [OutboundMessage.ID] {
        try await write(.enqueue) { try await base.enqueue(messages, at: now) }
    }

    /// See `Ledger.pendingOutbox(in:after:limit:)`.
    public func pendingOutbox(in conversation: ConversationID?, after: OutboundMessage.ID?, limit: Int) async throws -> [OutboxItem] {
        try await read { try await base.pendingOutbox(in: conversation, after: after, limit: limit) }
    }

    /// See `Ledger.prune(endedBefore:limit:)`.
    public func prune(endedBefore time: Date, limit: Int) async throws -> Int {
        try await write(.prune) { try await base.prune(endedBefore: time, limit: limit) }
    }

    /// See `Ledger.markDelivered(_:)`.
    public func markDelivered(_ deliveries: [Delivery]) async throws {
        try await write(.markDelivered) { try await base.markDelivered(deliveries) }
    }

    /// See `Ledger.reschedule(_:dueAt:error:countsAsAttempt:)`.
    public func reschedule(_ id: OutboundMessage.ID, dueAt: Date, error: String, countsAsAttempt: Bool) async throws {
        try await write(.reschedule) {
            try await base.reschedule(id, dueAt: dueAt, error: error, countsAsAttempt: countsAsAttempt)
        }
    }

    /// See `Ledger.deadLetter(_:error:at:)`.
    public func deadLetter(_ id: OutboundMessage.ID, error: String, at now: Date) async throws {
        try await write(.deadLetter) { try await base.deadLetter(id, error: error, at: now) }
    }

    /// See `Ledger.deadLetters(limit:)`.
    public func deadLetters(limit: Int) async throws -> [OutboxItem] {
        try await read { try await base.deadLetters(limit: limit) }
    }

    /// See `Ledger.save(_:)`.
    public func save(_ request: ApprovalRequest) async throws {
        try await write(.saveApproval) { try await base.save(request) }
    }

    /// See `Ledger.pendingApprovals()`.
    public func pendingApprovals() async throws -> [ApprovalRequest] {
        try await read { try await base.pendingApprovals() }
    }

    /// See `Ledger.approval(_:)`.
    public func approval(_ id: ApprovalRequest.ID) async throws -> ApprovalRequest? {
        try await read { try await base.approval(id) }
    }

    /// See `Ledger.recentApprovals(limit:)`.
    public func recentApprovals(limit: Int) async throws -> [ApprovalRequest] {
        try await read { try await base.recentApprovals(limit: limit) }
    }

    /// See `Ledger.save(_:)`.
    public func save(_ grant: ApprovalGrant) async throws { try await write(.saveGrant) { try await base.save(grant) } }

    /// See `Ledger.grants()`.
    public func grants() async throws -> [ApprovalGrant] { try await read { try await base.grants() } }

    /// See `Ledger.setKillSwitches(_:)`.
    public func setKillSwitches(_ switches: [KillSwitch]) async throws {
        try await write(.setKillSwitches) { try await base.setKillSwitches(switches) }
    }

    /// See `Ledger.killSwitches()`.
    public func killSwitches() async throws -> [KillSwitch] { try await read { try await base.killSwitches() } }

    /// See `Ledger.mode(of:)`.
    public func mode(of conversation: ConversationID) async throws -> Mode? {
        try await read { try await base.mode(of: conversation) }
    }

    /// See `Ledger.setMode(_:of:)`.
    public func setMode(_ mode: Mode, of conversation: ConversationID) async throws {
        try await write(.setMode) { try await base.setMode(mode, of: conversation) }
    }
}
