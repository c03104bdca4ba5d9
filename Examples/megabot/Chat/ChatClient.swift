// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaNetworking
import Synchronization

/// Keeps a connection to the daemon: what was not acknowledged is sent again under the same id after a reconnect, and what arrives
/// twice is shown once.
final class ChatClient: Sendable {
    private struct Unacknowledged: Sendable {
        var id: String
        var text: String
    }

    private struct State {
        var link: ChatLink?
        var unacknowledged: [Unacknowledged] = []
        /// Messages without an answer so far.
        var open: Set<String> = []
        /// Messages that wait for the person's decision; they are not waited for.
        var asking: Set<String> = []
        var seen = SeenIDs()
        var connections = 0
        var isOver = false
    }

    private let url: String
    private let authority: String
    private let password: Secret
    private let chat: String
    private let sender: String
    private let screen: ChatScreen
    private let connector: NIOWebSocketConnector
    private let state = Mutex(State())
    private let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation

    init(authority: String, isLoopback: Bool, password: Secret, chat: String, sender: String, screen: ChatScreen) {
        self.authority = authority
        url = "ws://\(authority)/"
        self.password = password
        self.chat = chat
        self.sender = sender
        self.screen = screen
        // The configured address; there is nothing else this client connects to.
        connector = NIOWebSocketConnector(egress: isLoopback ? .loopbackOnly : .only([authority]))
        (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says a line; it is sent as soon as there is a connection.
    func say(_ text: String) async {
        let id = Dependencies.live.randomBytes(12).map { String($0, radix: 16) }.joined()
        let link = state.withLock { state in
            state.unacknowledged.append(Unacknowledged(id: id, text: text))
            state.open.insert(id)
            // A decision lets the turn it is about go on, and that is waited for again.
            if text.hasPrefix("!approve") || text.hasPrefix("!deny") { state.asking = [] }
            return state.link
        }
        guard let link else { return }
        // why: a connection that breaks here is noticed by its reader, and the line is sent again
        try? await link.send(frame(id: id, text: text))
    }

    /// Returns when everything said has been answered, or a person is asked for a decision, or the client ended.
    func settle() async {
        var iterator = changes.makeAsyncIterator()
        while !state.withLock({ $0.isOver || $0.open.subtracting($0.asking).isEmpty }) {
            if await iterator.next() == nil { return }
        }
    }

    /// Connects, and connects again whenever the connection is lost, until cancelled.
    ///
    /// - Throws: When the first connection does not come about, or the daemon refuses this client.
    func run() async throws {
        defer {
            state.withLock { $0.isOver = true }
            changed.finish()
        }
        var pause = 1
        var startingUp = 0
        while !Task.isCancelled {
            let reason: String
            let connectionsBefore = state.withLock { $0.connections }
            do {
                try await converse()
                reason = "the daemon closed the connection"
            } catch let refusal as ChatLink.Refusal where refusal.code == "decryption_failed" {
                throw Complaint("the daemon at \(authority) does not accept this password.", mend: "Use the configuration it was started with: --config FILE")
            } catch let error as Complaint {
                throw error
            } catch let error as WebSocketError where error.closeCode == .tryAgainLater && startingUp < 60 {
                // The daemon listens before its channel serves: a key that is not kept is still being derived.
                startingUp += 1
                try await Task.sleep(for: .milliseconds(250))
                continue
            } catch {
                if state.withLock({ $0.connections }) == 0 {
                    throw Complaint("no daemon answers at \(authority): \(error)", mend: "Start it: megabot serve (or Scripts/run --detach)")
                }
                reason = "\(error)"
            }
            state.withLock { $0.link = nil }
            if Task.isCancelled { return }
            if state.withLock({ $0.connections }) > connectionsBefore { pause = 1 }
            screen.notice("Connection lost (\(reason)). Trying again in \(pause) s.")
            try await Task.sleep(for: .seconds(pause))
            pause = min(pause * 2, 30)
        }
    }

    private func converse() async throws {
        let request = WebSocketRequest(url: url)
        try await connector.withConnection(to: request) { [self] connection in
            let link = try await ChatLink(connection, password: password, chats: [chat])
            while let frame = try await link.receive() {
                if frame["type"] == "auth_ok" {
                    let (waiting, isFirst) = state.withLock { state in
                        state.link = link
                        state.connections += 1
                        return (state.unacknowledged, state.connections == 1)
                    }
                    if isFirst { screen.connected(authority) } else { screen.notice("Connected again.") }
                    for message in waiting { try await link.send(self.frame(id: message.id, text: message.text)) }
                } else {
                    handle(frame)
                    // On the screen: only now does it count as delivered.
                    if frame["type"] == "message" || frame["type"] == "approval_request", let id = frame["id"] {
                        try await link.send(["type": "received", "id": id])
                    }
                }
            }
        }
    }

    private func handle(_ frame: JSONValue) {
        let replyTo = frame["reply_to"]?.stringValue
        switch frame["type"]?.stringValue {
        case "ack":
            guard let id = frame["id"]?.stringValue else { return }
            let isRefused = frame["status"] == "refused"
            state.withLock { state in
                state.unacknowledged.removeAll { $0.id == id }
                if isRefused { state.open.remove(id) }
            }
            if isRefused { screen.problem("Not accepted: \(frame["reason"]?.stringValue ?? "no reason given")") }
        case "message", "approval_request":
            guard let id = frame["id"]?.stringValue, state.withLock({ $0.seen.insert(id) }) else { return }
            let kind = frame["kind"]?.stringValue.flatMap(OutboundMessage.Kind.init(rawValue:)) ?? .reply
            screen.message(frame["content"]?.stringValue ?? "", kind: kind)
            state.withLock { state in
                if kind == .approvalRequest {
                    state.asking.formUnion(replyTo.map { [$0] } ?? Array(state.open))
                } else if let replyTo {
                    state.open.remove(replyTo)
                    state.asking.remove(replyTo)
                }
            }
        case "stream": screen.stream(frame)
        case "error":
            let id = frame["id"]?.stringValue
            if let id {
                state.withLock { state in
                    state.unacknowledged.removeAll { $0.id == id }
                    state.open.remove(id)
                }
            }
            screen.problem(frame["message"]?.stringValue ?? "the daemon reports an error")
        default: break
        }
        changed.yield()
    }

    private func frame(id: String, text: String) -> JSONValue {
        [
            "type": "message", "id": .string(id), "sender_id": .string(sender), "sender_name": "Terminal", "chat_id": .string(chat),
            "content": .string(text), "message_type": "text",
        ]
    }
}

/// The ids of the last messages shown; bounded.
struct SeenIDs: Sendable {
    private static let limit = 4096
    private var ids: Set<String> = []
    private var order: [String] = []

    var isEmpty: Bool { ids.isEmpty }

    /// False when it was shown already.
    mutating func insert(_ id: String) -> Bool {
        guard ids.insert(id).inserted else { return false }
        order.append(id)
        if order.count > Self.limit {
            for old in order.prefix(Self.limit / 2) { ids.remove(old) }
            order.removeFirst(Self.limit / 2)
        }
        return true
    }
}
