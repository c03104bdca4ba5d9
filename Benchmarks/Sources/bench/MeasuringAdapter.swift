// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A channel that notes when the answer to each message is handed over.
final class MeasuringAdapter: MessagingAdapter {
    let channel = ChannelID(platform: "bench")
    let capabilities = AdapterCapabilities(delivery: .exactlyOnce, showsLiveUpdates: false)

    private struct State {
        var inbox: Inbox?
        var answered: Set<String> = []
        var waiting: [String: CheckedContinuation<ContinuousClock.Instant, Never>] = [:]
        var early: [String: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())
    private let inboxes: AsyncStream<Inbox>
    private let arrivals: AsyncStream<Inbox>.Continuation

    init() { (inboxes, arrivals) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// The orchestrator's inbox, once it runs.
    func inbox() async throws -> Inbox {
        for await inbox in inboxes { return inbox }
        throw MeasurementError("the orchestrator did not start")
    }

    func run(delivering inbox: Inbox) async throws {
        arrivals.yield(inbox)
        try await untilCancelled()
    }

    func send(_ message: OutboundMessage) async throws -> DeliveryReceipt {
        let now = ContinuousClock.now
        guard let id = message.replyTo else { throw DeliveryError(.giveUp, reason: "answers nothing") }
        let waiter = state.withLock { state -> CheckedContinuation<ContinuousClock.Instant, Never>? in
            guard state.answered.insert(id).inserted else { return nil }
            if let waiter = state.waiting.removeValue(forKey: id) { return waiter }
            state.early[id] = now
            return nil
        }
        waiter?.resume(returning: now)
        return DeliveryReceipt(deliveredAt: Date())
    }

    /// When the message was answered.
    func answer(to id: String) async -> ContinuousClock.Instant {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state -> ContinuousClock.Instant? in
                if let early = state.early.removeValue(forKey: id) { return early }
                state.waiting[id] = continuation
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    func health() async -> ComponentHealth { .healthy }
}

/// A model that always says the same at once, so that only the framework is measured.
struct FixedModel: LanguageModel {
    let id = "fixed"
    let contextWindow = 32_000
    let text: String

    func generate(_ request: ModelRequest) -> GenerationStream { GenerationStream([.textDelta(text), .finished(.stop)]) }
}
