// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes

/// Sends HTTP requests.
///
/// Implement this to use a client your application already has; check yours with `HTTPTransportConformance` of MegaTesting.
/// MegaNetworking's `CurlTransport` is the built-in one. A transport never retries by itself unless ``HTTPRequestOptions/retries``
/// says so, never follows a redirect to an address its egress policy refuses, and ends the transfer when the task is cancelled or
/// the body is dropped unread.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns when the head of the response is there; the body streams on.
    ///
    /// - Throws: ``TransportError``, or `CancellationError`.
    func send(_ request: HTTPRequest, body: HTTPBody?, options: HTTPRequestOptions) async throws -> HTTPResult
}

/// The head of a response and its body.
public struct HTTPResult: Sendable {
    /// Status and headers.
    public var response: HTTPResponse
    /// Single pass.
    public var body: HTTPBody

    /// Makes a result.
    public init(response: HTTPResponse, body: HTTPBody) {
        self.response = response
        self.body = body
    }
}

/// Limits and rules of one exchange.
public struct HTTPRequestOptions: Sendable, Hashable {
    /// What to do with 301, 302, 303, 307 and 308.
    public enum Redirects: Sendable, Hashable {
        case refuse
        /// Each hop passes the egress policy anew; credentials are dropped when the host changes.
        case follow(limit: Int)
    }

    /// Until the connection stands, TLS included.
    public var connectTimeout: Duration
    /// From the request's last byte to the response's first.
    public var firstByteTimeout: Duration
    /// The longest pause between two pieces of the response. Does not run while the reader holds the body back.
    public var idleTimeout: Duration
    /// From start to the last byte; nil for none.
    public var totalTimeout: Duration?
    /// The most bytes of body, after decompression; more is an error.
    public var responseLimit: Int
    /// See ``Redirects``.
    public var redirects: Redirects
    /// How often an idempotent request (or one refused with 429 or 503) is repeated; `Retry-After` is honoured.
    public var retries: Int

    /// Options; the defaults suit a short exchange and refuse redirects.
    public init(
        connectTimeout: Duration = .seconds(10), firstByteTimeout: Duration = .seconds(60), idleTimeout: Duration = .seconds(60),
        totalTimeout: Duration? = .seconds(300), responseLimit: Int = 16 << 20, redirects: Redirects = .refuse, retries: Int = 0
    ) {
        self.connectTimeout = connectTimeout
        self.firstByteTimeout = firstByteTimeout
        self.idleTimeout = idleTimeout
        self.totalTimeout = totalTimeout
        self.responseLimit = responseLimit
        self.redirects = redirects
        self.retries = retries
    }
}

/// Why there was no response, or not a whole one.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The request has no usable address.
        public static let badURL = Code(rawValue: "badURL")
        /// The host's name has no address.
        public static let nameNotResolved = Code(rawValue: "nameNotResolved")
        /// Nothing takes connections there.
        public static let connectionRefused = Code(rawValue: "connectionRefused")
        /// The connection broke.
        public static let connectionLost = Code(rawValue: "connectionLost")
        /// The other side could not prove who it is, or speaks no common TLS.
        public static let tls = Code(rawValue: "tls")
        /// No connection in time.
        public static let connectTimeout = Code(rawValue: "connectTimeout")
        /// Connected, but no answer in time.
        public static let firstByteTimeout = Code(rawValue: "firstByteTimeout")
        /// The answer stopped coming.
        public static let idleTimeout = Code(rawValue: "idleTimeout")
        /// The whole exchange took too long.
        public static let totalTimeout = Code(rawValue: "totalTimeout")
        /// The egress policy refuses the address.
        public static let egressRefused = Code(rawValue: "egressRefused")
        /// More hops than allowed.
        public static let tooManyRedirects = Code(rawValue: "tooManyRedirects")
        /// More body than ``HTTPRequestOptions/responseLimit``.
        public static let responseTooLarge = Code(rawValue: "responseTooLarge")
        /// What came is no HTTP, or less than was announced.
        public static let malformedResponse = Code(rawValue: "malformedResponse")
        /// The transport was shut down.
        public static let closed = Code(rawValue: "closed")
    }

    /// The kind of failure.
    public let code: Code
    /// In words; no credentials and no query string.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
