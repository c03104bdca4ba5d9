// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One connected client as the adapter keeps it: what it watches, and what waits to be written to it.
final class NativePeer: Sendable {
    /// Something to be encrypted and written.
    struct Outgoing: Sendable {
        var content: [UInt8]
        /// The message's id; nil for live updates.
        var id: String?
        /// Told whether it was written. Nil for live updates, which may be dropped.
        var completion: (@Sendable (Bool) -> Void)?
    }

    struct CloseRequest: Sendable {
        var code: WebSocketCloseCode
        var reason: String
    }

    /// How much may wait for one client.
    struct QueueLimits: Sendable {
        var liveBytes = 256 << 10
        var durableBytes = 4 << 20
        var durableCount = 64
    }

    private struct State {
        var isAuthenticated = false
        var isClosed = false
        var confirms = false
        var unconfirmed: [String: (since: Date, completion: @Sendable (Bool) -> Void)] = [:]
        var chats: Set<String> = []
        var queue: [Outgoing] = []
        var head = 0
        var bytes = 0
        var durableBytes = 0
        var durableCount = 0
    }

    let id: UInt64
    let challenge: String
    let closeRequests: AsyncStream<CloseRequest>
    private let limits: QueueLimits
    private let requestsClose: AsyncStream<CloseRequest>.Continuation
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    init(id: UInt64, challenge: String, limits: QueueLimits) {
        self.id = id
        self.challenge = challenge
        self.limits = limits
        (closeRequests, requestsClose) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var isAuthenticated: Bool { state.withLock { $0.isAuthenticated } }

    func markAuthenticated() { state.withLock { $0.isAuthenticated = true } }

    // MARK: Confirmations

    /// From now on a message counts as delivered when the client says so, not when it is written: what is written can still be lost.
    func expectConfirmations() { state.withLock { $0.confirms = true } }

    /// Called before a message is written. True when its completion waits for the client's word.
    func awaitConfirmation(of item: Outgoing, now: Date) -> Bool {
        guard let id = item.id, let completion = item.completion else { return false }
        return state.withLock { state in
            guard state.confirms, !state.isClosed, state.unconfirmed[id] == nil else { return false }
            state.unconfirmed[id] = (now, completion)
            return true
        }
    }

    /// The client has taken a message, or never will.
    ///
    /// - Returns: False when nothing waited for it.
    @discardableResult
    func confirm(_ id: String, isTaken: Bool = true) -> Bool {
        guard let waiting = state.withLock({ $0.unconfirmed.removeValue(forKey: id) }) else { return false }
        waiting.completion(isTaken)
        return true
    }

    /// Whether a confirmation has not come for that many seconds.
    func isOverdue(now: Date, limit: Double) -> Bool {
        state.withLock { $0.unconfirmed.values.contains { now.timeIntervalSince($0.since) > limit } }
    }

    func watches(_ chat: String) -> Bool { state.withLock { $0.isAuthenticated && $0.chats.contains(chat) } }

    /// Adds a chat to those whose messages go to this client.
    ///
    /// - Returns: True when it was not among them; nil when it watches too many.
    func watch(_ chat: String, limit: Int) -> Bool? {
        state.withLock { state in
            if state.chats.contains(chat) { return false }
            guard state.chats.count < limit else { return nil }
            state.chats.insert(chat)
            return true
        }
    }

    func requestClose(_ code: WebSocketCloseCode, reason: String) {
        requestsClose.yield(CloseRequest(code: code, reason: reason))
    }

    /// Shows a live update if there is room for it.
    func show(_ content: [UInt8]) {
        let isQueued = state.withLock { state in
            guard !state.isClosed, state.bytes + content.count <= limits.liveBytes else { return false }
            state.queue.append(Outgoing(content: content, completion: nil))
            state.bytes += content.count
            return true
        }
        if isQueued { wake.yield() }
    }

    /// Queues a message that must not be lost silently; live updates make room for it. A client too slow for it is closed with 1013.
    func send(_ content: [UInt8], id: String? = nil, completion: @escaping @Sendable (Bool) -> Void) {
        let isQueued = state.withLock { state in
            guard !state.isClosed else { return false }
            let fits = state.durableCount < limits.durableCount && state.durableBytes + content.count <= limits.durableBytes
            guard fits || state.durableCount == 0 else { return false }
            if state.bytes + content.count > limits.durableBytes {
                state.queue = state.queue[state.head...].filter { $0.completion != nil }
                state.head = 0
                state.bytes = state.durableBytes
            }
            state.queue.append(Outgoing(content: content, id: id, completion: completion))
            state.bytes += content.count
            state.durableBytes += content.count
            state.durableCount += 1
            return true
        }
        guard isQueued else {
            requestClose(.tryAgainLater, reason: "too slow")
            completion(false)
            return
        }
        wake.yield()
    }

    /// What is to be written next; waits for it. Nil when the connection is over. One task calls this.
    func next() async -> Outgoing? {
        while true {
            let (item, isClosed) = state.withLock { state -> (Outgoing?, Bool) in
                guard state.head < state.queue.count else {
                    state.queue.removeAll(keepingCapacity: true)
                    state.head = 0
                    return (nil, state.isClosed)
                }
                let item = state.queue[state.head]
                state.head += 1
                state.bytes -= item.content.count
                if item.completion != nil {
                    state.durableBytes -= item.content.count
                    state.durableCount -= 1
                }
                if state.head > 64 {
                    state.queue.removeFirst(state.head)
                    state.head = 0
                }
                return (item, false)
            }
            if let item { return item }
            if isClosed { return nil }
            var waiting = wakes.makeAsyncIterator()
            if await waiting.next() == nil { return nil }
        }
    }

    /// The connection is over: whatever still waits was not delivered.
    func close() {
        let (left, unconfirmed) = state.withLock { state in
            state.isClosed = true
            state.isAuthenticated = false
            defer {
                state.queue = []
                state.head = 0
                state.unconfirmed = [:]
            }
            return (Array(state.queue[state.head...]), state.unconfirmed.values.map(\.completion))
        }
        for item in left { item.completion?(false) }
        for completion in unconfirmed { completion(false) }
        wake.finish()
        requestsClose.finish()
    }
}
