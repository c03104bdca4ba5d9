// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging
public import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// MegaBot's own channel: JSON frames in Fernet tokens over a WebSocket. `Documentation/NativeWebSocket.md` is the protocol.
///
/// The adapter opens no socket. Mount ``endpoint`` in a server; connections are served while ``run(delivering:)`` runs. There is no
/// default password and no way to talk in plaintext.
public final class WebSocketAdapter: MessagingAdapter {
    /// See `MessagingAdapter.channel`.
    public let channel: ChannelID
    /// See `MessagingAdapter.capabilities`.
    public let capabilities: AdapterCapabilities

    let options: WebSocketAdapterOptions
    let salt: [UInt8]
    let dependencies: Dependencies
    let logger: Logger
    let attachments: (any BlobStore)?
    let state = Mutex(State())
    private let path: String
    private let allowedOrigins: Set<String>
    private let allowedHosts: Set<String>
    private let keys: KeySource

    struct State {
        var inbox: Inbox?
        var peers: [UInt64: NativePeer] = [:]
        var nextPeer: UInt64 = 0
        var replays: ReplayGuard?
        var lastExchange: Date?
    }

    /// A channel whose key is derived from a password, once and on a thread of its own: clients are asked to try again until then.
    ///
    /// - Parameters:
    ///   - password: Shared with the clients; at least 12 characters, and none of the well-known defaults.
    ///   - salt: At least 16 random bytes, made once per installation and kept; not secret.
    ///   - account: Tells several such channels of one orchestrator apart.
    ///   - path: Where the endpoint is.
    ///   - allowedOrigins: Pages that may connect from a browser.
    ///   - allowedHosts: Hosts clients may address; without a port they stand for the server's own.
    ///   - olderKeys: Keys that are still accepted from clients while a password is being changed.
    ///   - attachments: Keeps what clients upload and holds what is sent to them; without it attachments are refused.
    /// - Throws: ``WebSocketAdapterError`` for a weak password, salt or iteration count.
    public convenience init(
        password: Secret, salt: [UInt8], account: String = "default", path: String = "/", allowedOrigins: Set<String> = [],
        allowedHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"], olderKeys: [FernetKey] = [],
        options: WebSocketAdapterOptions = WebSocketAdapterOptions(), attachments: (any BlobStore)? = nil,
        dependencies: Dependencies = .live, logger: Logger
    ) throws {
        try Self.check(password)
        try Self.check(salt: salt, options: options)
        self.init(
            keys: KeySource(password: password, salt: salt, iterations: options.iterations, older: olderKeys), salt: salt,
            account: account, path: path, allowedOrigins: allowedOrigins, allowedHosts: allowedHosts, options: options,
            attachments: attachments, dependencies: dependencies, logger: logger)
    }

    /// A channel whose key is at hand, so that it serves at once.
    ///
    /// - Parameters:
    ///   - key: What ``FernetKey/derive(password:salt:iterations:)`` made of the clients' password, this salt and
    ///     ``WebSocketAdapterOptions/iterations``; clients are told both and derive it themselves.
    /// - Throws: ``WebSocketAdapterError`` for a weak salt or iteration count. The password's strength is the caller's matter.
    public convenience init(
        key: FernetKey, salt: [UInt8], account: String = "default", path: String = "/", allowedOrigins: Set<String> = [],
        allowedHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"], olderKeys: [FernetKey] = [],
        options: WebSocketAdapterOptions = WebSocketAdapterOptions(), attachments: (any BlobStore)? = nil,
        dependencies: Dependencies = .live, logger: Logger
    ) throws {
        try Self.check(salt: salt, options: options)
        self.init(
            keys: KeySource(key: key, older: olderKeys), salt: salt, account: account, path: path, allowedOrigins: allowedOrigins,
            allowedHosts: allowedHosts, options: options, attachments: attachments, dependencies: dependencies, logger: logger)
    }

    private init(
        keys: KeySource, salt: [UInt8], account: String, path: String, allowedOrigins: Set<String>, allowedHosts: Set<String>,
        options: WebSocketAdapterOptions, attachments: (any BlobStore)?, dependencies: Dependencies, logger: Logger
    ) {
        self.keys = keys
        self.salt = salt
        channel = ChannelID(platform: .webSocket, account: account)
        self.path = path
        self.allowedOrigins = allowedOrigins
        self.allowedHosts = allowedHosts
        self.options = options
        self.attachments = attachments
        self.dependencies = dependencies
        self.logger = logger
        let largest = attachments.map { min($0.limit, NativeFrame.Outbound.attachmentRoom(frameLimit: options.frameLimit)) } ?? 0
        capabilities = AdapterCapabilities(
            textLimit: 256 << 10, lengthUnit: .utf8Bytes, delivery: .atLeastOnce, showsLiveUpdates: true,
            media: largest > 0 ? Dictionary(uniqueKeysWithValues: Media.Kind.allCases.map { ($0, largest) }) : [:])
    }

    private static func check(_ password: Secret) throws {
        let text = password.reveal()
        guard text.count >= 12 else {
            throw WebSocketAdapterError(.weakPassword, reason: "the WebSocket password needs at least 12 characters; choose a longer one")
        }
        let wellKnown = ["megabot-secure-key", "megabot-static-salt", "megabot_encryption_salt", "change-me-please", "changemeplease"]
        guard !wellKnown.contains(text.lowercased()), Set(text).count >= 4 else {
            throw WebSocketAdapterError(
                .weakPassword, reason: "the WebSocket password is a well-known default or one character repeated; choose another")
        }
    }

    private static func check(salt: [UInt8], options: WebSocketAdapterOptions) throws {
        guard salt.count >= 16, Set(salt).count >= 4, salt != Array("megabot-static-salt".utf8) else {
            throw WebSocketAdapterError(
                .weakSalt, reason: "the WebSocket salt must be at least 16 random bytes, made for this installation")
        }
        guard options.iterations >= 100_000 else {
            throw WebSocketAdapterError(
                .tooFewIterations, reason: "the key needs at least 100000 PBKDF2 iterations; 600000 are recommended")
        }
    }

    /// Where clients connect: mount it in a server.
    public var endpoint: WebSocketEndpoint {
        WebSocketEndpoint(
            path: path, allowedOrigins: allowedOrigins, allowedHosts: allowedHosts, messageLimit: options.frameLimit,
            connectionLimit: options.connectionLimit, keepAlive: options.keepAlive, handle: { try await self.serve($0) })
    }

    /// See `MessagingAdapter.run(delivering:)`.
    public func run(delivering inbox: Inbox) async throws {
        _ = try await keys.codec()
        let started = Int64(dependencies.now().timeIntervalSince1970.rounded(.down))
        state.withLock { state in
            state.inbox = inbox
            // Kept over a restart of the adapter within one process: a token seen before stays seen.
            if state.replays == nil {
                state.replays = ReplayGuard(
                    startedAt: started, timeToLive: Int64(options.timeToLive), capacity: options.replayCapacity)
            }
        }
        // Cancelled: what is connected is told below.
        do { try await untilCancelled() } catch {}
        let peers = state.withLock { state in
            state.inbox = nil
            return Array(state.peers.values)
        }
        for peer in peers { peer.requestClose(.goingAway, reason: "the channel stops") }
        throw CancellationError()
    }

    /// See `MessagingAdapter.send(_:)`.
    public func send(_ message: OutboundMessage) async throws -> DeliveryReceipt {
        let chat = message.conversation.chat
        let peers = watchers(of: chat)
        guard !peers.isEmpty else { throw DeliveryError(.recipientAway, reason: "no client watches this chat") }
        let content = try await content(of: message)
        let (outcomes, outcome) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(peers.count))
        for peer in peers { peer.send(content, id: message.id) { outcome.yield($0) } }
        var open = peers.count
        for await isWritten in outcomes {
            if isWritten { return DeliveryReceipt(platformMessageID: message.id, deliveredAt: dependencies.now()) }
            open -= 1
            if open == 0 { break }
        }
        try Task.checkCancellation()
        throw DeliveryError(.recipientAway, reason: "every client of this chat left before the message was written")
    }

    /// See `MessagingAdapter.show(_:in:)`.
    public func show(_ update: LiveUpdate, in conversation: ConversationID) async {
        let peers = watchers(of: conversation.chat)
        guard !peers.isEmpty else { return }
        let content = NativeFrame.Outbound.stream(update, chat: conversation.chat).encoded()
        for peer in peers { peer.show(content) }
    }

    /// How many clients are connected and when the last exchange was.
    public func health() async -> ComponentHealth {
        let (isRunning, count, last) = state.withLock { ($0.inbox != nil, $0.peers.count, $0.lastExchange) }
        guard isRunning else { return .down("not running") }
        let age = last.map { "last exchange \(Int(max(0, dependencies.now().timeIntervalSince($0)))) s ago" } ?? "no exchange yet"
        return ComponentHealth(.healthy, detail: "\(count) connected, \(age)")
    }

    private func watchers(of chat: String) -> [NativePeer] {
        state.withLock { $0.peers.values.filter { $0.watches(chat) } }.sorted { $0.id < $1.id }
    }

    /// The codec; the first caller has the key derived, on a thread of its own.
    func codec() async throws -> FernetCodec { try await keys.codec() }
}
