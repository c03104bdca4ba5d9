// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A desk on which messages lie until they are taken up: the platform behind a `SequenceAdapter`. Asking for the next message says that the
/// one before was stored.
final class SequenceFixture: AdapterFixture {
    private struct State {
        var waiting: [InboundMessage] = []
        var acknowledged: Set<String> = []
        var sent: [OutboundMessage] = []
    }

    private final class Desk: Sendable {
        let state = Mutex(State())
    }

    private struct Messages: AsyncSequence, Sendable {
        typealias Element = InboundMessage
        let desk: Desk
        func makeAsyncIterator() -> Iterator { Iterator(desk: desk) }

        struct Iterator: AsyncIteratorProtocol {
            let desk: Desk
            var last: String?

            mutating func next() async throws -> InboundMessage? {
                if let last { desk.state.withLock { _ = $0.acknowledged.insert(last) } }
                last = nil
                while true {
                    let message = desk.state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
                    if let message {
                        last = message.id
                        return message
                    }
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
        }
    }

    private static let channel = ChannelID(platform: "desk")
    private let desk: Desk
    let adapter: any MessagingAdapter

    init() {
        let desk = Desk()
        self.desk = desk
        adapter = SequenceAdapter(channel: Self.channel, messages: Messages(desk: desk)) { message in
            desk.state.withLock { $0.sent.append(message) }
        }
    }

    func personWrites(_ text: String, id: String, chat: String, waitsForReceipt: Bool) async throws {
        let message = InboundMessage(
            id: id, conversation: ConversationID(channel: Self.channel, chat: chat), sender: Participant(id: "ana"), content: [.text(text)],
            timestamp: Date())
        desk.state.withLock { $0.waiting.append(message) }
    }

    func isAcknowledged(_ id: String) async throws -> Bool { desk.state.withLock { $0.acknowledged.contains(id) } }

    func received(in chat: String) async throws -> [String] {
        desk.state.withLock { $0.sent.filter { $0.conversation.chat == chat }.map(\.text) }
    }
}
