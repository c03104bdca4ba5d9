// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One step of an answer being written.
public enum GenerationEvent: Sendable, Hashable {
    case textDelta(String)
    /// Thinking the provider shows; never part of the answer.
    case reasoningDelta(String)
    /// A tool call begins. Indices tell parallel calls apart.
    case toolCallStarted(index: Int, id: String?, name: String)
    /// The next fragment of that call's JSON arguments.
    case toolCallArgumentsDelta(index: Int, String)
    case usage(TokenUsage)
    case finished(FinishReason)
}

/// Why a model stopped.
public enum FinishReason: String, Sendable, Hashable, Codable {
    case stop, length, toolCalls, contentFilter, unknown
}

/// Tokens of one answer as the provider counts them.
public struct TokenUsage: Sendable, Hashable, Codable {
    /// Tokens read.
    public var inputTokens: Int
    /// Tokens written.
    public var outputTokens: Int
    /// The part of `inputTokens` that came from the provider's cache.
    public var cachedInputTokens: Int

    /// Makes a count.
    public init(inputTokens: Int = 0, outputTokens: Int = 0, cachedInputTokens: Int = 0) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedInputTokens = cachedInputTokens
    }

    /// Both counts together.
    public static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(
            inputTokens: left.inputTokens + right.inputTokens, outputTokens: left.outputTokens + right.outputTokens,
            cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens)
    }
}

/// An answer being written. Pulls from the provider as it is read, so nothing piles up; iterate it once.
public struct GenerationStream: AsyncSequence, Sendable {
    /// What iterating yields.
    public typealias Element = GenerationEvent
    /// What iterating throws.
    public typealias Failure = any Error

    private let makeBase: @Sendable () -> AnyIterator

    /// Wraps a provider's own sequence.
    public init<Base: AsyncSequence & Sendable>(_ base: Base) where Base.Element == GenerationEvent {
        makeBase = { AnyIterator(base.makeAsyncIterator()) }
    }

    /// A stream of events already known, for doubles and for answers that need no network.
    public init(_ events: [GenerationEvent]) {
        makeBase = { AnyIterator(Replay(events: events)) }
    }

    /// A stream that fails at its first step: for a model that knows already that there will be no answer.
    ///
    /// ```swift
    /// func generate(_ request: ModelRequest) -> GenerationStream {
    ///     guard isLoaded else { return .failing(ModelError(.unavailable, retry: .elsewhere, model: id, reason: "the model is not loaded")) }
    ///     …
    /// }
    /// ```
    ///
    /// - Parameter error: A ``ModelError``, so that a ``ModelFallbackChain`` knows what to do.
    public static func failing(_ error: any Error) -> GenerationStream { GenerationStream(Failing(error: error)) }

    private struct Failing: AsyncSequence, AsyncIteratorProtocol, Sendable {
        typealias Element = GenerationEvent
        let error: any Error
        func makeAsyncIterator() -> Failing { self }
        mutating func next() async throws -> GenerationEvent? { throw error }
    }

    /// Begins to read.
    public func makeAsyncIterator() -> AnyIterator { makeBase() }

    /// Reads on, one element after the other.
    public struct AnyIterator: AsyncIteratorProtocol {
        private var base: any AsyncIteratorProtocol<GenerationEvent, any Error>

        init<Base: AsyncIteratorProtocol>(_ base: Base) where Base.Element == GenerationEvent {
            self.base = Rethrowing(base: base)
        }

        /// The next element, or nil at the end.
        public mutating func next() async throws -> GenerationEvent? {
            try await base.next(isolation: #isolation)
        }

        /// The next element, or nil at the end, on the caller's isolation.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> GenerationEvent? {
            try await base.next(isolation: actor)
        }
    }

    /// Gives every iterator the one failure type the existential needs.
    private struct Rethrowing<Base: AsyncIteratorProtocol>: AsyncIteratorProtocol where Base.Element == GenerationEvent {
        var base: Base
        mutating func next() async throws -> GenerationEvent? { try await base.next(isolation: #isolation) }
        mutating func next(isolation actor: isolated (any Actor)?) async throws -> GenerationEvent? {
            try await base.next(isolation: actor)
        }
    }

    private struct Replay: AsyncIteratorProtocol {
        var events: [GenerationEvent]
        var position = 0
        mutating func next() async throws -> GenerationEvent? {
            guard position < events.count else { return nil }
            try Task.checkCancellation()
            defer { position += 1 }
            return events[position]
        }
    }
}
