// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One whole message, fragments put together.
public enum WebSocketMessage: Sendable, Hashable {
    case text(String)
    case binary([UInt8])
}

/// An open WebSocket, either side. Ping, pong, fragments, masking and the close handshake happen below it.
public struct WebSocketConnection: Sendable {
    /// The peer's address as the socket knows it, for example `127.0.0.1`; headers play no part.
    public let remoteAddress: String?
    private let receiveMessage: @Sendable () async throws -> WebSocketMessage?
    private let sendMessage: @Sendable (WebSocketMessage) async throws -> Void
    private let closeConnection: @Sendable (WebSocketCloseCode, String) async -> Void

    /// Makes a connection from its operations; for connectors, servers and doubles.
    public init(
        remoteAddress: String?, receive: @escaping @Sendable () async throws -> WebSocketMessage?,
        send: @escaping @Sendable (WebSocketMessage) async throws -> Void,
        close: @escaping @Sendable (WebSocketCloseCode, String) async -> Void
    ) {
        self.remoteAddress = remoteAddress
        receiveMessage = receive
        sendMessage = send
        closeConnection = close
    }

    /// The next message, or nil when the peer closed in order. One reader at a time.
    ///
    /// - Throws: ``WebSocketError`` when the connection broke or the peer broke the protocol.
    public func receive() async throws -> WebSocketMessage? { try await receiveMessage() }

    /// Sends a message; returns when the socket took it, so a slow peer slows the sender. Safe from several tasks.
    public func send(_ message: WebSocketMessage) async throws { try await sendMessage(message) }

    /// Sends text.
    public func send(_ text: String) async throws { try await sendMessage(.text(text)) }

    /// Begins the close handshake and waits for its end, a few seconds at most. More calls do nothing.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async { await closeConnection(code, reason) }
}

/// RFC 6455 section 7.4.
public struct WebSocketCloseCode: RawRepresentable, Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// The raw value.
    public let rawValue: UInt16
    /// Wraps a raw value.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// Wraps a literal.
    public init(integerLiteral value: UInt16) { rawValue = value }
    /// Done.
    public static let normal: WebSocketCloseCode = 1000
    /// The side goes away: a server stops, a page is left.
    public static let goingAway: WebSocketCloseCode = 1001
    /// The other side broke the protocol.
    public static let protocolError: WebSocketCloseCode = 1002
    /// A kind of message that is not taken.
    public static let unsupportedData: WebSocketCloseCode = 1003
    /// Text that is no UTF-8.
    public static let invalidPayload: WebSocketCloseCode = 1007
    /// Against the rules of the application.
    public static let policyViolation: WebSocketCloseCode = 1008
    /// More bytes than are taken.
    public static let messageTooBig: WebSocketCloseCode = 1009
    /// Something failed on this side.
    public static let internalError: WebSocketCloseCode = 1011
    /// Overloaded or not ready; connect again later.
    public static let tryAgainLater: WebSocketCloseCode = 1013
}

/// Why a WebSocket could not be opened, or broke.
public struct WebSocketError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The request has no usable address.
        public static let badURL = Code(rawValue: "badURL")
        /// No connection, or no WebSocket at the other end.
        public static let cannotConnect = Code(rawValue: "cannotConnect")
        /// The server answered the upgrade with something else.
        public static let upgradeRefused = Code(rawValue: "upgradeRefused")
        /// The egress policy does not allow the connection.
        public static let egressRefused = Code(rawValue: "egressRefused")
        /// No answer in time.
        public static let timeout = Code(rawValue: "timeout")
        /// The connection ended without a close handshake.
        public static let connectionLost = Code(rawValue: "connectionLost")
        /// The peer broke RFC 6455.
        public static let protocolViolation = Code(rawValue: "protocolViolation")
        /// The peer closed with a code other than 1000 and 1001; see ``WebSocketError/closeCode``.
        public static let closedByPeer = Code(rawValue: "closedByPeer")
        /// Sending on a closed connection.
        public static let closed = Code(rawValue: "closed")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, in words; holds no secrets.
    public let reason: String
    /// The code of the close, when there was one.
    public let closeCode: WebSocketCloseCode?
    /// In words, for people and logs.
    public var description: String { "\(reason)\(closeCode.map { " (close code \($0.rawValue))" } ?? "")" }

    /// Makes an error.
    public init(_ code: Code, reason: String, closeCode: WebSocketCloseCode? = nil) {
        self.code = code
        self.reason = reason
        self.closeCode = closeCode
    }
}
