// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import MegaCore
import Synchronization

/// A channel that exists in memory only: tests say things into it and read what comes out.
///
/// Faults are scripted: ``failNextSends(_:with:)``, ``dropConnection(_:)``. Every platform message id is `m1`, `m2`, … unless given.
public final class InMemoryAdapter: MessagingAdapter {
    private struct State {
        var inbox: Inbox?
        var waitingForInbox: [Int: CheckedContinuation<Inbox, any Error>] = [:]
        var sent: [OutboundMessage] = []
        var updates: [(ConversationID, LiveUpdate)] = []
        var readers: [Int: Reader] = [:]
        var lastTicket = 0
        var faults: [any Error] = []
        var away: Set<ConversationID> = []
        var messages = 0
        var runs = 0
        var disconnect: CheckedContinuation<any Error, Never>?
        var pendingDisconnect: (any Error)?
    }

    private struct Reader {
        var matches: @Sendable (OutboundMessage) -> Bool
        var continuation: CheckedContinuation<OutboundMessage, any Error>
    }

    /// See `MessagingAdapter.channel`.
    public let channel: ChannelID
    /// See `MessagingAdapter.capabilities`.
    public let capabilities: AdapterCapabilities
    private let state = Mutex(State())
    private let now: @Sendable () -> Date

    /// Makes a channel nobody has written to.
    public init(
        channel: ChannelID = ChannelID(platform: "memory"),
        capabilities: AdapterCapabilities = AdapterCapabilities(delivery: .exactlyOnce, showsLiveUpdates: true),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.channel = channel
        self.capabilities = capabilities
        self.now = now
    }

    // MARK: The test's side

    /// Everything sent so far, in order, repeats of one id counted once.
    public var sent: [OutboundMessage] { state.withLock { $0.sent } }

    /// Live updates of a conversation so far.
    public func updates(in conversation: ConversationID) -> [LiveUpdate] {
        state.withLock { $0.updates.filter { $0.0 == conversation }.map(\.1) }
    }

    /// How often the adapter was started.
    public var runs: Int { state.withLock { $0.runs } }

    /// The conversation behind a chat's name.
    public func conversation(_ chat: String) -> ConversationID { ConversationID(channel: channel, chat: chat) }

    /// Delivers a person's message as the platform would, once the adapter runs. Returns when it is durable.
    ///
    /// - Throws: `CancellationError`, or what the orchestrator refuses it with.
    @discardableResult
    public func receive(
        _ text: String, from sender: String = "ana", in chat: String = "main", id: String? = nil, cursor: String? = nil
    ) async throws -> Inbox.Admission {
        let number = state.withLock { state in
            state.messages += 1
            return state.messages
        }
        let message = InboundMessage(
            id: id ?? "m\(number)", conversation: conversation(chat), sender: Participant(id: sender), content: [.text(text)],
            timestamp: now())
        return try await receive(message, cursor: cursor)
    }

    /// Delivers any message, once the adapter runs.
    ///
    /// - Throws: `CancellationError`, or what the orchestrator refuses it with.
    @discardableResult
    public func receive(_ message: InboundMessage, cursor: String? = nil) async throws -> Inbox.Admission {
        try await connectedInbox().deliver(message, cursor: cursor)
    }

    /// The next message sent that nobody has waited for yet and that fits; waits for it.
    ///
    /// - Parameter seen: Skips this many of ``sent``.
    /// - Throws: `CancellationError`.
    public func nextMessage(
        after seen: Int, matching matches: @escaping @Sendable (OutboundMessage) -> Bool = { _ in true }
    ) async throws -> OutboundMessage {
        let ticket = makeTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: OutboundMessage? = state.withLock { state in
                    if let message = state.sent.dropFirst(seen).first(where: matches) { return message }
                    state.readers[ticket] = Reader(matches: matches, continuation: continuation)
                    return nil
                }
                if let ready { continuation.resume(returning: ready) }
                if Task.isCancelled { abandon(ticket) }
            }
        } onCancel: {
            abandon(ticket)
        }
    }

    /// The next sends throw these errors, one each.
    public func failNextSends(_ count: Int = 1, with error: any Error) {
        state.withLock { $0.faults += Array(repeating: error, count: count) }
    }

    /// Lets sends to a conversation fail with `recipientAway` until it is set back.
    public func setAway(_ conversation: ConversationID, _ isAway: Bool) {
        state.withLock { state in
            if isAway { state.away.insert(conversation) } else { state.away.remove(conversation) }
        }
    }

    /// Ends ``run(delivering:)`` with an error, as a lost connection would.
    public func dropConnection(_ error: any Error) {
        let waiter = state.withLock { state in
            if state.disconnect == nil { state.pendingDisconnect = error }
            defer { state.disconnect = nil }
            return state.disconnect
        }
        waiter?.resume(returning: error)
    }

    /// Waits for the orchestrator to start the adapter.
    private func connectedInbox() async throws -> Inbox {
        let ticket = makeTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: Result<Inbox, any Error>? = state.withLock { state in
                    if let inbox = state.inbox { return .success(inbox) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waitingForInbox[ticket] = continuation
                    return nil
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            state.withLock { $0.waitingForInbox.removeValue(forKey: ticket) }?.resume(throwing: CancellationError())
        }
    }

    private func makeTicket() -> Int {
        state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
    }

    private func abandon(_ ticket: Int) {
        state.withLock { $0.readers.removeValue(forKey: ticket) }?.continuation.resume(throwing: CancellationError())
    }

    // MARK: The orchestrator's side

    /// See `MessagingAdapter.run(delivering:)`.
    public func run(delivering inbox: Inbox) async throws {
        let waiting = state.withLock { state in
            state.runs += 1
            state.inbox = inbox
            defer { state.waitingForInbox = [:] }
            return state.waitingForInbox.values
        }
        for waiter in waiting { waiter.resume(returning: inbox) }
        // The inbox leads back to the orchestrator, which holds this adapter: kept on, neither would ever go away.
        defer { state.withLock { $0.inbox = nil } }
        let error = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<any Error, Never>) in
                let immediate: (any Error)? = state.withLock { state in
                    if Task.isCancelled { return CancellationError() }
                    if let pending = state.pendingDisconnect {
                        state.pendingDisconnect = nil
                        return pending
                    }
                    state.disconnect = continuation
                    return nil
                }
                if let immediate { continuation.resume(returning: immediate) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.disconnect = nil }
                return state.disconnect
            }
            waiter?.resume(returning: CancellationError())
        }
        throw error
    }

    /// See `MessagingAdapter.send(_:)`.
    public func send(_ message: OutboundMessage) async throws -> DeliveryReceipt {
        let (fault, readers) = state.withLock { state -> ((any Error)?, [Reader]) in
            if state.away.contains(message.conversation) { return (DeliveryError(.recipientAway, reason: "the recipient is away"), []) }
            if !state.faults.isEmpty { return (state.faults.removeFirst(), []) }
            guard !state.sent.contains(where: { $0.id == message.id }) else { return (nil, []) }
            state.sent.append(message)
            let served = state.readers.filter { $0.value.matches(message) }
            for ticket in served.keys { state.readers[ticket] = nil }
            return (nil, Array(served.values))
        }
        if let fault { throw fault }
        for reader in readers { reader.continuation.resume(returning: message) }
        return DeliveryReceipt(platformMessageID: message.id, deliveredAt: now())
    }

    /// See `MessagingAdapter.show(_:in:)`.
    public func show(_ update: LiveUpdate, in conversation: ConversationID) async {
        state.withLock { $0.updates.append((conversation, update)) }
    }

    /// Always healthy.
    public func health() async -> ComponentHealth { .healthy }
}
