// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Where an adapter hands its messages in.
public struct Inbox: Sendable {
    private let accept: @Sendable (InboundMessage, String?) async throws -> Admission
    private let readCursor: @Sendable (ChannelID) async throws -> String?
    private let returned: @Sendable (ConversationID) async -> Void
    private let questions: @Sendable (ConversationID) async throws -> [OutboundMessage]

    /// What became of a delivered message.
    public enum Admission: Sendable, Hashable {
        /// Stored; it will be worked on. Acknowledge it.
        case accepted(TurnID)
        /// Already stored earlier. Acknowledge it; nothing else happens.
        case duplicate(TurnID)
        /// Recorded, but nobody will work on it: for example, the sender is unknown. Acknowledge it; whether to tell the sender is the
        /// channel's choice.
        case refused(reason: String)
    }

    /// Makes an inbox from its operations. Adapters get theirs from the orchestrator; tests may make their own.
    public init(
        accept: @escaping @Sendable (InboundMessage, String?) async throws -> Admission,
        cursor: @escaping @Sendable (ChannelID) async throws -> String? = { _ in nil },
        recipientReturned: @escaping @Sendable (ConversationID) async -> Void = { _ in },
        openQuestions: @escaping @Sendable (ConversationID) async throws -> [OutboundMessage] = { _ in [] }
    ) {
        self.accept = accept
        self.readCursor = cursor
        self.returned = recipientReturned
        questions = openQuestions
    }

    /// Stores a message, its dedupe key and the channel's cursor in one transaction.
    ///
    /// Waits while too much is in flight; that is the back-pressure. Only when it returns may the platform be told "received".
    ///
    /// - Parameters:
    ///   - message: The normalised message.
    ///   - cursor: Where to go on receiving after this message, opaque to everybody but the adapter.
    /// - Throws: When the store cannot take it; do not acknowledge then.
    @discardableResult
    public func deliver(_ message: InboundMessage, cursor: String? = nil) async throws -> Admission {
        try await accept(message, cursor)
    }

    /// The cursor stored last for a channel.
    public func cursor(for channel: ChannelID) async throws -> String? {
        try await readCursor(channel)
    }

    /// Tells that somebody is there again to read a conversation, so that messages which waited for them (``DeliveryError`` with
    /// `recipientAway`) are tried at once. Returns quickly; delivery itself goes on elsewhere.
    public func recipientReturned(_ conversation: ConversationID) async {
        await returned(conversation)
    }

    /// The questions of a conversation that wait for an answer and have been delivered before, oldest first, to be shown to somebody
    /// who has just come: the same messages under the same ids, saying since when they wait and how many messages wait behind them.
    /// Nothing new is asked. Call it before ``recipientReturned(_:)``, which sends those nobody has received yet.
    ///
    /// - Throws: When the store cannot be read.
    public func openQuestions(in conversation: ConversationID) async throws -> [OutboundMessage] {
        try await questions(conversation)
    }
}
