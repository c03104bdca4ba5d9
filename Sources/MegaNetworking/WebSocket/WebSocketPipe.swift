// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import NIOCore

/// The way from tasks to a ``WebSocketChannelHandler`` and back.
struct WebSocketPipe: Sendable {
    let channel: any Channel
    private let mailbox: WebSocketMailbox
    private let handler: NIOLoopBound<WebSocketChannelHandler>

    /// Puts the handler at the end of the channel's pipeline. Call on the event loop.
    init(
        addingTo channel: any Channel, role: WebSocketStateMachine.Role, limits: WebSocketStateMachine.Limits
    ) throws {
        let mailbox = WebSocketMailbox()
        let handler = WebSocketChannelHandler(role: role, limits: limits, mailbox: mailbox) {
            UInt32.random(in: .min ... .max)  // the system's generator: unpredictable, as RFC 6455 section 5.3 asks
        }
        self.channel = channel
        self.mailbox = mailbox
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    var connection: WebSocketConnection {
        WebSocketConnection(
            remoteAddress: channel.remoteAddress?.ipAddress,
            receive: receive, send: send, close: close)
    }

    @Sendable private func receive() async throws -> WebSocketMessage? {
        try await mailbox.take { channel.eventLoop.execute { handler.value.readMore() } }
    }

    /// Returns when the message is on its way or at least in the socket's queue; with a full queue it waits until there is room.
    @Sendable private func send(_ message: WebSocketMessage) async throws {
        try Task.checkCancellation()
        if channel.eventLoop.inEventLoop, try handler.value.sendWithoutWaiting(message) { return }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        if channel.eventLoop.inEventLoop {
            handler.value.send(message, promise: promise)
        } else {
            channel.eventLoop.execute { handler.value.send(message, promise: promise) }
        }
        do {
            try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                // Part of the frame may be on its way: nothing sensible can follow it.
                channel.close(mode: .all, promise: nil)
            }
        } catch let error as WebSocketError {
            throw error
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw WebSocketError(.connectionLost, reason: "the connection broke while sending")
        }
    }

    @Sendable private func close(_ code: WebSocketCloseCode, reason: String) async {
        mailbox.markClosedHere()
        channel.eventLoop.execute { handler.value.close(code, reason: reason) }
        do {
            // The state machine's close timeout bounds this.
            try await withTaskCancellationHandler {
                try await channel.closeFuture.get()
            } onCancel: {
                channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(mode: .all, promise: nil) }
            }
        } catch {
            channel.close(mode: .all, promise: nil)
        }
    }

    /// Begins the close handshake without waiting for its end.
    func beginClose(_ code: WebSocketCloseCode, reason: String) {
        channel.eventLoop.execute { handler.value.close(code, reason: reason) }
    }

    /// Closes without a handshake.
    func abort() { channel.close(mode: .all, promise: nil) }
}
