// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// The rules every store keeps, so that no two can differ. See <doc:WritingAStore>.

extension Turn.State {
    /// Whether work may begin, or begin again after a restart; otherwise ``Ledger/begin(_:at:)`` throws
    /// ``StoreError/illegal(_:from:to:)``.
    public var allowsBegin: Bool { self == .received || self == .running || self == .waitingApproval }

    /// Whether the journal may grow and the state become the given one; otherwise ``Ledger/append(_:to:state:at:)`` throws.
    public func allowsAppend(moving next: Turn.State) -> Bool {
        (self == .running || self == .waitingApproval) && (next == .running || next == .waitingApproval)
    }

    /// Whether the work is still open; otherwise ``Ledger/finish(_:journal:replies:at:)`` and ``Ledger/fail(_:reason:notice:at:)`` change nothing.
    public var isOpen: Bool { allowsBegin }
}

extension StoreError {
    /// There is no turn of that number.
    public static func noTurn(_ id: TurnID) -> StoreError {
        StoreError(.notFound, reason: "the ledger has no turn \(id); it was pruned, or belongs to another store")
    }

    /// There is no message of that id in the outbox.
    public static func noMessage() -> StoreError {
        StoreError(.notFound, reason: "the outbox has no message of that id; enqueue it first")
    }

    /// A turn cannot go from its state to the one asked for.
    public static func illegal(_ id: TurnID, from: Turn.State, to: Turn.State) -> StoreError {
        StoreError(
            .illegalTransition, reason: "turn \(id) is \(from.rawValue) and cannot become \(to.rawValue); read the turn again")
    }
}

extension OutboundMessage.Kind {
    /// Whether a message of this kind is a line of the conversation, written when it enters the outbox.
    public var isLogged: Bool {
        switch self {
        case .reply, .commandResult, .error: true
        case .approvalRequest, .notice: false
        }
    }
}

extension LogEntry {
    /// Words, in capitals, that keep a line from being cleared.
    public static let keepWords = ["DECISION", "ARCHITECT", "PATTERN", "LEARNED LESSON"]

    /// Whether a line holds one of ``keepWords``, and so survives ``ConversationLog/clear(_:)``.
    public static func isWorthKeeping(_ text: String) -> Bool { keepWords.contains { text.contains($0) } }

    /// Message content as one text; what is no text as its ``ContentPart/rendering``.
    public static func text(of content: [ContentPart]) -> String {
        content.map(\.rendering).joined(separator: "\n")
    }

    /// The line an inbound message makes, or nil when there is nothing to read in it.
    public init?(of message: InboundMessage, turn: TurnID?) {
        let text = Self.text(of: message.content)
        if text.isEmpty { return nil }
        self.init(
            conversation: message.conversation, role: .person, text: text, author: message.sender.displayName ?? message.sender.id,
            trust: message.trust, timestamp: message.timestamp, turn: turn, isKept: Self.isWorthKeeping(text))
    }

    /// The line an outbound message makes, or nil when its kind is not logged or there is nothing to read in it.
    ///
    /// The assistant's words never instruct it: they may repeat what a page said, and keep the label they were written under.
    public init?(of message: OutboundMessage, at now: Date) {
        let text = message.kind.isLogged ? Self.text(of: message.content) : ""
        if text.isEmpty { return nil }
        self.init(
            conversation: message.conversation, role: .assistant, text: text, trust: message.trust.mayInstruct ? .tool : message.trust, timestamp: now, turn: message.turn,
            isKept: Self.isWorthKeeping(text))
    }
}

extension InboundMessage {
    /// The message without anything a person wrote or showed: what is left of an ended turn when its conversation is cleared.
    public var withoutContent: InboundMessage {
        InboundMessage(
            id: id, conversation: conversation, sender: Participant(id: sender.id, isBot: sender.isBot), content: [],
            timestamp: timestamp, isGroup: isGroup, isAddressed: isAddressed, trust: trust)
    }
}

extension OutboundMessage {
    /// The message without its content; what is left of it when its conversation was cleared.
    public var withoutContent: OutboundMessage {
        OutboundMessage(id: id, conversation: conversation, kind: kind, content: [], turn: turn)
    }
}
