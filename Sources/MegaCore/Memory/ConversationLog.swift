// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One line of a conversation as both sides saw it.
public struct LogEntry: Sendable, Hashable, Codable {
    /// Which side spoke.
    public enum Role: String, Sendable, Hashable, Codable { case person, assistant }

    /// Where it was said.
    public var conversation: ConversationID
    /// Which side spoke.
    public var role: Role
    /// What was said.
    public var text: String
    /// Who wrote it, for group chats.
    public var author: String?
    /// Who wrote it.
    public var trust: TrustLabel
    /// When it was said.
    public var timestamp: Date
    /// The turn it belongs to.
    public var turn: TurnID?
    /// Survives ``ConversationLog/clear(_:)``.
    public var isKept: Bool

    /// Makes a line.
    public init(
        conversation: ConversationID, role: Role, text: String, author: String? = nil, trust: TrustLabel, timestamp: Date,
        turn: TurnID? = nil, isKept: Bool = false
    ) {
        self.conversation = conversation
        self.role = role
        self.text = text
        self.author = author
        self.trust = trust
        self.timestamp = timestamp
        self.turn = turn
        self.isKept = isKept
    }
}

/// What was said, per conversation.
///
/// A store that is also the ``Ledger`` writes the log in the ledger's own transactions: the person's line when a message is
/// recorded, the assistant's lines (replies, command results, errors) when they enter the outbox. So there is no append here; the lines
/// themselves are made by ``LogEntry/init(of:turn:)`` and ``LogEntry/init(of:at:)``. Check yours with `ConversationLogConformance`.
public protocol ConversationLog: Sendable {
    /// The newest lines of a conversation, oldest first.
    ///
    /// - Parameter before: Lines of this turn and of younger ones are left out.
    func recentEntries(in conversation: ConversationID, before: TurnID?, limit: Int) async throws -> [LogEntry]

    /// Lines of a conversation that match words, best first.
    func searchEntries(in conversation: ConversationID, matching query: String, limit: Int) async throws -> [LogEntry]

    /// Deletes a conversation's lines but the kept ones, for good.
    ///
    /// - Returns: How many were deleted.
    @discardableResult
    func clear(_ conversation: ConversationID) async throws -> Int
}
