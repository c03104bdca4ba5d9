// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WebSocketAdapter {
    /// Closed by the adapter: the client did not show that it knows the password.
    static let notAuthenticated: WebSocketCloseCode = 4401

    /// Serves one connection from hello to close.
    func serve(_ connection: WebSocketConnection) async throws {
        guard let inbox = state.withLock({ $0.inbox }) else {
            await connection.close(.tryAgainLater, reason: "the channel is not running")
            return
        }
        let codec = try await codec()
        let peer = addPeer()
        defer {
            peer.close()
            _ = state.withLock { $0.peers.removeValue(forKey: peer.id) }
        }
        let hello = NativeFrame.Outbound.hello(
            salt: salt, iterations: options.iterations, challenge: peer.challenge, timeToLive: Int64(options.timeToLive))
        try await connection.send(hello.encodedString())
        let link = Link(adapter: self, connection: connection, codec: codec, peer: peer, inbox: inbox)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await link.writeQueue() }
            group.addTask { await link.closeOnRequest() }
            group.addTask { await link.enforceAuthentication() }
            group.addTask { await link.enforceConfirmations() }
            await link.read()
            peer.close()
            group.cancelAll()
        }
    }

    private func addPeer() -> NativePeer {
        let challenge = URLSafeBase64.encode(dependencies.randomBytes(18))
        return state.withLock { state in
            state.nextPeer += 1
            let peer = NativePeer(id: state.nextPeer, challenge: challenge, limits: .init())
            state.peers[peer.id] = peer
            return peer
        }
    }

    func admit(_ token: FernetCodec.Opened) -> ReplayGuard.Verdict {
        let now = dependencies.now()
        return state.withLock { state in
            let seconds = Int64(now.timeIntervalSince1970.rounded(.down))
            let verdict = state.replays?.admit(signature: token.signature, timestamp: token.timestamp, now: seconds) ?? .tooOld
            if verdict == .fresh { state.lastExchange = now }
            return verdict
        }
    }

    /// One connection with all that serves it.
    struct Link: Sendable {
        let adapter: WebSocketAdapter
        let connection: WebSocketConnection
        let codec: FernetCodec
        let peer: NativePeer
        let inbox: Inbox

        private var options: WebSocketAdapterOptions { adapter.options }
        private var dependencies: Dependencies { adapter.dependencies }

        // MARK: Writing

        func writeQueue() async {
            while let item = await peer.next() {
                let isConfirmedLater = peer.awaitConfirmation(of: item, now: dependencies.now())
                do {
                    try await write(item.content)
                    if !isConfirmedLater { item.completion?(true) }
                } catch {
                    if isConfirmedLater, let id = item.id { peer.confirm(id, isTaken: false) } else { item.completion?(false) }
                    return
                }
            }
        }

        func closeOnRequest() async {
            for await request in peer.closeRequests {
                await connection.close(request.code, reason: request.reason)
                return
            }
        }

        /// Closes a connection whose client promised confirmations and does not give them.
        func enforceConfirmations() async {
            while true {
                do {
                    try await dependencies.clock.sleep(for: options.confirmationTimeout / 2)
                } catch {
                    return  // the connection ended
                }
                let limit = options.confirmationTimeout.components
                guard peer.isOverdue(now: dependencies.now(), limit: Double(limit.seconds) + Double(limit.attoseconds) * 1e-18) else { continue }
                peer.requestClose(.policyViolation, reason: "no confirmation")
                return
            }
        }

        func enforceAuthentication() async {
            do {
                try await dependencies.clock.sleep(for: options.authenticationTimeout)
            } catch {
                return  // the connection ended first
            }
            guard !peer.isAuthenticated else { return }
            await refuse("auth_timeout", "no valid token came in time")
        }

        private func write(_ content: [UInt8]) async throws {
            let token = try codec.seal(content, now: dependencies.now(), randomBytes: dependencies.randomBytes)
            try await connection.send(token)
        }

        private func answer(_ frame: JSONValue) async throws { try await write(frame.encoded()) }

        /// One plaintext error frame, then the end.
        private func refuse(_ code: String, _ message: String) async {
            let frame = NativeFrame.Outbound.error(code, message)
            do {
                try await connection.send(frame.encodedString())
            } catch {
                adapter.logger.debug("error frame not sent", metadata: ["code": "\(code)"])
            }
            await connection.close(WebSocketAdapter.notAuthenticated, reason: code)
        }

        // MARK: Reading

        func read() async {
            var session = Session(options: options, now: dependencies.now().timeIntervalSince1970)
            do {
                while let message = try await connection.receive() {
                    guard case .text(let token) = message else {
                        await connection.close(.unsupportedData, reason: "tokens come as text frames")
                        return
                    }
                    guard try await accept(token, session: &session) else { return }
                }
            } catch is CancellationError {
                await connection.close(.goingAway)
            } catch {
                adapter.logger.debug("connection ended", metadata: ["reason": "\(error)", "remote": "\(connection.remoteAddress ?? "?")"])
            }
        }

        /// What the reader remembers between frames.
        struct Session {
            let limit: RateLimit
            var bucket: TokenBucket
            var habits = NativeFrame.Habits()

            init(options: WebSocketAdapterOptions, now: Double) {
                var limit = RateLimit(1, per: .seconds(1), burst: Int(options.burst.rounded(.down)))
                limit.perSecond = options.rate
                self.limit = limit
                bucket = TokenBucket(limit, now: .seconds(now))
            }
        }

        /// - Returns: False when the connection is over.
        private func accept(_ text: String, session: inout Session) async throws -> Bool {
            let now = dependencies.now()
            if case .wait(let time, _) = session.bucket.take(session.limit, now: .seconds(now.timeIntervalSince1970)) {
                guard session.bucket.refusals <= options.patience else {
                    await connection.close(.policyViolation, reason: "rate_limited")
                    return false
                }
                if peer.isAuthenticated {
                    let text = "too many frames; nothing of this one was kept"
                    try await answer(NativeFrame.Outbound.error("rate_limited", text, retryAfter: time.timeInterval))
                    return true
                }
            }
            let opened: FernetCodec.Opened
            do {
                opened = try codec.open(text, now: now, timeToLive: Int64(options.timeToLive), skew: Int64(options.clockSkew))
            } catch let error as FernetError where error.code == .expired || error.code == .fromTheFuture {
                return try await reject("token_expired", error.reason)
            } catch {
                // What it was is not told apart: an attacker learns nothing from the answer.
                await refuse("decryption_failed", "the frame is no token made with this installation's key; plaintext is never accepted")
                return false
            }
            switch adapter.admit(opened) {
            case .fresh: break
            case .replayed: return try await reject("replayed", "this token was used already; make a new one for every frame")
            case .tooOld: return try await reject("token_expired", "the token was made before this server started; make a new one")
            case .full: return try await reject("busy", "too many frames in the replay window; try again in a minute")
            }
            do {
                let json: JSONValue
                do {
                    json = try JSONValue(parsing: opened.content, depthLimit: options.depthLimit, refusesDuplicates: true)
                } catch {
                    peer.markAuthenticated()
                    throw NativeFrame.Flaw(code: "bad_json", message: "the frame is not JSON: \(error)")
                }
                guard json["direction"] != "out" else {
                    await refuse("reflected", "this frame was made by the server")
                    return false
                }
                if json["type"] == "auth", !ConstantTime.areEqual(json["challenge"]?.stringValue ?? "", peer.challenge) {
                    await refuse("challenge_mismatch", "the challenge is not the one of this connection's hello")
                    return false
                }
                peer.markAuthenticated()
                let frame = try NativeFrame(json, habits: session.habits, attachmentLimit: options.attachmentLimit)
                try await handle(frame, signature: opened.signature, session: &session)
            } catch let flaw as NativeFrame.Flaw {
                try await answer(NativeFrame.Outbound.error(flaw.code, flaw.message))
            }
            return true
        }

        /// A token that is genuine but not acceptable: told in plaintext and final for a stranger, an error frame for a known client.
        private func reject(_ code: String, _ message: String) async throws -> Bool {
            guard peer.isAuthenticated else {
                await refuse(code, message)
                return false
            }
            try await answer(NativeFrame.Outbound.error(code, message))
            return true
        }

        private func handle(_ frame: NativeFrame, signature: [UInt8], session: inout Session) async throws {
            switch frame {
            case .authentication(_, let client, let chats, let confirms):
                if confirms { peer.expectConfirmations() }
                adapter.logger.debug("client authenticated", metadata: ["client": "\(client ?? "?")"])
                var returned: [String] = []
                for chat in chats where try watch(chat) { returned.append(chat) }
                try await answer(NativeFrame.Outbound.accepted(chats: chats))
                for chat in returned { await welcome(conversation(chat)) }
            case .received(let id):
                // An awaited confirmation is no traffic of the client's own making.
                if peer.confirm(id) { session.bucket.refund(session.limit) }
            case .message(let message):
                session.habits = .init(senderID: message.senderID, chatID: message.chatID)
                try await deliver(message, signature: signature)
            }
        }

        private func deliver(_ frame: NativeFrame.Message, signature: [UInt8]) async throws {
            let isNew = try watch(frame.chatID)
            let id = frame.id ?? Hex.encode(signature)
            if isNew { await welcome(conversation(frame.chatID)) }
            do {
                let message = try await inbound(frame, id: id)
                let admission = try await inbox.deliver(message)
                try await answer(NativeFrame.Outbound.acknowledgement(id: id, admission))
            } catch var flaw as NativeFrame.Flaw {
                flaw.message = "message refused: \(flaw.message)"
                try await answer(NativeFrame.Outbound.error(flaw.code, flaw.message, id: id))
            } catch let error as WebSocketError {
                throw error
            } catch let error as CancellationError {
                throw error
            } catch {
                adapter.logger.warning("message not stored", metadata: ["error": "\((error as? StoreError)?.reason ?? "\(type(of: error))")"])
                try await answer(
                    NativeFrame.Outbound.error("not_stored", "the message could not be stored; send it again with the same id", id: id))
            }
        }

        /// Shows a client that has just come to a chat what waits for an answer there, and has sent what waited for a reader.
        private func welcome(_ conversation: ConversationID) async {
            do {
                for question in try await inbox.openQuestions(in: conversation) {
                    // Shown, not delivered: the ledger knows of its delivery, and as long as it is open it is shown to whoever comes.
                    peer.send(try await adapter.content(of: question, isRepeated: true), id: question.id) { _ in }
                }
            } catch {
                adapter.logger.warning("open questions could not be shown again", metadata: ["error": "\((error as? StoreError)?.reason ?? "\(type(of: error))")"])
            }
            await inbox.recipientReturned(conversation)
        }

        private func watch(_ chat: String) throws -> Bool {
            guard let isNew = peer.watch(chat, limit: options.chatLimit) else {
                throw NativeFrame.Flaw(code: "too_many_chats", message: "one connection watches at most \(options.chatLimit) chats")
            }
            return isNew
        }

        private func conversation(_ chat: String) -> ConversationID { ConversationID(channel: adapter.channel, chat: chat) }
    }
}
