// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The bytes of a request or response: all there, or streaming in.
///
/// A streaming body is read once, by one reader. Dropping it ends the transfer behind it.
public struct HTTPBody: AsyncSequence, Sendable {
    /// What iterating yields.
    public typealias Element = ArraySlice<UInt8>
    /// What iterating throws.
    public typealias Failure = any Error

    private enum Content: Sendable {
        case bytes([UInt8])
        case stream(length: Int?, makeIterator: @Sendable () -> Iterator)
    }

    private let content: Content

    /// A body all of whose bytes are known.
    public init(_ bytes: some Sequence<UInt8>) { content = .bytes(Array(bytes)) }

    /// UTF-8 text.
    public init(_ text: String) { content = .bytes(Array(text.utf8)) }

    /// A streaming body.
    ///
    /// - Parameters:
    ///   - length: Its length in bytes when known.
    ///   - base: Gives the pieces in order; iterated at most once.
    public init<Base: AsyncSequence & Sendable>(length: Int? = nil, streaming base: Base) where Base.Element == ArraySlice<UInt8> {
        content = .stream(length: length) { Iterator(base.makeAsyncIterator()) }
    }

    /// Length in bytes when known beforehand.
    public var length: Int? {
        switch content {
        case .bytes(let bytes): bytes.count
        case .stream(let length, _): length
        }
    }

    /// The bytes when they are all there already.
    public var knownBytes: [UInt8]? {
        guard case .bytes(let bytes) = content else { return nil }
        return bytes
    }

    /// Reads all of it.
    ///
    /// - Parameter limit: The most bytes to take.
    /// - Throws: ``TransportError`` with `responseTooLarge` past the limit, or what the stream throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        var result: [UInt8] = []
        for try await piece in self {
            guard result.count + piece.count <= limit else {
                throw TransportError(.responseTooLarge, reason: "the body has more than \(limit) bytes")
            }
            result.append(contentsOf: piece)
        }
        return result
    }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator {
        switch content {
        case .bytes(let bytes): Iterator(Known(bytes: bytes))
        case .stream(_, let make): make()
        }
    }

    /// Reads on, one element after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private var base: any AsyncIteratorProtocol<ArraySlice<UInt8>, any Error>

        init<Base: AsyncIteratorProtocol>(_ base: Base) where Base.Element == ArraySlice<UInt8> {
            self.base = Rethrowing(base: base)
        }

        /// The next element, or nil at the end.
        public mutating func next() async throws -> ArraySlice<UInt8>? { try await base.next(isolation: #isolation) }

        /// The next element, or nil at the end, on the caller's isolation.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> ArraySlice<UInt8>? {
            try await base.next(isolation: actor)
        }
    }

    /// Gives every iterator the one failure type the existential needs.
    private struct Rethrowing<Base: AsyncIteratorProtocol>: AsyncIteratorProtocol where Base.Element == ArraySlice<UInt8> {
        var base: Base
        mutating func next() async throws -> ArraySlice<UInt8>? { try await base.next(isolation: #isolation) }
        mutating func next(isolation actor: isolated (any Actor)?) async throws -> ArraySlice<UInt8>? {
            try await base.next(isolation: actor)
        }
    }

    private struct Known: AsyncIteratorProtocol {
        var bytes: [UInt8]?
        init(bytes: [UInt8]) { self.bytes = bytes.isEmpty ? nil : bytes }
        mutating func next() async throws -> ArraySlice<UInt8>? {
            defer { bytes = nil }
            return bytes?[...]
        }
    }
}
