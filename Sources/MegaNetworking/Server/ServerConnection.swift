// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import Logging
import MegaCore
import NIOCore
import NIOHTTP1
import NIOSSL

/// One accepted connection: what its event loop hands to its task.
final class ServerConnection: Sendable {
    /// Something for the connection's task to answer. At most one is under way at a time.
    enum Event: Sendable {
        case request(HTTPEndpoint, HTTPRequest, [UInt8])
        case webSocket(WebSocketEndpoint, WebSocketPipe)
    }

    let channel: any Channel
    private let events: AsyncStream<Event>
    private let handler: NIOLoopBound<HTTPConnectionHandler>
    private let context: NIOLoopBound<ChannelHandlerContext>

    /// Builds the channel's pipeline. Call on its event loop.
    init(channel: any Channel, routes: ServerRoutes, limits: ServerLimits, requestLimit: RequestGate?, tls: NIOSSLContext?) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        var headers = NIOHTTPDecoderLimitConfiguration()
        headers.maxHeaderFieldSize = limits.headerLimit
        headers.maxHeaderListSize = limits.headerLimit
        headers.maxHeaderFieldCount = 100
        let encoder = HTTPResponseEncoder()
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: headers),
            maximumBufferSize: limits.headerLimit + (64 << 10))
        let (events, continuation) = AsyncStream<Event>.makeStream(bufferingPolicy: .bufferingOldest(2))
        let handler = HTTPConnectionHandler(
            routes: routes, limits: limits, requestLimit: requestLimit, encoder: encoder, decoder: decoder
        ) {
            continuation.yield($0)
        }
        try pipeline.addHandlers(encoder, decoder, handler)
        channel.closeFuture.whenComplete { _ in continuation.finish() }
        self.channel = channel
        self.events = events
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        self.context = NIOLoopBound(try pipeline.context(handler: handler), eventLoop: channel.eventLoop)
    }

    /// Answers until the connection closes.
    func serve(logger: Logger) async {
        await withTaskCancellationHandler {
            for await event in events {
                switch event {
                case .request(let endpoint, let request, let body):
                    await answer(endpoint, request, body, logger: logger)
                case .webSocket(let endpoint, let pipe):
                    await serve(endpoint, pipe, logger: logger)
                    return
                }
            }
        } onCancel: {
            shutDown()
            channel.eventLoop.scheduleTask(in: .seconds(1)) { self.channel.close(mode: .all, promise: nil) }
        }
        channel.close(mode: .all, promise: nil)
    }

    /// Answers 503 to a connection above the server's limit.
    func refuseAsFull() {
        channel.eventLoop.execute {
            self.handler.value.refuse(
                .serviceUnavailable, "too many connections", headers: [("Retry-After", "5")], context: self.context.value)
        }
    }

    /// Ends it in order: an answer under way is finished, a WebSocket gets 1001.
    func shutDown() {
        channel.eventLoop.execute { self.handler.value.shutDown(context: self.context.value) }
    }

    private func serve(_ endpoint: WebSocketEndpoint, _ pipe: WebSocketPipe, logger: Logger) async {
        let connection = pipe.connection
        do {
            try await endpoint.handle(connection)
            await connection.close()
        } catch is CancellationError {
            await connection.close(.goingAway)
        } catch let error as WebSocketError {
            logger.debug("WebSocket ended", metadata: ["path": "\(endpoint.path)", "reason": "\(error)"])
            await connection.close(.internalError)
        } catch {
            logger.warning("WebSocket endpoint failed", metadata: ["path": "\(endpoint.path)", "error": "\(type(of: error))"])
            await connection.close(.internalError)
        }
    }

    private func answer(_ endpoint: HTTPEndpoint, _ request: HTTPRequest, _ body: [UInt8], logger: Logger) async {
        let result: HTTPResult
        do {
            result = try await endpoint.handle(request, body)
        } catch {
            logger.warning("HTTP endpoint failed", metadata: ["path": "\(endpoint.path)", "error": "\(type(of: error))"])
            result = HTTPResult(
                response: HTTPResponse(status: .internalServerError, headerFields: [.contentType: "text/plain; charset=utf-8"]),
                body: HTTPBody("the request failed; see the log\n"))
        }
        let length = result.body.length
        let response = result.response
        channel.eventLoop.execute {
            self.handler.value.respond(response, length: length, context: self.context.value)
        }
        do {
            var sent = 0
            for try await piece in result.body where !piece.isEmpty {
                sent += piece.count
                let promise = channel.eventLoop.makePromise(of: Void.self)
                let buffer = channel.allocator.buffer(bytes: piece)
                channel.eventLoop.execute {
                    self.handler.value.respond(buffer, promise: promise, context: self.context.value)
                }
                try await promise.futureResult.get()
            }
            guard length == nil || sent == length else {
                channel.close(mode: .all, promise: nil)
                return
            }
            channel.eventLoop.execute { self.handler.value.finishResponse(context: self.context.value) }
        } catch {
            // A body that breaks off must not look whole.
            channel.close(mode: .all, promise: nil)
        }
    }
}
