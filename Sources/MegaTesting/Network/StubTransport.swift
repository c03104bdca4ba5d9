// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
public import MegaCore
import Synchronization

/// An `HTTPTransport` that answers from a script and records what it was asked.
///
/// ```swift
/// let transport = StubTransport(.status(503), .json(#"{"ok":true}"#))
/// let model = SomeModel(transport: transport)
/// …
/// #expect(transport.requests.count == 2)
/// ```
public final class StubTransport: HTTPTransport {
    /// One request as it was made.
    public struct Exchange: Sendable {
        /// Head of the request.
        public let request: HTTPRequest
        /// The whole body; empty when there was none.
        public let body: [UInt8]
        /// The options it came with.
        public let options: HTTPRequestOptions
        /// How many requests came before it.
        public let index: Int
        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    private struct State {
        var queue: [Answer]
        var requests: [Exchange] = []
    }

    private let state: Mutex<State>
    private let respond: (@Sendable (Exchange) async throws -> Answer)?
    private let bodyLimit: Int

    /// Gives the answers in order; a request after the last one fails with `connectionRefused`.
    public init(_ answers: Answer...) {
        state = Mutex(State(queue: answers))
        respond = nil
        bodyLimit = 64 << 20
    }

    /// Gives the answers in order; a request after the last one fails with `connectionRefused`.
    public init(_ answers: [Answer]) {
        state = Mutex(State(queue: answers))
        respond = nil
        bodyLimit = 64 << 20
    }

    /// Asks `respond` for each request.
    public init(answering respond: @escaping @Sendable (Exchange) async throws -> Answer) {
        state = Mutex(State(queue: []))
        self.respond = respond
        bodyLimit = 64 << 20
    }

    /// Adds an answer to the end of the script.
    public func enqueue(_ answer: Answer) { state.withLock { $0.queue.append(answer) } }

    /// What was asked so far, in order.
    public var requests: [Exchange] { state.withLock { $0.requests } }

    /// Answers of the script not given yet.
    public var remaining: Int { state.withLock { $0.queue.count } }

    /// See `HTTPTransport.send(_:body:options:)`.
    public func send(_ request: HTTPRequest, body: HTTPBody?, options: HTTPRequestOptions) async throws -> HTTPResult {
        try Task.checkCancellation()
        let bytes = try await body?.collect(upTo: bodyLimit) ?? []
        let (exchange, queued) = state.withLock { state in
            let exchange = Exchange(request: request, body: bytes, options: options, index: state.requests.count)
            state.requests.append(exchange)
            return (exchange, respond == nil && !state.queue.isEmpty ? state.queue.removeFirst() : nil)
        }
        let answer: Answer
        if let respond {
            answer = try await respond(exchange)
        } else if let queued {
            answer = queued
        } else {
            throw TransportError(.connectionRefused, reason: "the script has no answer for request \(exchange.index + 1)")
        }
        try await answer.wait?()
        try Task.checkCancellation()
        if let error = answer.error { throw error }
        var response = HTTPResponse(status: answer.status, headerFields: answer.headers)
        guard answer.isPlain, answer.body.count <= options.responseLimit else {
            let limit = options.responseLimit
            return HTTPResult(response: response, body: HTTPBody(streaming: answer.pieces(limit: limit)))
        }
        response.headerFields[.contentLength] = "\(answer.body.count)"
        return HTTPResult(response: response, body: HTTPBody(answer.body))
    }
}
