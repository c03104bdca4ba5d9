// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks the server for the WebSocket, checks its answer and hands the channel over.
final class WebSocketClientUpgradeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: WebSocketRequest
    private let url: WebSocketURL
    private let deadline: NIODeadline
    private let encoder: HTTPRequestEncoder
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private let promise: EventLoopPromise<WebSocketPipe>
    private let key = WebSocketHandshake.makeKey()
    private var timer: Scheduled<Void>?
    private var isDone = false
    private var isUpgraded = false
    /// Bytes that came with the answer.
    private var held: [NIOAny] = []

    init(
        request: WebSocketRequest, url: WebSocketURL, deadline: NIODeadline, encoder: HTTPRequestEncoder,
        decoder: ByteToMessageHandler<HTTPResponseDecoder>, promise: EventLoopPromise<WebSocketPipe>
    ) {
        self.request = request
        self.url = url
        self.deadline = deadline
        self.encoder = encoder
        self.decoder = decoder
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.fail(NIOWebSocketConnector.timedOut(self.url), context: context)
        }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target)
        head.headers.add(name: "Host", value: url.authority)
        let ours: Set<String> = [
            "host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions",
            "content-length", "transfer-encoding",
        ]
        for field in request.headers where !ours.contains(field.name.canonicalName) {
            head.headers.add(name: field.name.rawName, value: field.value)
        }
        head.headers.add(name: "Upgrade", value: "websocket")
        head.headers.add(name: "Connection", value: "Upgrade")
        head.headers.add(name: "Sec-WebSocket-Key", value: key)
        head.headers.add(name: "Sec-WebSocket-Version", value: "13")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isUpgraded { return held.append(data) }
        guard !isDone else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): check(head, context: context)
        case .body: break
        case .end: upgrade(context)
        }
    }

    private func check(_ head: HTTPResponseHead, context: ChannelHandlerContext) {
        let protocols = request.headers[values: HTTPField.Name("Sec-WebSocket-Protocol") ?? .accept]
            .flatMap { $0.split(separator: ",").map { $0.drop { $0 == " " } } }
        if let flaw = WebSocketHandshake.flaw(in: head, key: key, protocols: protocols) {
            fail(WebSocketError(.upgradeRefused, reason: "\(url.host):\(url.port) refused the WebSocket: \(flaw)"), context: context)
        }
    }

    private func upgrade(_ context: ChannelHandlerContext) {
        isDone = true
        timer?.cancel()
        do {
            let pipe = try WebSocketPipe(
                addingTo: context.channel, role: .client,
                limits: .init(messageLimit: request.messageLimit, keepAlive: request.keepAlive))
            let pipeline = context.pipeline.syncOperations
            pipeline.removeHandler(encoder, promise: nil)
            isUpgraded = true
            // The response decoder looks at writes too and takes them for HTTP, so the WebSocket, which may answer at once, gets
            // the bytes that came with the response only when the decoder is gone.
            pipeline.removeHandler(decoder).assumeIsolated().whenComplete { _ in self.release(context) }
            promise.succeed(pipe)
        } catch {
            promise.fail(error)
            context.close(promise: nil)
        }
    }

    private func release(_ context: ChannelHandlerContext) {
        let bytes = held
        held = []
        for data in bytes { context.fireChannelRead(data) }
        if !bytes.isEmpty { context.fireChannelReadComplete() }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Also reached when the connection never came to stand.
        fail(WebSocketError(.cannotConnect, reason: "\(url.host):\(url.port) does not accept connections"), context: context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !isDone { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(WebSocketError(.connectionLost, reason: "\(url.host):\(url.port) closed the connection during the handshake"), context: context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let failure = switch error {
        case is HTTPParserError: WebSocketError(.upgradeRefused, reason: "what \(url.host):\(url.port) answered is not HTTP")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            WebSocketError(.cannotConnect, reason: "TLS with \(url.host):\(url.port) failed; check its certificate")
        default: WebSocketError(.connectionLost, reason: "the connection to \(url.host):\(url.port) broke during the handshake")
        }
        fail(failure, context: context)
    }

    private func fail(_ error: WebSocketError, context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        promise.fail(error)
        context.close(promise: nil)
    }
}
