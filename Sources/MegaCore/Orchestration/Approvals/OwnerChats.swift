// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// Where each owner talks with the assistant alone: there they see what others ask for.
final class OwnerChats: Sendable {
    private let chats = Mutex<[PersonID: ConversationID]>([:])
    /// How many of the newest turns are looked at after a restart.
    static let recentTurns = 1000

    /// Remembers where an owner wrote last. A group is no place for other people's requests, and the host's own questions have none.
    func note(_ message: InboundMessage, from person: PersonID) {
        guard message.trust == .owner, !message.isGroup, !message.sender.isBot, message.conversation.channel != DirectAdapter.channelID else { return }
        chats.withLock { $0[person] = message.conversation }
    }

    /// Learns from turns, newest first; what is known already counts as newer.
    func learn(from turns: [Turn]) {
        for turn in turns where chats.withLock({ $0[turn.person] }) == nil { note(turn.message, from: turn.person) }
    }

    /// The chats of these people but one conversation, in a fixed order.
    func chats(of people: Set<PersonID>, except conversation: ConversationID) -> [(person: PersonID, chat: ConversationID)] {
        let known = chats.withLock { $0 }
        return people.sorted { $0.rawValue < $1.rawValue }.compactMap { person in
            known[person].flatMap { $0 == conversation ? nil : (person, $0) }
        }
    }
}
