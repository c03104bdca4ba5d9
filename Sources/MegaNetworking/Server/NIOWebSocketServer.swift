// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging
public import MegaCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
public import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One listener for WebSockets and small HTTP endpoints.
///
/// It listens on the loopback interface unless told otherwise, and off it only with TLS or by explicit consent. Requests with a
/// wrong Origin or Host are refused with 403, connections above an endpoint's limit with 503, unknown paths with 404. A graceful
/// shutdown stops accepting, closes WebSockets with 1001 and waits a bounded time.
public final class NIOWebSocketServer: Service {
    private let host: String
    private let port: Int
    private let tls: ServerTLS?
    private let allowsPlaintextOffLoopback: Bool
    private let allowedAddresses: IPAllowList?
    private let limits: ServerLimits
    private let routes: ServerRoutes
    private let requestLimit: RequestGate?
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void
    private let connections = Mutex<[ObjectIdentifier: ServerConnection]>([:])

    /// - Parameters:
    ///   - host: The address to listen on, or a name for one.
    ///   - port: 0 lets the system choose; `onReady` tells which it was.
    ///   - webSockets: WebSocket paths; the first of two with the same path counts.
    ///   - http: Plain HTTP paths.
    ///   - allowedHosts: Hosts the HTTP endpoints answer to, see ``HostAuthority/isNamed(in:ownPort:)``. WebSocket endpoints have their own list.
    ///   - allowedAddresses: Peers that may connect, by the address of the socket; others are cut off before a byte is read. Nil means all.
    ///   - requestLimits: Requests, openings of WebSockets among them, by where the client is and by path; those above get 429. Nil means any number.
    ///   - clock: What the limits go by.
    ///   - tls: Certificate and key, for `wss://` and `https://`.
    ///   - allowsPlaintextOffLoopback: Permits listening without TLS where others can reach it, for example behind a proxy.
    ///   - connectionLimit: The most connections of any kind at once.
    ///   - requestTimeout: The most time a whole request may take to arrive, against clients that send byte by byte.
    ///   - bodyLimit: The most bytes of a request's body.
    ///   - shutdownTimeout: How long connections get to end in order.
    ///   - onReady: Called with the port once connections are accepted.
    public init(
        host: String = "127.0.0.1", port: Int, webSockets: [WebSocketEndpoint] = [], http: [HTTPEndpoint] = [],
        allowedHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"], allowedAddresses: IPAllowList? = nil,
        requestLimits: RequestLimits.Table? = nil, clock: some Clock<Duration> = ContinuousClock(), tls: ServerTLS? = nil,
        allowsPlaintextOffLoopback: Bool = false, connectionLimit: Int = 1024, requestTimeout: Duration = .seconds(10),
        bodyLimit: Int = 1 << 20, shutdownTimeout: Duration = .seconds(10), logger: Logger,
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.allowsPlaintextOffLoopback = allowsPlaintextOffLoopback
        self.allowedAddresses = allowedAddresses
        self.logger = logger
        self.onReady = onReady
        limits = ServerLimits(
            bodyLimit: bodyLimit, requestTimeout: TimeAmount(requestTimeout), connectionLimit: connectionLimit,
            shutdownTimeout: shutdownTimeout)
        requestLimit = requestLimits.map { RequestGate($0, clock: clock) }
        routes = ServerRoutes(webSockets: webSockets, http: http, allowedHosts: allowedHosts)
    }

    /// Listens and serves until cancelled or shut down gracefully.
    ///
    /// - Throws: ``WebSocketServerError`` when it cannot listen.
    public func run() async throws {
        let (accepted, continuation) = AsyncStream<ServerConnection>.makeStream(
            bufferingPolicy: .bufferingOldest(limits.connectionLimit))
        let listener = try await listen(continuation)
        let port = listener.localAddress?.port ?? port
        logger.info("listening", metadata: ["host": "\(host)", "port": "\(port)", "tls": "\(tls != nil)"])
        await onReady(port)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.serve(accepted) }
            group.addTask {
                do {
                    try await gracefulShutdown()
                    listener.close(promise: nil)
                    continuation.finish()
                    for connection in self.open { connection.shutDown() }
                    try await Task.sleep(for: self.limits.shutdownTimeout)
                    self.logger.info("connections did not end in time and are cut", metadata: ["count": "\(self.open.count)"])
                } catch {
                    // Cancelled, either from outside or because every connection has ended.
                }
            }
            await group.next()
            group.cancelAll()
        }
        listener.close(promise: nil)
        continuation.finish()
        logger.info("stopped listening", metadata: ["port": "\(port)"])
        try Task.checkCancellation()
    }

    private var open: [ServerConnection] { connections.withLock { Array($0.values) } }

    private func serve(_ accepted: AsyncStream<ServerConnection>) async {
        await withDiscardingTaskGroup { group in
            for await connection in accepted {
                group.addTask(executorPreference: EventLoopTaskExecutor(connection.channel.eventLoop)) {
                    await connection.serve(logger: self.logger)
                    _ = self.connections.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
                }
            }
        }
    }

    private func listen(_ accepted: AsyncStream<ServerConnection>.Continuation) async throws -> any Channel {
        let context = try await tlsContext()
        let host = host
        let port = port
        let address: SocketAddress
        do {
            address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(host, port: port)
            }
        } catch {
            throw WebSocketServerError(.cannotBind, reason: "\(host) is no address of this machine; set the listening host")
        }
        guard address.isLoopback || tls != nil || allowsPlaintextOffLoopback else {
            throw WebSocketServerError(
                .plaintextRefused,
                reason: "\(host) can be reached by others; give a certificate, listen on 127.0.0.1, or allow plaintext explicitly")
        }
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.accept(channel, tls: context, accepted) }
            }
        do {
            return try await bootstrap.bind(to: address).get()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw WebSocketServerError(
                .portInUse, reason: "port \(port) is already in use; stop the program that listens there or choose another port")
        } catch let error as IOError where error.errnoCode == EACCES {
            throw WebSocketServerError(.cannotBind, reason: "port \(port) needs more rights; choose a port above 1023")
        } catch {
            throw WebSocketServerError(.cannotBind, reason: "cannot listen on \(host):\(port): \(error)")
        }
    }

    private func accept(
        _ channel: any Channel, tls: NIOSSLContext?, _ accepted: AsyncStream<ServerConnection>.Continuation
    ) throws {
        if let allowedAddresses, !(channel.remoteAddress?.ipAddress.map { allowedAddresses.contains($0) } ?? false) {
            logger.debug("a connection from an address that is not allowed was cut off", metadata: ["remote": "\(channel.remoteAddress?.ipAddress ?? "?")"])
            channel.close(promise: nil)
            return
        }
        let connection = try ServerConnection(channel: channel, routes: routes, limits: limits, requestLimit: requestLimit, tls: tls)
        let hasRoom = connections.withLock { connections in
            guard connections.count < limits.connectionLimit else { return false }
            connections[ObjectIdentifier(connection)] = connection
            return true
        }
        guard hasRoom, case .enqueued = accepted.yield(connection) else {
            _ = connections.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
            connection.refuseAsFull()
            return
        }
    }

    private func tlsContext() async throws -> NIOSSLContext? {
        guard let tls else { return nil }
        do {
            return try await NIOThreadPool.singleton.runIfActive {
                let chain = try NIOSSLCertificate.fromPEMFile(tls.certificateChainFile).map { NIOSSLCertificateSource.certificate($0) }
                let key = try NIOSSLPrivateKey(file: tls.privateKeyFile, format: .pem)
                return try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
            }
        } catch {
            throw WebSocketServerError(
                .badCertificate,
                reason: "the certificate \(tls.certificateChainFile) or its key cannot be used; both must be readable PEM files")
        }
    }
}

extension SocketAddress {
    /// Whether only this machine can reach it.
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") ?? false
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }
}
