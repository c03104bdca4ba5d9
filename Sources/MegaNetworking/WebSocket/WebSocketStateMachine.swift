// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// RFC 6455 after the opening handshake, for both sides, without any I/O.
///
/// Bytes, local sends and the time go in; a list of ``Action`` comes out, to be carried out in order. Time is a duration since any
/// fixed moment. After ``Action/end(_:)`` nothing more is delivered, whatever comes in.
struct WebSocketStateMachine: Sendable {
    enum Role: Sendable { case client, server }

    /// Limits and pauses of one connection.
    struct Limits: Sendable {
        /// The most bytes of one message, fragments together.
        var messageLimit: Int
        /// After this long without traffic a ping goes out; after this long again without any the peer counts as lost.
        var keepAlive: Duration
        /// How long the peer may take to answer a close frame.
        var closeTimeout: Duration = .seconds(5)
    }

    /// What the owner of the socket has to do.
    enum Action: Sendable, Hashable {
        case write([UInt8])
        case deliver(WebSocketMessage)
        /// The connection is over for its user. Comes once.
        case end(Ending)
        /// Say that no more will be written, but go on reading (and dropping) for a while, so that the last frame arrives.
        case finishWriting
        /// Close the socket once everything is written. Comes once.
        case closeSocket
    }

    /// How a connection ended.
    enum Ending: Sendable, Hashable {
        /// A close handshake. The code is nil when the frame had none.
        case closed(code: UInt16?, reason: String, byPeer: Bool)
        /// The peer broke the protocol; the code is what it was told.
        case violation(code: UInt16, reason: String)
        /// The socket broke, or the peer no longer answers.
        case lost(reason: String)
    }

    enum State: Sendable, Hashable {
        case open
        /// Our close frame is out, the peer's is awaited until then.
        case closing(deadline: Duration)
        /// All is said; the socket is open until the peer closes it or until then.
        case draining(deadline: Duration)
        case finished
    }

    let role: Role
    let limits: Limits
    private(set) var state: State = .open
    var reader = FrameReader()
    private let makeMask: @Sendable () -> UInt32
    private var hasEnded = false
    private var lastHeard: Duration
    private var pingDeadline: Duration?
    private var pingNumber: UInt32 = 0

    /// - Parameters:
    ///   - makeMask: Gives 32 unpredictable bits; only a client uses it.
    ///   - now: The time of the handshake.
    init(role: Role, limits: Limits, makeMask: @escaping @Sendable () -> UInt32, now: Duration) {
        self.role = role
        self.limits = limits
        self.makeMask = makeMask
        lastHeard = now
    }

    /// Takes bytes from the socket.
    mutating func receive(_ bytes: UnsafeRawBufferPointer, now: Duration) -> [Action] {
        lastHeard = now
        pingDeadline = nil
        var actions: [Action] = []
        switch state {
        case .open, .closing: break
        case .draining, .finished: return actions
        }
        var rest = bytes
        while true {
            switch reader.next(&rest, role: role, messageLimit: limits.messageLimit) {
            case .needsMore: return actions
            case .message(let message):
                if state == .open { actions.append(.deliver(message)) }
            case .ping(let payload):
                if state == .open { actions.append(.write(frame(.pong, payload))) }
            case .pong: break
            case .close(let code, let reason):
                acceptClose(code: code, reason: reason, now: now, into: &actions)
                return actions
            case .violation(let code, let reason):
                fail(code, reason: reason, now: now, into: &actions)
                return actions
            }
        }
    }

    /// Takes bytes from the socket.
    mutating func receive(_ bytes: [UInt8], now: Duration) -> [Action] {
        bytes.withUnsafeBytes { receive($0, now: now) }
    }

    /// A message to send, or nil when the connection is closing or closed.
    mutating func send(_ message: WebSocketMessage) -> [UInt8]? {
        guard state == .open else { return nil }
        switch message {
        case .text(var text):
            return text.withUTF8 { frame(.text, $0) }
        case .binary(let bytes):
            return frame(.binary, bytes)
        }
    }

    /// Begins the close handshake. More calls do nothing.
    mutating func close(_ code: WebSocketCloseCode, reason: String, now: Duration) -> [Action] {
        guard state == .open else { return [] }
        let sendable = WebSocketFrame.mayBeSent(code.rawValue) ? code : .internalError
        state = .closing(deadline: now + limits.closeTimeout)
        return [.write(frame(.close, WebSocketFrame.closePayload(sendable.rawValue, reason: reason)))]
    }

    /// Tells the time; call at ``nextDeadline`` or later.
    ///
    /// - Parameter isReading: False while the owner itself holds reading back; silence then says nothing about the peer.
    mutating func tick(now: Duration, isReading: Bool = true) -> [Action] {
        var actions: [Action] = []
        switch state {
        case .finished: break
        case .open:
            guard isReading else {
                lastHeard = now
                pingDeadline = nil
                break
            }
            if let pingDeadline {
                guard now >= pingDeadline else { break }
                end(.lost(reason: "the peer did not answer a ping"), into: &actions)
                finish(into: &actions)
            } else if now >= lastHeard + limits.keepAlive {
                pingNumber &+= 1
                pingDeadline = now + limits.keepAlive
                let payload = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: pingNumber >> UInt32($0)) }
                actions.append(.write(frame(.ping, payload)))
            }
        case .closing(let deadline):
            guard now >= deadline else { break }
            end(.lost(reason: "the peer did not answer the close frame"), into: &actions)
            finish(into: &actions)
        case .draining(let deadline):
            guard now >= deadline else { break }
            finish(into: &actions)
        }
        return actions
    }

    /// The socket is gone.
    mutating func socketClosed(reason: String = "the connection was closed without a close frame") -> [Action] {
        guard state != .finished else { return [] }
        var actions: [Action] = []
        end(.lost(reason: reason), into: &actions)
        state = .finished
        return actions
    }

    /// When ``tick(now:isReading:)`` has something to do next; nil when never.
    var nextDeadline: Duration? {
        switch state {
        case .open: pingDeadline ?? lastHeard + limits.keepAlive
        case .closing(let deadline), .draining(let deadline): deadline
        case .finished: nil
        }
    }

    private mutating func acceptClose(code: UInt16?, reason: String, now: Duration, into actions: inout [Action]) {
        let wasOpen = state == .open
        if wasOpen {
            let payload = code.map { WebSocketFrame.closePayload($0, reason: "") } ?? []
            actions.append(.write(frame(.close, payload)))
        }
        end(.closed(code: code, reason: reason, byPeer: wasOpen), into: &actions)
        switch role {
        case .server: finish(into: &actions)
        case .client: state = .draining(deadline: now + limits.closeTimeout)  // the server closes first, RFC 6455 section 7.1.1
        }
    }

    private mutating func fail(_ code: UInt16, reason: String, now: Duration, into actions: inout [Action]) {
        if state == .open { actions.append(.write(frame(.close, WebSocketFrame.closePayload(code, reason: reason)))) }
        end(.violation(code: code, reason: reason), into: &actions)
        actions.append(.finishWriting)
        state = .draining(deadline: now + min(limits.closeTimeout, .seconds(2)))
    }

    private mutating func end(_ ending: Ending, into actions: inout [Action]) {
        guard !hasEnded else { return }
        hasEnded = true
        actions.append(.end(ending))
    }

    private mutating func finish(into actions: inout [Action]) {
        state = .finished
        actions.append(.closeSocket)
    }

    private func frame(_ opcode: WebSocketFrame.Opcode, _ payload: some Collection<UInt8>) -> [UInt8] {
        WebSocketFrame.encode(opcode, payload, mask: role == .client ? makeMask() : nil)
    }
}
