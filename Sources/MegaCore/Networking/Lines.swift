// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The lines of a body, such as JSON lines. A last line without an end counts; empty lines are given too.
public struct Lines: AsyncSequence, Sendable {
    /// What iterating yields.
    public typealias Element = ArraySlice<UInt8>
    /// What iterating throws.
    public typealias Failure = any Error

    private let body: HTTPBody
    private let limit: Int

    /// Reads `body` by lines (LF or CR LF).
    ///
    /// - Parameters:
    ///   - body: Read once.
    ///   - limit: The most bytes of one line; more throws ``StreamDecodingError``.
    public init(body: HTTPBody, limit: Int = 16 << 20) {
        self.body = body
        self.limit = limit
    }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator { Iterator(base: body.makeAsyncIterator(), decoder: LineDecoder(limit: limit)) }

    /// Reads on, one element after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var base: HTTPBody.Iterator?
        private var decoder: LineDecoder

        init(base: HTTPBody.Iterator, decoder: LineDecoder) {
            self.base = base
            self.decoder = decoder
        }

        /// The next element, or nil at the end.
        public mutating func next() async throws -> ArraySlice<UInt8>? { try await next(isolation: #isolation) }

        /// The next element, or nil at the end, on the caller's isolation.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> ArraySlice<UInt8>? {
            while true {
                if let line = try decoder.next() { return line }
                guard let piece = try await base?.next(isolation: actor) else {
                    base = nil
                    return decoder.finish()
                }
                decoder.append(piece)
            }
        }
    }
}
