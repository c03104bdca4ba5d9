// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import NIOCore
import NIOHTTP1

/// The HTTP phase of one server connection, on its event loop: one request at a time, bounded in size and time, until a request
/// turns the connection into a WebSocket or the connection closes.
final class HTTPConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Waiting for a request or for the rest of one.
        case reading
        /// A request is with its endpoint.
        case handling
        /// An answer is out that ends the connection, or the connection is a WebSocket now.
        case finished
    }

    private let routes: ServerRoutes
    private let limits: ServerLimits
    private let requestLimit: RequestGate?
    private let deliver: (ServerConnection.Event) -> Void
    private let encoder: HTTPResponseEncoder
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private var state = State.reading
    private var head: HTTPRequestHead?
    private var route: ServerRoutes.Route?
    private var body: [UInt8] = []
    private var keepsAlive = true
    private var pending = CircularBuffer<HTTPServerRequestPart>()
    private var timer: Scheduled<Void>?
    private var isShuttingDown = false
    private(set) var pipe: WebSocketPipe?

    init(
        routes: ServerRoutes, limits: ServerLimits, requestLimit: RequestGate?, encoder: HTTPResponseEncoder,
        decoder: ByteToMessageHandler<HTTPRequestDecoder>, deliver: @escaping (ServerConnection.Event) -> Void
    ) {
        self.routes = routes
        self.limits = limits
        self.requestLimit = requestLimit
        self.encoder = encoder
        self.decoder = decoder
        self.deliver = deliver
    }

    func handlerAdded(context: ChannelHandlerContext) {
        startTimer(context)
        context.read()
    }

    func channelActive(context: ChannelHandlerContext) {
        // A read asked for before the channel was active may have been forgotten.
        context.read()
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch state {
        case .reading: process(part, context: context)
        case .handling: pending.append(part)  // at most what one read brought
        case .finished: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        if case .reading = state { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard case .finished = state else {
            switch error {
            case HTTPParserError.headerOverflow: refuse(.requestHeaderFieldsTooLarge, "the headers are too large", context: context)
            case is HTTPParserError: refuse(.badRequest, "this is not HTTP/1.1", context: context)
            default: context.close(promise: nil)
            }
            return
        }
    }

    // MARK: Requests

    private func process(_ part: HTTPServerRequestPart, context: ChannelHandlerContext) {
        switch part {
        case .head(let head):
            self.head = head
            body = []
            keepsAlive = head.isKeepAlive && !WebSocketHandshake.asksForUpgrade(head.headers) && head.headers["upgrade"].isEmpty
            if let requestLimit, case .wait(let time, _) = requestLimit.take(head, from: context.remoteAddress) {
                let seconds = max(1, Int(time.components.seconds) + (time.components.attoseconds > 0 ? 1 : 0))
                refuse(.tooManyRequests, "too many requests; try again in \(seconds) s", headers: [("Retry-After", "\(seconds)")], context: context)
                return
            }
            switch routes.route(head, port: context.localAddress?.port, bodyLimit: limits.bodyLimit) {
            case .success(let route): self.route = route
            case .failure(let refusal):
                refuse(refusal.status, refusal.reason, headers: refusal.headers, context: context)
                return
            }
            if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
        case .body(let bytes):
            guard body.count + bytes.readableBytes <= limits.bodyLimit else {
                refuse(.payloadTooLarge, "the body has more than \(limits.bodyLimit) bytes", context: context)
                return
            }
            body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let head, let route else { return }
            timer?.cancel()
            timer = nil
            self.route = nil
            switch route {
            case .http(let endpoint):
                state = .handling
                deliver(.request(endpoint, Self.request(head), body))
                body = []
            case .webSocket(let slot): upgrade(to: slot, head: head, context: context)
            }
        }
    }

    private static func request(_ head: HTTPRequestHead) -> HTTPRequest {
        var fields = HTTPFields()
        for (name, value) in head.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return HTTPRequest(
            method: HTTPRequest.Method(head.method.rawValue) ?? .get, scheme: "http", authority: head.headers.first(name: "host"),
            path: head.uri, headerFields: fields)
    }

    private func upgrade(to slot: ServerRoutes.Slot, head: HTTPRequestHead, context: ChannelHandlerContext) {
        let key = head.headers.first(name: "sec-websocket-key") ?? ""
        guard slot.reserve() else {
            refuse(.serviceUnavailable, "too many connections", headers: [("Retry-After", "5")], context: context)
            return
        }
        context.channel.closeFuture.whenComplete { _ in slot.release() }
        state = .finished
        var response = HTTPResponseHead(version: .http1_1, status: .switchingProtocols)
        response.headers.add(name: "Upgrade", value: "websocket")
        response.headers.add(name: "Connection", value: "Upgrade")
        response.headers.add(name: "Sec-WebSocket-Accept", value: WebSocketHandshake.accept(for: key))
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        do {
            let pipe = try WebSocketPipe(
                addingTo: context.channel, role: .server,
                limits: .init(messageLimit: slot.endpoint.messageLimit, keepAlive: slot.endpoint.keepAlive))
            self.pipe = pipe
            let pipeline = context.pipeline.syncOperations
            pipeline.removeHandler(encoder, promise: nil)
            pipeline.removeHandler(context: context, promise: nil)
            // Last: bytes that came with the request go on to the WebSocket.
            pipeline.removeHandler(decoder, promise: nil)
            deliver(.webSocket(slot.endpoint, pipe))
            if isShuttingDown { pipe.beginClose(.goingAway, reason: "the server stops") }
        } catch {
            context.close(promise: nil)
        }
    }

    // MARK: Answers

    /// The first part of an endpoint's answer.
    func respond(_ response: HTTPResponse, length: Int?, context: ChannelHandlerContext) {
        var head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.status.code, reasonPhrase: response.status.reasonPhrase))
        for field in response.headerFields { head.headers.add(name: field.name.rawName, value: field.value) }
        if let length { head.headers.replaceOrAdd(name: "Content-Length", value: String(length)) }
        if isShuttingDown { keepsAlive = false }
        if !keepsAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// More of the answer's body. The connection is given up when the peer does not take it in time.
    func respond(_ piece: ByteBuffer, promise: EventLoopPromise<Void>, context: ChannelHandlerContext) {
        let channel = context.channel
        let guardTimer = context.eventLoop.scheduleTask(in: limits.requestTimeout * 3) { channel.close(mode: .all, promise: nil) }
        promise.futureResult.whenComplete { _ in guardTimer.cancel() }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))), promise: promise)
    }

    /// The end of the answer.
    func finishResponse(context: ChannelHandlerContext) {
        guard case .handling = state else { return }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        guard keepsAlive, !isShuttingDown else {
            state = .finished
            context.close(promise: nil)
            return
        }
        state = .reading
        startTimer(context)
        while case .reading = state, let part = pending.popFirst() { process(part, context: context) }
        if case .reading = state { context.read() }
    }

    func shutDown(context: ChannelHandlerContext) {
        isShuttingDown = true
        if case .reading = state { context.close(promise: nil) }
        pipe?.beginClose(.goingAway, reason: "the server stops")
    }

    /// Answers with an error and ends the connection.
    func refuse(
        _ status: HTTPResponseStatus, _ reason: String, headers: [(String, String)] = [], context: ChannelHandlerContext
    ) {
        if case .finished = state { return }
        state = .finished
        timer?.cancel()
        pending.removeAll()
        var head = HTTPResponseHead(version: .http1_1, status: status)
        for (name, value) in headers { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        head.headers.add(name: "Content-Length", value: String(reason.utf8.count + 1))
        head.headers.add(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reason + "\n")))), promise: nil)
        let channel = context.channel
        let loop = context.eventLoop
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            // Not closed at once: with bytes of the peer unread that would destroy the answer on its way.
            channel.close(mode: .output, promise: nil)
            loop.scheduleTask(in: .milliseconds(500)) { channel.close(mode: .all, promise: nil) }
        }
    }

    private func startTimer(_ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: limits.requestTimeout) {
            self.refuse(.requestTimeout, "the request took too long", context: context)
        }
    }
}
