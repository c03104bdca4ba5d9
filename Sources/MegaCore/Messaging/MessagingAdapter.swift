// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A channel to people: receives their messages and delivers the answers.
///
/// Implement this to connect a platform. The adapter owns its connection inside ``run(delivering:)`` and shows no sockets to the
/// outside. For a source that is only a stream of messages, ``SequenceAdapter`` is enough. Test yours with
/// `MessagingAdapterConformance` of MegaTesting.
///
/// Rules every adapter keeps:
/// - ``Inbox/deliver(_:cursor:)`` first, acknowledge to the platform afterwards. When deliver returns, the message is durable.
/// - The same platform message always carries the same id; duplicates need no filtering in the adapter.
/// - ``run(delivering:)`` returns or throws when the connection is lost for good; the supervisor starts it anew with back-off.
public protocol MessagingAdapter: Sendable {
    /// The account this adapter serves. Unique within one orchestrator.
    var channel: ChannelID { get }

    /// What the platform can do.
    var capabilities: AdapterCapabilities { get }

    /// Receives until cancelled. Ends quickly on cancellation.
    ///
    /// - Throws: Anything; the error is logged, health turns degraded, and the adapter is started again after a pause.
    func run(delivering inbox: Inbox) async throws

    /// Delivers one message. Called again with the same ``OutboundMessage/id`` after a failure.
    ///
    /// - Throws: ``DeliveryError`` to say whether and when to try again; any other error counts as transient.
    func send(_ message: OutboundMessage) async throws -> DeliveryReceipt

    /// Shows what happens in a running turn. Best effort; must not block for long. The default does nothing.
    func show(_ update: LiveUpdate, in conversation: ConversationID) async

    /// How the channel does, judged by its last real exchange.
    func health() async -> ComponentHealth
}

extension MessagingAdapter {
    /// Shows nothing.
    public func show(_ update: LiveUpdate, in conversation: ConversationID) async {}
}
