// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes

/// Opens WebSockets.
///
/// Implement this to use a client your application already has. MegaNetworking's `NIOWebSocketConnector` is the built-in one.
public protocol WebSocketConnector: Sendable {
    /// Opens a connection, runs `body` with it and closes it, whatever happens.
    ///
    /// - Throws: ``WebSocketError`` when it cannot be opened, else what `body` throws.
    func withConnection<Result: Sendable>(
        to request: WebSocketRequest, _ body: @escaping @Sendable (WebSocketConnection) async throws -> Result
    ) async throws -> Result
}

/// Where to connect, and the limits.
public struct WebSocketRequest: Sendable, Hashable {
    /// `ws://` or `wss://`.
    public var url: String
    /// Sent along with the request to upgrade.
    public var headers: HTTPFields
    /// Until the WebSocket stands, TLS and upgrade included.
    public var connectTimeout: Duration
    /// The most bytes of one message received, fragments together.
    public var messageLimit: Int
    /// A ping goes out after this long without traffic; without an answer in the same time again the connection counts as lost.
    public var keepAlive: Duration

    /// Makes a request.
    public init(
        url: String, headers: HTTPFields = [:], connectTimeout: Duration = .seconds(10), messageLimit: Int = 16 << 20,
        keepAlive: Duration = .seconds(20)
    ) {
        self.url = url
        self.headers = headers
        self.connectTimeout = connectTimeout
        self.messageLimit = messageLimit
        self.keepAlive = keepAlive
    }
}

/// A WebSocket path a server offers: a value to mount in any server.
public struct WebSocketEndpoint: Sendable {
    /// Exact path, such as `/` or `/ws`.
    public var path: String
    /// Origins a browser may come from, exact (`https://chat.example`). A request with another Origin gets 403; one without is no
    /// browser and passes.
    public var allowedOrigins: Set<String>
    /// Hosts this server answers to, see ``HostAuthority/isNamed(in:ownPort:)``. Another Host gets 403, against DNS rebinding.
    public var allowedHosts: Set<String>
    /// The most bytes of one message received.
    public var messageLimit: Int
    /// The most connections at once; more get 503.
    public var connectionLimit: Int
    /// After this much silence a ping is sent; without an answer in the same time again the connection is lost.
    public var keepAlive: Duration
    /// Serves one connection; when it returns or throws the connection is closed. A server may run it on the connection's event loop,
    /// so it must not block: work that does belongs on a queue of its own.
    public var handle: @Sendable (WebSocketConnection) async throws -> Void

    /// Makes an endpoint.
    public init(
        path: String, allowedOrigins: Set<String> = [], allowedHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"],
        messageLimit: Int = 1 << 20, connectionLimit: Int = 256, keepAlive: Duration = .seconds(20),
        handle: @escaping @Sendable (WebSocketConnection) async throws -> Void
    ) {
        self.path = path
        self.allowedOrigins = allowedOrigins
        self.allowedHosts = allowedHosts
        self.messageLimit = messageLimit
        self.connectionLimit = connectionLimit
        self.keepAlive = keepAlive
        self.handle = handle
    }
}

/// A plain HTTP path a server offers: a value to mount in any server.
public struct HTTPEndpoint: Sendable {
    /// The method it answers.
    public var method: HTTPRequest.Method
    /// Exact path.
    public var path: String
    /// Answers one request; given its head and whole body.
    public var handle: @Sendable (HTTPRequest, [UInt8]) async throws -> HTTPResult

    /// Makes an endpoint.
    public init(
        method: HTTPRequest.Method, path: String, handle: @escaping @Sendable (HTTPRequest, [UInt8]) async throws -> HTTPResult
    ) {
        self.method = method
        self.path = path
        self.handle = handle
    }
}
