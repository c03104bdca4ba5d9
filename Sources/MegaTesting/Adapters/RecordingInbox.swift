// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// An inbox that keeps what an adapter delivers, and can be slow or refuse.
public final class RecordingInbox: Sendable {
    /// What a refusing inbox throws.
    public struct Refusal: Error, Sendable {}

    private struct State {
        var messages: [InboundMessage] = []
        var cursors: [ChannelID: String] = [:]
        var known: [String: TurnID] = [:]
        var failures: Int
        var refusals = 0
        var isHolding: Bool
        var held: [CheckedContinuation<Void, Never>] = []
        var readers: [Int: (number: Int, continuation: CheckedContinuation<InboundMessage, any Error>)] = [:]
        var nextReader = 0
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - holding: Deliveries return only after ``release()``.
    ///   - failing: So many first deliveries throw ``Refusal`` and are not kept.
    public init(holding: Bool = false, failing: Int = 0) {
        state = Mutex(State(failures: failing, isHolding: holding))
    }

    /// What to hand to the adapter.
    public var inbox: Inbox {
        Inbox(
            accept: { [self] in try await accept($0, cursor: $1) },
            cursor: { [self] channel in state.withLock { $0.cursors[channel] } })
    }

    /// Everything delivered, repeats included.
    public var messages: [InboundMessage] { state.withLock { $0.messages } }
    /// How many deliveries were refused.
    public var refusals: Int { state.withLock { $0.refusals } }

    /// The message delivered as number `number`, from 1; waits for it.
    ///
    /// - Throws: `CancellationError`.
    public func message(_ number: Int) async throws -> InboundMessage {
        let ticket = state.withLock { state in
            state.nextReader += 1
            return state.nextReader
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: Result<InboundMessage, any Error>? = state.withLock { state in
                    if state.messages.count >= number { return .success(state.messages[number - 1]) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.readers[ticket] = (number, continuation)
                    return nil
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            state.withLock { $0.readers.removeValue(forKey: ticket) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Lets held deliveries return, and later ones at once.
    public func release() {
        let held = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    private func accept(_ message: InboundMessage, cursor: String?) async throws -> Inbox.Admission {
        let (admission, readers) = try state.withLock { state in
            if state.failures > 0 {
                state.failures -= 1
                state.refusals += 1
                throw Refusal()
            }
            let key = "\(message.conversation)/\(message.id)"
            if let cursor { state.cursors[message.conversation.channel] = cursor }
            state.messages.append(message)
            let readers = state.readers.filter { $0.value.number == state.messages.count }
            for ticket in readers.keys { state.readers[ticket] = nil }
            if let known = state.known[key] { return (Inbox.Admission.duplicate(known), Array(readers.values)) }
            let turn = TurnID(rawValue: Int64(state.messages.count))
            state.known[key] = turn
            return (.accepted(turn), Array(readers.values))
        }
        for reader in readers { reader.continuation.resume(returning: message) }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isHeld = state.withLock { state in
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        return admission
    }
}
