// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A message to a person, as it stands in the outbox.
public struct OutboundMessage: Sendable, Hashable, Codable {
    /// What it is for; adapters may show the kinds differently.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// The answer to a turn.
        case reply
        /// A question that needs a yes or no before an action. ``OutboundMessage/approval`` is set.
        case approvalRequest
        /// The answer to a `!command`.
        case commandResult
        /// Something the person should know that they did not ask for.
        case notice
        /// A failure, in words for the person.
        case error
    }

    /// The idempotency key: the same message is always sent under the same key, however often it is tried.
    public var id: String
    /// Where it goes.
    public var conversation: ConversationID
    /// What it is for.
    public var kind: Kind
    /// What it says, in order.
    public var content: [ContentPart]
    /// The platform id of the message this one answers.
    public var replyTo: String?
    /// The open question, for channels that can show buttons.
    public var approval: ApprovalRequest.ID?
    /// The turn this belongs to, when it belongs to one.
    public var turn: TurnID?
    /// The ``InboundMessage/metadata`` of the message this one answers.
    public var metadata: [String: String]
    /// The least trusted text it was written under; `tool` or weaker, so that the assistant's own words never instruct it.
    public var trust: TrustLabel

    /// Makes a message.
    public init(
        id: String, conversation: ConversationID, kind: Kind = .reply, content: [ContentPart], replyTo: String? = nil,
        approval: ApprovalRequest.ID? = nil, turn: TurnID? = nil, metadata: [String: String] = [:],
        trust: TrustLabel = .tool
    ) {
        self.id = id
        self.conversation = conversation
        self.kind = kind
        self.content = content
        self.replyTo = replyTo
        self.approval = approval
        self.turn = turn
        self.metadata = metadata
        self.trust = trust
    }

    /// All text parts, joined by a line break.
    public var text: String { content.compactMap(\.text).joined(separator: "\n") }
}
