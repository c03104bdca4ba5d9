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
