// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An adapter made of a sequence of messages and a send function, for sources without a protocol of their own.
public struct SequenceAdapter<Messages: AsyncSequence & Sendable>: MessagingAdapter where Messages.Element == InboundMessage {
    /// See ``MessagingAdapter/channel``.
    public let channel: ChannelID
    /// See ``MessagingAdapter/capabilities``.
    public let capabilities: AdapterCapabilities
    private let messages: Messages
    private let deliver: @Sendable (OutboundMessage) async throws -> Void

    /// - Parameters:
    ///   - channel: The account it serves.
    ///   - messages: Where inbound messages come from. Asking for the next one says that the one before was stored. Iterated anew when
    ///     the adapter is started again after a failure, so a source that can be iterated once only, such as an `AsyncStream`, ends there.
    ///   - send: Delivers one message or throws.
    public init(
        channel: ChannelID, capabilities: AdapterCapabilities = AdapterCapabilities(), messages: Messages,
        send: @escaping @Sendable (OutboundMessage) async throws -> Void
    ) {
        self.channel = channel
        self.capabilities = capabilities
        self.messages = messages
        self.deliver = send
    }

    /// See ``MessagingAdapter/run(delivering:)``.
    public func run(delivering inbox: Inbox) async throws {
        for try await message in messages { try await inbox.deliver(message) }
        // A finite source is no failure: stay until cancelled, so that replies can still be sent.
        try await untilCancelled()
    }

    /// See ``MessagingAdapter/send(_:)``.
    public func send(_ message: OutboundMessage) async throws -> DeliveryReceipt {
        try await deliver(message)
        return DeliveryReceipt(deliveredAt: Date())
    }

    /// Always healthy.
    public func health() async -> ComponentHealth { .healthy }
}
