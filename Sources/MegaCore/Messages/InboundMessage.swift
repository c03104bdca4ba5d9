// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A message from a person, normalised by an adapter.
public struct InboundMessage: Sendable, Hashable, Codable {
    /// The platform's own id, unique within the conversation. Redeliveries carry the same id; the ledger tells them apart by it.
    public var id: String
    /// Where it was written.
    public var conversation: ConversationID
    /// Who wrote it.
    public var sender: Participant
    /// What it says, in order.
    public var content: [ContentPart]
    /// When the platform says it was sent.
    public var timestamp: Date
    /// The platform id of the message this one answers.
    public var replyTo: String?
    /// True in chats with more than one person besides the bot.
    public var isGroup: Bool
    /// True when a group message is meant for the bot: a mention, a reply to it, a command. Always true in direct chats.
    public var isAddressed: Bool
    /// Who wrote it. Set by the orchestrator from its ``People`` when it accepts the message; what an adapter sets is ignored.
    public var trust: TrustLabel
    /// Small platform facts an adapter wants back when it answers. Never shown to a model.
    public var metadata: [String: String]

    /// Makes a message as an adapter delivers it: from somebody unknown, until the orchestrator has looked.
    public init(
        id: String, conversation: ConversationID, sender: Participant, content: [ContentPart], timestamp: Date,
        replyTo: String? = nil, isGroup: Bool = false, isAddressed: Bool = true, metadata: [String: String] = [:]
    ) {
        self.init(
            id: id, conversation: conversation, sender: sender, content: content, timestamp: timestamp, replyTo: replyTo, isGroup: isGroup,
            isAddressed: isAddressed, trust: .unknown, metadata: metadata)
    }

    /// A message as the ledger has it.
    package init(
        id: String, conversation: ConversationID, sender: Participant, content: [ContentPart], timestamp: Date,
        replyTo: String? = nil, isGroup: Bool = false, isAddressed: Bool = true, trust: TrustLabel, metadata: [String: String] = [:]
    ) {
        self.id = id
        self.conversation = conversation
        self.sender = sender
        self.content = content
        self.timestamp = timestamp
        self.replyTo = replyTo
        self.isGroup = isGroup
        self.isAddressed = isAddressed
        self.trust = trust
        self.metadata = metadata
    }

    /// All text parts, joined by a line break.
    public var text: String { content.compactMap(\.text).joined(separator: "\n") }
}
