// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Synchronization

/// The channel behind ``Orchestrator/ask(_:in:)``: the host itself speaks as the owner.
final class DirectAdapter: MessagingAdapter {
    static let channelID = ChannelID(platform: "direct")
    static let ownerAccount = "direct:owner"
    static let owner: PersonID = "direct:owner"

    private struct State {
        var waiting: [String: CheckedContinuation<String, any Error>] = [:]
        var observers: [Int: AsyncStream<ApprovalRequest>.Continuation] = [:]
        var nextObserver = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    let channel = DirectAdapter.channelID
    let capabilities = AdapterCapabilities(delivery: .exactlyOnce)

    func run(delivering inbox: Inbox) async throws { try await untilCancelled() }

    func health() async -> ComponentHealth { .healthy }

    func send(_ message: OutboundMessage) async throws -> DeliveryReceipt {
        // Only what ends the turn answers the question. A notice says something in between; an approval request reaches the host through
        // its stream.
        if let turn = message.turn, message.id == turn.replyID, let question = message.replyTo {
            let waiter = state.withLock { $0.waiting.removeValue(forKey: question) }
            if message.kind == .error {
                waiter?.resume(throwing: TurnFailedError(.failed, turn: turn, reason: message.text))
            } else {
                waiter?.resume(returning: message.text)
            }
        }
        return DeliveryReceipt(deliveredAt: Date())
    }

    func ask(_ text: String, chat: String, id: String, now: Date, inbox: Inbox) async throws -> String {
        let message = InboundMessage(
            id: id, conversation: ConversationID(channel: channel, chat: chat), sender: Participant(id: "owner"),
            content: [.text(text)], timestamp: now)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let refusal: (any Error)? = state.withLock { state in
                    if state.isClosed { return ShutdownError() }
                    if Task.isCancelled { return CancellationError() }
                    state.waiting[id] = continuation
                    return nil
                }
                if let refusal { return continuation.resume(throwing: refusal) }
                Task {
                    do {
                        try await inbox.deliver(message)
                    } catch {
                        abandon(id, error)
                    }
                }
            }
        } onCancel: {
            abandon(id, CancellationError())
        }
    }

    func observe(_ request: ApprovalRequest) {
        let observers = state.withLock { $0.observers.values }
        for observer in observers { observer.yield(request) }
    }

    func approvalRequests() -> AsyncStream<ApprovalRequest> {
        let (stream, continuation) = AsyncStream.makeStream(of: ApprovalRequest.self, bufferingPolicy: .bufferingNewest(64))
        let number = state.withLock { state in
            state.nextObserver += 1
            if !state.isClosed { state.observers[state.nextObserver] = continuation }
            return state.isClosed ? nil : state.nextObserver
        }
        if let number {
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.observers.removeValue(forKey: number) }
            }
        } else {
            continuation.finish()
        }
        return stream
    }

    /// A turn ended without a message that would carry its answer.
    func turnEnded(_ message: InboundMessage, _ result: Result<String, TurnFailedError>) {
        guard message.conversation.channel == channel else { return }
        let waiter = state.withLock { $0.waiting.removeValue(forKey: message.id) }
        waiter?.resume(with: result.mapError { $0 })
    }

    /// Nobody will answer any more.
    func close() {
        let (waiting, observers) = state.withLock { state in
            state.isClosed = true
            defer { (state.waiting, state.observers) = ([:], [:]) }
            return (state.waiting.values, state.observers.values)
        }
        for waiter in waiting { waiter.resume(throwing: ShutdownError()) }
        for observer in observers { observer.finish() }
    }

    private func abandon(_ id: String, _ error: any Error) {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(throwing: error)
    }
}
