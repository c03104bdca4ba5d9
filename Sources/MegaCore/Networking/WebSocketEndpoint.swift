// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

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
