// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// The rules every ledger of this package shares, so that they cannot differ.
extension Turn.State {
    /// Whether work may begin, or begin again after a restart.
    package var allowsBegin: Bool { self == .received || self == .running || self == .waitingApproval }

    /// Whether the journal may grow and the state become the given one.
    package func allowsAppend(moving next: Turn.State) -> Bool {
        (self == .running || self == .waitingApproval) && (next == .running || next == .waitingApproval)
    }

    /// Whether the work is still open; ending it again changes nothing otherwise.
    package var isOpen: Bool { allowsBegin }
}

extension StoreError {
    package static func noTurn(_ id: TurnID) -> StoreError {
        StoreError(.notFound, reason: "the ledger has no turn \(id); it was pruned, or belongs to another store")
    }

    package static func noMessage() -> StoreError {
        StoreError(.notFound, reason: "the outbox has no message of that id; enqueue it first")
    }

    package static func illegal(_ id: TurnID, from: Turn.State, to: Turn.State) -> StoreError {
        StoreError(
            .illegalTransition, reason: "turn \(id) is \(from.rawValue) and cannot become \(to.rawValue); read the turn again")
    }
}

extension OutboundMessage.Kind {
    /// Whether a message of this kind is a line of the conversation.
    package var isLogged: Bool {
        switch self {
        case .reply, .commandResult, .error: true
        case .approvalRequest, .notice: false
        }
    }
}

extension LogEntry {
    private static let keepWords = ["DECISION", "ARCHITECT", "PATTERN", "LEARNED LESSON"]

    /// Whether a line holds one of the words (in capitals) that keep it from being cleared.
    package static func isWorthKeeping(_ text: String) -> Bool { keepWords.contains { text.contains($0) } }

    /// Message content as one text: attachments, places and cards as a bracketed word.
    package static func text(of content: [ContentPart]) -> String {
        var parts: [String] = []
        for part in content {
            switch part {
            case .text(let text): parts.append(text)
            case .media(let media):
                parts.append("[\(media.kind.rawValue)\(media.fileName.map { " " + $0 } ?? "")]")
                if let caption = media.caption { parts.append(caption) }
            case .location(let latitude, let longitude, let name):
                parts.append("[location \(latitude), \(longitude)\(name.map { " " + $0 } ?? "")]")
            case .contact(let name, _): parts.append("[contact \(name)]")
            case .unknown(let kind, _): parts.append("[\(kind)]")
            }
        }
        return parts.joined(separator: "\n")
    }

    /// The line an inbound message makes, or nil when there is nothing to read in it.
    package init?(of message: InboundMessage, turn: TurnID?) {
        let text = Self.text(of: message.content)
        if text.isEmpty { return nil }
        self.init(
            conversation: message.conversation, role: .person, text: text, author: message.sender.displayName ?? message.sender.id,
            trust: message.trust, timestamp: message.timestamp, turn: turn, isKept: Self.isWorthKeeping(text))
    }

    /// The line an outbound message makes, or nil when its kind is not logged or there is nothing to read in it.
    ///
    /// The assistant's words never instruct it: they may repeat what a page said, and keep the label they were written under.
    package init?(of message: OutboundMessage, at now: Date) {
        let text = message.kind.isLogged ? Self.text(of: message.content) : ""
        if text.isEmpty { return nil }
        self.init(
            conversation: message.conversation, role: .assistant, text: text, trust: message.trust.mayInstruct ? .tool : message.trust, timestamp: now, turn: message.turn,
            isKept: Self.isWorthKeeping(text))
    }
}

extension InboundMessage {
    /// The message without anything a person wrote or showed; what is left of a cleared turn.
    package var withoutContent: InboundMessage {
        InboundMessage(
            id: id, conversation: conversation, sender: Participant(id: sender.id, isBot: sender.isBot), content: [],
            timestamp: timestamp, isGroup: isGroup, isAddressed: isAddressed, trust: trust)
    }
}

extension OutboundMessage {
    /// The message without its content; what is left of it when its conversation was cleared.
    package var withoutContent: OutboundMessage {
        OutboundMessage(id: id, conversation: conversation, kind: kind, content: [], turn: turn)
    }
}
