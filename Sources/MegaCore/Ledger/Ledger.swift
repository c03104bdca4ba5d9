// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The durable record of every message and what became of it.
///
/// Implement this to keep the ledger somewhere else; check yours with `LedgerConformance` of MegaTesting. Each function is one
/// transaction: when it returns its effect survives a power cut, when it throws nothing has changed. Safe to call from many tasks.
/// <doc:WritingAStore> has the rules that are not in the types.
///
/// States move only forward: received → running → waitingApproval ⇄ running → replying → delivered | failed.
public protocol Ledger: Sendable {
    /// Stores an inbound message, its dedupe key and the channel's cursor together.
    ///
    /// The dedupe key is the conversation and the message's own id. For a duplicate only the cursor changes.
    func record(_ message: InboundMessage, from person: PersonID, cursor: String?, at now: Date) async throws -> LedgerAdmission

    /// The cursor stored last for a channel.
    func cursor(for channel: ChannelID) async throws -> String?

    /// One turn, or nil.
    func turn(_ id: TurnID) async throws -> Turn?

    /// Turns in no terminal state, oldest first: what a restart has to go on with.
    ///
    /// - Parameter states: Only these.
    func unfinishedTurns(in states: Set<Turn.State>, limit: Int) async throws -> [Turn]

    /// The newest turns, newest first.
    func recentTurns(limit: Int, in states: Set<Turn.State>?) async throws -> [Turn]

    /// How many turns stand in each state.
    func turnCounts() async throws -> [Turn.State: Int]

    /// Marks work as begun: state running, one attempt more.
    func begin(_ turn: TurnID, at now: Date) async throws

    /// Adds to a turn's journal and sets its state, together. Durable on return.
    ///
    /// - Parameter state: `running` or `waitingApproval`.
    func append(_ entries: [JournalEntry], to turn: TurnID, state: Turn.State, at now: Date) async throws

    /// A turn's journal in order.
    func journal(of turn: TurnID) async throws -> [JournalEntry]

    /// Ends the work: last journal entries, replies into the outbox and the state `replying`, together. Without replies the turn
    /// is delivered at once. Ending a turn twice changes nothing.
    func finish(_ turn: TurnID, journal: [JournalEntry], replies: [OutboundMessage], at now: Date) async throws

    /// Ends the work without success, with a notice for the person in the outbox when there is one. The state is `failed` at once.
    func fail(_ turn: TurnID, reason: String, notice: OutboundMessage?, at now: Date) async throws

    /// Puts messages into the outbox that belong to no finished turn: approval requests, notices. An id that is or was there is left
    /// alone.
    ///
    /// - Returns: The ids that are new.
    @discardableResult
    func enqueue(_ messages: [OutboundMessage], at now: Date) async throws -> [OutboundMessage.ID]

    /// Pending messages, oldest first, at most `limit`, whether due or not. A message is never returned before an earlier one of
    /// the same conversation.
    ///
    /// - Parameters:
    ///   - conversation: Only messages to it; nil gives those of all.
    ///   - after: Only messages behind this one, which may have been delivered meanwhile; nil begins at the oldest.
    func pendingOutbox(in conversation: ConversationID?, after: OutboundMessage.ID?, limit: Int) async throws -> [OutboxItem]

    /// Marks messages as arrived. A turn all of whose messages have arrived becomes `delivered`.
    func markDelivered(_ deliveries: [Delivery]) async throws

    /// Notes a failed attempt and when to try again.
    ///
    /// - Parameter countsAsAttempt: False when the recipient was merely away.
    func reschedule(_ id: OutboundMessage.ID, dueAt: Date, error: String, countsAsAttempt: Bool) async throws

    /// Gives a message up. A replying turn it belongs to becomes `failed`.
    func deadLetter(_ id: OutboundMessage.ID, error: String, at now: Date) async throws

    /// Messages given up, newest first.
    func deadLetters(limit: Int) async throws -> [OutboxItem]

    /// Deletes what is left of turns that ended before a time, oldest first: the turns, their journals, decided approval requests, and
    /// messages that were delivered or given up. Conversation lines and memories stay. With a turn goes its dedupe key, so the time
    /// has to lie further back than any channel redelivers.
    ///
    /// - Parameter limit: About how many turns one call looks at, so that other writes are not held up.
    /// - Returns: How many turns and messages were deleted; 0 means that nothing is left to delete.
    @discardableResult
    func prune(endedBefore time: Date, limit: Int) async throws -> Int

    /// Stores a new approval request, or the change of one.
    func save(_ request: ApprovalRequest) async throws

    /// Approval requests nobody has decided yet, oldest first.
    func pendingApprovals() async throws -> [ApprovalRequest]

    /// One approval request, or nil.
    func approval(_ id: ApprovalRequest.ID) async throws -> ApprovalRequest?

    /// Approval requests in any state, newest first.
    func recentApprovals(limit: Int) async throws -> [ApprovalRequest]

    /// Stores a new grant, or the change of one.
    func save(_ grant: ApprovalGrant) async throws

    /// Grants that have not ended, in the order they were given.
    func grants() async throws -> [ApprovalGrant]

    /// Replaces the kill switches that are on.
    func setKillSwitches(_ switches: [KillSwitch]) async throws

    /// The kill switches that are on.
    func killSwitches() async throws -> [KillSwitch]

    /// The mode a conversation was set to, or nil when it never was.
    func mode(of conversation: ConversationID) async throws -> Mode?

    /// Sets a conversation's mode. Durable on return.
    func setMode(_ mode: Mode, of conversation: ConversationID) async throws
}

extension Ledger {
    /// The oldest pending messages of all conversations.
    public func pendingOutbox(limit: Int) async throws -> [OutboxItem] { try await pendingOutbox(in: nil, after: nil, limit: limit) }
}

extension OutboundMessage {
    /// The idempotency key.
    public typealias ID = String
}

/// What the ledger made of an inbound message.
public enum LedgerAdmission: Sendable, Hashable {
    case accepted(Turn)
    case duplicate(TurnID)
}
