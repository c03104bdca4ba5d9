// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import NIOCore

/// Carries out what ``WebSocketStateMachine`` decides, on the channel's event loop.
///
/// The channel has `autoRead` off: the next read is asked for only while the reader's mailbox has room and the socket takes
/// what we write, so neither a slow reader nor a peer that never reads makes memory grow.
final class WebSocketChannelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var machine: WebSocketStateMachine
    private let mailbox: WebSocketMailbox
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var timerDeadline: Duration?
    private var isReadPending = false
    private var isFlushPending = false

    init(
        role: WebSocketStateMachine.Role, limits: WebSocketStateMachine.Limits, mailbox: WebSocketMailbox,
        makeMask: @escaping @Sendable () -> UInt32
    ) {
        machine = WebSocketStateMachine(role: role, limits: limits, makeMask: makeMask, now: Self.now)
        self.mailbox = mailbox
    }

    private static var now: Duration { .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

    private var isReading: Bool { mailbox.hasRoom && (context?.channel.isWritable ?? false) }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        schedule()
        readMore()
    }

    func handlerRemoved(context: ChannelHandlerContext) { detach() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        perform(buffer.withUnsafeReadableBytes { machine.receive($0, now: Self.now) })
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadPending = false
        context.flush()
        readMore()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        readMore()
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(machine.socketClosed())
        detach()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            perform(machine.socketClosed())
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        perform(machine.socketClosed(reason: "the connection broke"))
        context.close(promise: nil)
    }

    // MARK: From the user's side, on the event loop

    func send(_ message: WebSocketMessage, promise: EventLoopPromise<Void>) {
        guard let context, let bytes = machine.send(message) else {
            promise.fail(WebSocketError(.closed, reason: "the connection is closed"))
            return
        }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: promise)
    }

    /// Puts a message into the socket's queue when that has room, and says whether it did. All that one run of the event loop puts
    /// there goes out with one write to the socket.
    ///
    /// - Throws: ``WebSocketError`` when the connection is closing or closed.
    func sendWithoutWaiting(_ message: WebSocketMessage) throws -> Bool {
        guard let context, context.channel.isActive else { throw WebSocketError(.closed, reason: "the connection is closed") }
        guard context.channel.isWritable else { return false }
        guard let bytes = machine.send(message) else { throw WebSocketError(.closed, reason: "the connection is closed") }
        context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
        guard !isFlushPending else { return true }
        isFlushPending = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushPending = false
            self.context?.flush()
        }
        return true
    }

    func close(_ code: WebSocketCloseCode, reason: String) {
        perform(machine.close(code, reason: reason, now: Self.now))
        context?.flush()
        schedule()
        readMore()
    }

    /// The reader took something out of a full mailbox.
    func readMore() {
        guard let context, !isReadPending, isReading || machine.state != .open else { return }
        isReadPending = true
        context.read()
    }

    // MARK: Inside

    private func perform(_ actions: [WebSocketStateMachine.Action]) {
        for action in actions {
            switch action {
            case .write(let bytes):
                guard let context else { continue }
                context.write(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
            case .deliver(let message): mailbox.put(message)
            case .end(let ending): mailbox.finish(ending)
            case .finishWriting:
                guard let context else { continue }
                context.flush()
                // A transport that cannot close one direction is closed by the state machine's deadline.
                context.close(mode: .output, promise: nil)
                schedule()
            case .closeSocket:
                guard let context else { continue }
                context.flush()
                context.close(promise: nil)
            }
        }
        if machine.state != .open { schedule() }
    }

    private func schedule() {
        guard let context, let deadline = machine.nextDeadline else {
            timer?.cancel()
            timer = nil
            timerDeadline = nil
            return
        }
        // A timer that fires early only looks at the time again, so moving deadlines cost nothing per message.
        if let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        let (seconds, attoseconds) = deadline.components
        let nanoseconds = UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(nanoseconds)) {
            self.timer = nil
            self.timerDeadline = nil
            self.perform(self.machine.tick(now: Self.now, isReading: self.isReading))
            self.context?.flush()
            self.schedule()
        }
    }

    private func detach() {
        timer?.cancel()
        timer = nil
        context = nil
        mailbox.finish(.lost(reason: "the connection was closed"))
    }
}
