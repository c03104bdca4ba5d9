// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Limits of the native WebSocket channel.
public struct WebSocketAdapterOptions: Sendable {
    /// Rounds of PBKDF2 for the key. At least 100,000; OWASP asks for 600,000.
    public var iterations = 600_000
    /// How many seconds old a token may be.
    public var timeToLive = 60
    /// By how many seconds a client's clock may be ahead.
    public var clockSkew = 60
    /// How long a client may take to show that it knows the password.
    public var authenticationTimeout: Duration = .seconds(5)
    /// How long a client that promised to confirm messages may take for one; then its connection is closed.
    public var confirmationTimeout: Duration = .seconds(30)
    /// Frames per second one connection may send on average.
    public var rate = 20.0
    /// Frames that may come at once.
    public var burst = 60.0
    /// After that many refused frames in a row the connection is closed with 1008.
    public var patience = 200
    /// The most bytes of one frame, encrypted. A third of it is lost to base64.
    public var frameLimit = 1 << 20
    /// The most bytes of one attachment. One has to fit into its frame as well, so above about half of ``frameLimit`` only that counts:
    /// with its default of 1 MiB, attachments up to about 570 KiB come through.
    public var attachmentLimit = 8 << 20
    /// The deepest nesting of a frame's JSON.
    public var depthLimit = 16
    /// Connections at once.
    public var connectionLimit = 256
    /// How many chats one connection may watch.
    public var chatLimit = 256
    /// How many tokens are remembered against replay; above it new ones are refused until old ones expire. 16 bytes each and some.
    public var replayCapacity = 1 << 20
    /// A ping goes out after this long without traffic.
    public var keepAlive: Duration = .seconds(20)

    /// Every option at its default.
    public init() {}
}
