// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A question to a person: may this exact action happen once?
public struct ApprovalRequest: Sendable, Hashable, Codable, Identifiable {
    /// 128 random bits in hex; cannot be guessed.
    public struct ID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// In words, for people and logs.
        public var description: String { rawValue }
    }

    /// Names it in the ledger.
    public var id: ID
    /// A few letters and digits to type in a chat; unique among the pending requests.
    public var shortCode: String
    /// The turn that waits.
    public var turn: TurnID
    /// The call within the turn.
    public var callID: String
    /// Where the question was put.
    public var conversation: ConversationID
    /// Whose turn it is.
    public var requester: PersonID
    /// The tool's name.
    public var tool: String
    /// What the tool would be given.
    public var arguments: JSONValue
    /// What the approval is bound to. The executor computes it again before the call and refuses when it differs.
    public var preview: ActionPreview
    /// Why a person is asked.
    public var reason: String
    /// When it was asked.
    public var createdAt: Date
    /// After this time the answer is no.
    public var expiresAt: Date
    /// Nil while it is open.
    public var decision: ApprovalDecision?

    /// Makes a request as a store read it or a center asks it.
    public init(
        id: ID, shortCode: String, turn: TurnID, callID: String, conversation: ConversationID, requester: PersonID, tool: String,
        arguments: JSONValue, preview: ActionPreview, reason: String, createdAt: Date, expiresAt: Date,
        decision: ApprovalDecision? = nil
    ) {
        self.id = id
        self.shortCode = shortCode
        self.turn = turn
        self.callID = callID
        self.conversation = conversation
        self.requester = requester
        self.tool = tool
        self.arguments = arguments
        self.preview = preview
        self.reason = reason
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.decision = decision
    }
}

/// How a question was answered. Final.
public enum ApprovalDecision: Sendable, Hashable, Codable {
    case approved(by: PersonID)
    case denied(by: PersonID, reason: String?)
    /// Nobody answered in time: no.
    case expired
    /// The turn ended before anybody answered: no.
    case withdrawn

    /// Whether the answer was yes.
    public var isApproved: Bool {
        guard case .approved = self else { return false }
        return true
    }
}
