// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Opens WebSockets over TCP or TLS.
///
/// Every address a name resolves to is judged right before it is connected to, so a name that changes its answer gains nothing.
/// TLS trusts the system's certificate authorities and, where given, one more file.
public final class NIOWebSocketConnector: WebSocketConnector {
    /// Decides about one connection: host as in the address, the resolved IP address in text, port.
    public typealias EgressCheck = @Sendable (_ host: String, _ address: String, _ port: Int) -> Bool

    private let verdict: @Sendable (_ host: String, _ address: String, _ port: Int) -> EgressPolicy.Verdict
    private let additionalCAFile: String?
    private let tls = Mutex<NIOSSLContext?>(nil)

    /// Connects where a policy allows it.
    ///
    /// - Parameters:
    ///   - egress: Asked about every address a name leads to.
    ///   - additionalCAFile: A PEM file of certificate authorities trusted besides the system's.
    public init(egress: EgressPolicy, additionalCAFile: String? = nil) {
        self.additionalCAFile = additionalCAFile
        verdict = { host, address, port in
            guard let address = IPAddress(address) else { return .refuse(reason: "\(host) leads to no IP address") }
            return egress.verdict(host: host, address: address, port: port)
        }
    }

    /// Connects where a rule of the host's own allows it.
    ///
    /// - Parameters:
    ///   - additionalCAFile: A PEM file of certificate authorities trusted besides the system's.
    ///   - egress: True for the connections that may be made.
    public init(additionalCAFile: String? = nil, egress: @escaping EgressCheck) {
        self.additionalCAFile = additionalCAFile
        verdict = { host, address, port in
            egress(host, address, port)
                ? .allow : .refuse(reason: "connections to \(host):\(port) are not allowed; allow the host by name to change that")
        }
    }

    /// See `WebSocketConnector.withConnection(to:_:)`.
    public func withConnection<Result: Sendable>(
        to request: WebSocketRequest, _ body: @escaping @Sendable (WebSocketConnection) async throws -> Result
    ) async throws -> Result {
        let pipe = try await open(request)
        let connection = pipe.connection
        do {
            let result = try await withTaskCancellationHandler {
                try await body(connection)
            } onCancel: {
                pipe.channel.eventLoop.execute { pipe.abort() }
            }
            await connection.close()
            return result
        } catch {
            await connection.close(.goingAway)
            throw error
        }
    }

    private func open(_ request: WebSocketRequest) async throws -> WebSocketPipe {
        let url = try WebSocketURL(request.url)
        let deadline = NIODeadline.now() + TimeAmount(request.connectTimeout)
        let addresses = try await withTimeout(request.connectTimeout, waitingFor: "the name to be resolved") {
            try await HostResolver.addresses(of: url.host, port: url.port)
        }
        var permitted: [SocketAddress] = []
        var refusal = "\(url.host) has no address"
        for address in addresses {
            switch verdict(url.host, address.ipAddress ?? "", url.port) {
            case .allow: permitted.append(address)
            case .refuse(let reason): refusal = reason
            }
        }
        guard !permitted.isEmpty else { throw WebSocketError(.egressRefused, reason: refusal) }
        let context = url.isSecure ? try await tlsContext() : nil
        var failure = WebSocketError(.cannotConnect, reason: "\(url.host) has no address")
        for address in permitted {
            do {
                return try await open(request, url: url, address: address, tls: context, deadline: deadline)
            } catch let error as WebSocketError where error.code == .cannotConnect {
                failure = error
            }
        }
        throw failure
    }

    private func open(
        _ request: WebSocketRequest, url: WebSocketURL, address: SocketAddress, tls: NIOSSLContext?, deadline: NIODeadline
    ) async throws -> WebSocketPipe {
        let left = deadline - .now()
        guard left > .zero else { throw Self.timedOut(url) }
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(left)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: false)
        let pending: (any Channel, EventLoopFuture<WebSocketPipe>)
        do {
            pending = try await bootstrap.connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Self.configure(channel, request: request, url: url, tls: tls, deadline: deadline)
                }
            }
        } catch is ChannelError {
            throw Self.timedOut(url)
        } catch {
            throw WebSocketError(.cannotConnect, reason: "\(url.host):\(url.port) does not accept connections")
        }
        let (channel, pipe) = pending
        return try await withTaskCancellationHandler {
            try await pipe.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private static func configure(
        _ channel: any Channel, request: WebSocketRequest, url: WebSocketURL, tls: NIOSSLContext?, deadline: NIODeadline
    ) throws -> (any Channel, EventLoopFuture<WebSocketPipe>) {
        let pipeline = channel.pipeline.syncOperations
        if let tls {
            let isAddress = (try? SocketAddress(ipAddress: url.host, port: 0)) != nil  // why: failing tells that it is a name
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : url.host))
        }
        let encoder = HTTPRequestEncoder()
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 << 10
        limits.maxHeaderListSize = 64 << 10
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        let promise = channel.eventLoop.makePromise(of: WebSocketPipe.self)
        let upgrade = WebSocketClientUpgradeHandler(
            request: request, url: url, deadline: deadline, encoder: encoder, decoder: decoder, promise: promise)
        try pipeline.addHandlers(encoder, decoder, upgrade)
        return (channel, promise.futureResult)
    }

    static func timedOut(_ url: WebSocketURL) -> WebSocketError {
        WebSocketError(.timeout, reason: "\(url.host):\(url.port) did not open the WebSocket in time")
    }

    private func tlsContext() async throws -> NIOSSLContext {
        if let context = tls.withLock({ $0 }) { return context }
        let file = additionalCAFile
        do {
            // Reading the authorities takes tens of milliseconds: not on the tasks' threads.
            let context = try await NIOThreadPool.singleton.runIfActive {
                var configuration = TLSConfiguration.makeClientConfiguration()
                if let file { configuration.additionalTrustRoots = [.file(file)] }
                return try NIOSSLContext(configuration: configuration)
            }
            tls.withLock { $0 = context }
            return context
        } catch {
            throw WebSocketError(
                .cannotConnect, reason: "the certificate authorities cannot be read; check the extra CA file, it must be PEM")
        }
    }

    private func withTimeout<Value: Sendable>(
        _ duration: Duration, waitingFor what: String, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await Task.sleep(for: duration)
                throw WebSocketError(.timeout, reason: "waited too long for \(what)")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
