// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import HTTPTypes
import MegaCore
import Synchronization

/// One request and its response as both sides see them: the loop's thread fills it, a task reads it.
final class CurlExchange: Sendable {
    typealias ID = UInt64

    /// What to send, and where.
    struct Plan: Sendable {
        var url: String
        var host: String
        var port: Int
        var request: HTTPRequest
        var body: HTTPBody?
        var options: HTTPRequestOptions
        var deadline: ContinuousClock.Instant?
        var egress: EgressPolicy
        var proxy: ProxyEnvironment.Proxy?
        var userAgent: String
        var certificateFile: String?
        /// Answers that replace name resolution, for tests.
        var addresses: [IPAddress]?
    }

    /// Reading stops above this many bytes held for the reader and goes on below half of it.
    static let bufferLimit = 256 << 10

    /// How much may still come of a body nobody reads any more, and for how long.
    private static let lingerLimit = 16 << 10
    private static let lingerTime = DispatchTimeInterval.milliseconds(200)

    private struct State {
        var head: HTTPResponse?
        var headWaiter: CheckedContinuation<HTTPResponse, any Error>?
        var pieces: [[UInt8]] = []
        var firstPiece = 0
        var buffered = 0
        var isPaused = false
        /// How many bytes may still come although nobody reads them; nil while somebody does.
        var lingering: Int?
        var reader: CheckedContinuation<ArraySlice<UInt8>?, any Error>?
        var end: Result<Void, any Error>?
    }

    let id: ID
    let plan: Plan
    let loop: CurlLoop
    let upload: CurlUpload?
    private let state = Mutex(State())

    init(id: ID, plan: Plan, loop: CurlLoop) {
        self.id = id
        self.plan = plan
        self.loop = loop
        upload = if let body = plan.body, body.knownBytes == nil { CurlUpload() } else { nil }
    }

    var isFinished: Bool { state.withLock { $0.end != nil } }

    // MARK: The loop's side

    func deliver(_ head: HTTPResponse) {
        let waiter = state.withLock { state in
            state.head = head
            return state.headWaiter.take()
        }
        waiter?.resume(returning: head)
    }

    enum Taken { case taken, paused, cancelled }

    /// Takes a piece of the body, or asks for a pause.
    func take(_ bytes: UnsafeRawBufferPointer) -> Taken {
        var reader: CheckedContinuation<ArraySlice<UInt8>?, any Error>?
        var buffered = 0
        let taken: Taken = state.withLock { state in
            if state.end != nil { return .cancelled }
            if let left = state.lingering {
                guard bytes.count <= left else { return .cancelled }
                state.lingering = left - bytes.count
                return .taken
            }
            if let waiting = state.reader.take() {
                reader = waiting
                return .taken
            }
            guard state.buffered < Self.bufferLimit else {
                state.isPaused = true
                return .paused
            }
            state.pieces.append(Array(bytes))
            state.buffered += bytes.count
            buffered = state.buffered
            return .taken
        }
        reader?.resume(returning: Array(bytes)[...])
        loop.peakBuffered.max(buffered, ordering: .relaxed)
        return taken
    }

    /// Ends the exchange: in order, or with an error the reader sees after the bytes that came before it.
    func finish(throwing error: (any Error)? = nil) {
        let (headWaiter, reader, end) = state.withLock { state in
            if state.end == nil { state.end = error.map { .failure($0) } ?? .success(()) }
            return (state.headWaiter.take(), state.reader.take(), state.end)
        }
        upload?.close()
        let failure: (any Error)? = if case .failure(let error) = end { error } else { nil }
        headWaiter?.resume(throwing: failure ?? TransportError(.malformedResponse, reason: "no response came from \(plan.host)"))
        if let reader {
            if let failure { reader.resume(throwing: failure) } else { reader.resume(returning: nil) }
        }
    }

    // MARK: The task's side

    /// Waits for the head; cancelling the task ends the transfer.
    func head() async throws -> HTTPResponse {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<HTTPResponse, any Error>) in
                let result: Result<HTTPResponse, any Error>? = state.withLock { state in
                    if let head = state.head { return .success(head) }
                    switch state.end {
                    case .failure(let error): return .failure(error)
                    case .success: return .failure(TransportError(.malformedResponse, reason: "no response came from \(plan.host)"))
                    case nil:
                        state.headWaiter = continuation
                        return nil
                    }
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// The next piece of the body; cancelling the task ends the transfer.
    func next() async throws -> ArraySlice<UInt8>? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<ArraySlice<UInt8>?, any Error>) in
                var resumes = false
                let result: Result<ArraySlice<UInt8>?, any Error>? = state.withLock { state in
                    defer {
                        if state.isPaused, state.buffered <= Self.bufferLimit / 2 {
                            state.isPaused = false
                            resumes = true
                        }
                    }
                    if state.firstPiece < state.pieces.count {
                        let piece = state.pieces[state.firstPiece]
                        state.pieces[state.firstPiece] = []
                        state.firstPiece += 1
                        state.buffered -= piece.count
                        if state.firstPiece == state.pieces.count || state.firstPiece >= 64 {
                            state.pieces.removeFirst(state.firstPiece)
                            state.firstPiece = 0
                        }
                        return .success(piece[...])
                    }
                    if let end = state.end { return end.map { nil } }
                    guard state.reader == nil else {
                        return .failure(TransportError(.closed, reason: "the body is already being read by another task"))
                    }
                    state.reader = continuation
                    return nil
                }
                if resumes { loop.enqueue(.resumeReading(id)) }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Nobody reads the body any more.
    ///
    /// The end of an answer often comes right after its last useful byte, and only a transfer that ends in order leaves its
    /// connection to the next one. So it gets a moment, and little room; then it ends like a cancelled one.
    func abandon() {
        let mayLinger = state.withLock { state in
            (state.pieces, state.firstPiece, state.buffered) = ([], 0, 0)
            guard state.end == nil, state.head != nil, !state.isPaused else { return false }
            state.lingering = Self.lingerLimit
            return true
        }
        guard mayLinger else { return cancel() }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.lingerTime) { [weak self] in self?.cancel() }
    }

    /// Ends the transfer now; what was buffered is dropped.
    func cancel() {
        let isLate = state.withLock { state in
            (state.pieces, state.firstPiece, state.buffered) = ([], 0, 0)
            if case .success = state.end { state.end = .failure(CancellationError()) }
            return state.end != nil
        }
        guard !isLate else { return }
        finish(throwing: CancellationError())
        loop.enqueue(.remove(id))
    }
}
