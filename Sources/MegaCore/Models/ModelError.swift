// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why a model did not answer.
public struct ModelError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// No connection, or it broke.
        public static let unreachable = Code(rawValue: "unreachable")
        /// No answer in time.
        public static let timeout = Code(rawValue: "timeout")
        /// Key missing, wrong or without the right.
        public static let authentication = Code(rawValue: "authentication")
        /// Too many requests.
        public static let rateLimited = Code(rawValue: "rateLimited")
        /// The provider is out of order or overloaded.
        public static let unavailable = Code(rawValue: "unavailable")
        /// The provider does not accept the request.
        public static let badRequest = Code(rawValue: "badRequest")
        /// The provider has no such model.
        public static let unknownModel = Code(rawValue: "unknownModel")
        /// The prompt is longer than the model's context.
        public static let contextOverflow = Code(rawValue: "contextOverflow")
        /// The answer was not what the protocol says.
        public static let malformedAnswer = Code(rawValue: "malformedAnswer")
        /// The stream ended before the answer did.
        public static let incomplete = Code(rawValue: "incomplete")
    }

    /// What trying again can bring.
    public enum Retry: Sendable, Hashable {
        /// The same request fails again.
        case never
        /// The same request may work later, not before the given time has passed when there is one.
        case later(after: Duration?)
        /// Another model may take it.
        case elsewhere
    }

    /// The kind of failure.
    public let code: Code
    /// What trying again can bring.
    public let retry: Retry
    /// The model that failed, as ``LanguageModel/id``.
    public let model: String
    /// In words, without keys and without prompt text.
    public let reason: String

    /// Makes an error.
    public init(_ code: Code, retry: Retry, model: String, reason: String) {
        self.code = code
        self.retry = retry
        self.model = model
        self.reason = reason
    }

    /// In words, for people and logs.
    public var description: String { "\(model): \(reason)" }
}
