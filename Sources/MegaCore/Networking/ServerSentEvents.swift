// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The server-sent events of a body. Reads on only when asked, so a slow reader slows the server.
public struct ServerSentEvents: AsyncSequence, Sendable {
    /// What iterating yields.
    public typealias Element = ServerSentEvent
    /// What iterating throws.
    public typealias Failure = any Error

    private let body: HTTPBody
    private let limits: ServerSentEventDecoder.Limits

    /// Reads `body` as events.
    ///
    /// - Parameters:
    ///   - body: Read once.
    ///   - limits: Passing one throws ``StreamDecodingError``.
    public init(body: HTTPBody, limits: ServerSentEventDecoder.Limits = .init()) {
        self.body = body
        self.limits = limits
    }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator {
        Iterator(base: body.makeAsyncIterator(), decoder: ServerSentEventDecoder(limits: limits))
    }

    /// Reads on, one element after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var base: HTTPBody.Iterator?
        private var decoder: ServerSentEventDecoder

        init(base: HTTPBody.Iterator, decoder: ServerSentEventDecoder) {
            self.base = base
            self.decoder = decoder
        }

        /// The next element, or nil at the end.
        public mutating func next() async throws -> ServerSentEvent? { try await next(isolation: #isolation) }

        /// The next element, or nil at the end, on the caller's isolation.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> ServerSentEvent? {
            while true {
                if let event = try decoder.next() { return event }
                guard let piece = try await base?.next(isolation: actor) else {
                    base = nil
                    return nil
                }
                decoder.append(piece)
            }
        }
    }
}
