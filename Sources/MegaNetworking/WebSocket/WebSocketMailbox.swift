// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import NIOCore
import Synchronization

/// Received messages on their way from the event loop to the one reader.
final class WebSocketMailbox: Sendable {
    private struct Content {
        var messages = CircularBuffer<WebSocketMessage>()
        var bytes = 0
        var reader: CheckedContinuation<WebSocketMessage?, any Error>?
        var ending: WebSocketStateMachine.Ending?
        var isClosedHere = false
        var wasFull = false

        var hasRoom: Bool { bytes < 256 << 10 && messages.count < 256 }
    }

    private let content = Mutex(Content())

    /// False while the reader lags behind; nothing more is read from the socket then.
    var hasRoom: Bool {
        content.withLock {
            if !$0.hasRoom { $0.wasFull = true }
            return $0.hasRoom
        }
    }

    func put(_ message: WebSocketMessage) {
        let reader = content.withLock { content -> CheckedContinuation<WebSocketMessage?, any Error>? in
            guard content.ending == nil else { return nil }
            if let reader = content.reader {
                content.reader = nil
                return reader
            }
            content.messages.append(message)
            content.bytes += message.size
            return nil
        }
        reader?.resume(returning: message)
    }

    /// No more will come. What is already here can still be taken.
    func finish(_ ending: WebSocketStateMachine.Ending) {
        let (reader, outcome) = content.withLock { content in
            if content.ending == nil { content.ending = ending }
            let reader = content.reader
            content.reader = nil
            return (reader, Self.outcome(content))
        }
        reader?.resume(with: outcome)
    }

    /// The user began the close handshake: the end of the connection is no error then.
    func markClosedHere() { content.withLock { $0.isClosedHere = true } }

    /// The next message, or nil at an orderly end.
    ///
    /// - Parameter makeRoom: Called when taking a message made room again in a full mailbox.
    func take(makeRoom: () -> Void) async throws -> WebSocketMessage? {
        let (message, hasNewRoom) = content.withLock { content -> (WebSocketMessage?, Bool) in
            guard let message = content.messages.popFirst() else { return (nil, false) }
            content.bytes -= message.size
            guard content.wasFull, content.bytes <= 64 << 10, content.messages.count <= 64 else { return (message, false) }
            content.wasFull = false
            return (message, true)
        }
        if hasNewRoom { makeRoom() }
        if let message { return message }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = content.withLock { content -> Result<WebSocketMessage?, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if let message = content.messages.popFirst() {
                        content.bytes -= message.size
                        return .success(message)
                    }
                    if content.ending != nil { return Self.outcome(content) }
                    guard content.reader == nil else {
                        return .failure(WebSocketError(.closed, reason: "two tasks read from one WebSocket"))
                    }
                    content.reader = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let reader = content.withLock { content in
                defer { content.reader = nil }
                return content.reader
            }
            reader?.resume(throwing: CancellationError())
        }
    }

    private static func outcome(_ content: Content) -> Result<WebSocketMessage?, any Error> {
        switch content.ending {
        case nil: .success(nil)
        case .closed(let code, let reason, let byPeer):
            if !byPeer || code == nil || code == 1000 || code == 1001 {
                .success(nil)
            } else {
                .failure(
                    WebSocketError(
                        .closedByPeer, reason: reason.isEmpty ? "the peer closed the connection" : "the peer closed: \(reason)",
                        closeCode: code.map(WebSocketCloseCode.init(rawValue:))))
            }
        case .violation(let code, let reason):
            .failure(
                WebSocketError(.protocolViolation, reason: reason, closeCode: WebSocketCloseCode(rawValue: code)))
        case .lost(let reason):
            content.isClosedHere ? .success(nil) : .failure(WebSocketError(.connectionLost, reason: reason))
        }
    }
}

extension WebSocketMessage {
    fileprivate var size: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}
