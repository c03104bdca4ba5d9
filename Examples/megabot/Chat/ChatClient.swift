// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaNetworking
import Synchronization

/// Keeps a connection to the daemon: what was not acknowledged is sent again under the same id after a reconnect, and what arrives
/// twice is shown once.
final class ChatClient: Sendable {
    private struct State {
        var link: ChatLink?
        var talk = ChatState()
        var connections = 0
        var isOver = false
        /// A frame is being taken in.
        var isConfirming = false
        /// When the daemon last said anything, or was told anything.
        var lastSign = ContinuousClock.now
        /// Who waits for a change.
        var waiters: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWaiter = 0
    }

    private let url: String
    private let authority: String
    private let password: Secret
    private let chat: String
    private let sender: String
    private let screen: ChatScreen
    private let connector: NIOWebSocketConnector
    private let state = Mutex(State())

    init(authority: String, isLoopback: Bool, password: Secret, chat: String, sender: String, screen: ChatScreen) {
        self.authority = authority
        url = "ws://\(authority)/"
        self.password = password
        self.chat = chat
        self.sender = sender
        self.screen = screen
        // The configured address; there is nothing else this client connects to.
        connector = NIOWebSocketConnector(egress: isLoopback ? .loopbackOnly : .only([authority]))
    }

    /// Says a line; it is sent as soon as there is a connection.
    func say(_ text: String) async {
        let id = Dependencies.live.randomBytes(12).map { String($0, radix: 16) }.joined()
        let link = state.withLock { state in
            state.talk.say(text, id: id)
            state.lastSign = .now
            return state.link
        }
        guard let link else { return }
        // why: a connection that breaks here is noticed by its reader, and the line is sent again
        try? await link.send(frame(id: id, text: text))
    }

    /// Returns when everything said has been answered, or waits behind a question, or nothing has come for too long.
    ///
    /// - Returns: How it stands; nil when the client ended or the task was cancelled.
    func settle(patience: Duration) async -> ChatState.Ending? {
        let (changes, changed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.nextWaiter += 1
            state.waiters[state.nextWaiter] = changed
            return state.nextWaiter
        }
        let bell = Task {
            while true {
                do { try await Task.sleep(for: .seconds(1)) } catch { return }  // settled
                changed.yield()
            }
        }
        defer {
            bell.cancel()
            state.withLock { $0.waiters[number] = nil }
        }
        var iterator = changes.makeAsyncIterator()
        while true {
            let (isOver, ending, silence) = state.withLock { ($0.isOver, $0.isConfirming ? nil : $0.talk.ending, $0.lastSign.duration(to: .now)) }
            if let ending { return ending }
            if isOver { return nil }
            if silence >= patience { return .silent }
            if await iterator.next() == nil { return nil }
        }
    }

    private func noteChange() {
        let waiters = state.withLock { $0.waiters.values }
        for waiter in waiters { waiter.yield() }
    }

    /// Connects, and connects again whenever the connection is lost, until cancelled.
    ///
    /// - Throws: When the first connection does not come about, or the daemon refuses this client.
    func run() async throws {
        defer {
            state.withLock { $0.isOver = true }
            noteChange()
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
            state.withLock { state in
                state.link = nil
                state.isConfirming = false
            }
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
                        return (state.talk.unacknowledged, state.connections == 1)
                    }
                    if isFirst { screen.connected(authority) } else { screen.notice("Connected again.") }
                    for message in waiting { try await link.send(self.frame(id: message.id, text: message.text)) }
                } else {
                    state.withLock { $0.isConfirming = true }
                    handle(frame)
                    // On the screen: only now does it count as delivered. The end waits for that, else the next chat shows it again.
                    if frame["type"] == "message" || frame["type"] == "approval_request", let id = frame["id"] {
                        try await link.send(["type": "received", "id": id])
                    }
                    state.withLock { $0.isConfirming = false }
                    noteChange()
                }
            }
        }
    }

    private func handle(_ frame: JSONValue) {
        state.withLock { $0.lastSign = .now }
        switch frame["type"]?.stringValue {
        case "ack":
            guard let id = frame["id"]?.stringValue else { return }
            let isRefused = frame["status"] == "refused"
            state.withLock { $0.talk.acknowledge(id, turn: frame["turn"]?.integerValue, isRefused: isRefused) }
            if isRefused { screen.problem("Not accepted: \(frame["reason"]?.stringValue ?? "no reason given")") }
        case "message", "approval_request":
            let kind = frame["kind"]?.stringValue.flatMap(OutboundMessage.Kind.init(rawValue:)) ?? .reply
            guard state.withLock({ $0.talk.receive(frame, kind: kind) }) else { return }
            screen.message(frame["content"]?.stringValue ?? "", kind: kind)
        case "stream": screen.stream(frame)
        case "error":
            if let id = frame["id"]?.stringValue { state.withLock { $0.talk.acknowledge(id, turn: nil, isRefused: true) } }
            screen.problem(frame["message"]?.stringValue ?? "the daemon reports an error")
        default: break
        }
    }

    private func frame(id: String, text: String) -> JSONValue {
        [
            "type": "message", "id": .string(id), "sender_id": .string(sender), "sender_name": "Terminal", "chat_id": .string(chat),
            "content": .string(text), "message_type": "text",
        ]
    }
}
