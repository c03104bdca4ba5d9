// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Logging
import MegaCore
import Testing

@testable import MegaAdapters

@Suite("Native WebSocket channel", .timeLimit(.minutes(2)))
struct WebSocketAdapterTests {
    private static func message(_ text: String, id: String? = nil, chat: String = "chat") -> JSONValue {
        var frame: [String: JSONValue] = ["type": "message", "sender_id": "ana", "chat_id": .string(chat), "content": .string(text)]
        if let id { frame["id"] = .string(id) }
        return .object(frame)
    }

    private static func reply(_ text: String, chat: String = "chat") -> OutboundMessage {
        OutboundMessage(id: "out-1", conversation: ConversationID(platform: .webSocket, chat: chat), content: [.text(text)])
    }

    @Test("says hello, takes a message, acknowledges it and delivers the answer")
    func conversation() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            let (client, hello) = try await fixture.connect(in: &group)
            #expect(hello["type"] == "hello" && hello["protocol"] == 1 && hello["iterations"] == 100_000)
            #expect(hello["salt"]?.stringValue == Data(WebSocketFixture.salt).base64EncodedString())
            try client.say([
                "type": "message", "id": "m1", "sender_id": "ana", "sender_name": "Ana", "chat_id": "chat", "content": "hi",
                "timestamp": "2026-01-31T12:00:00Z", "metadata": ["k": "v", "n": 1],
            ])
            #expect(try await client.frame() == ["type": "ack", "direction": "out", "id": "m1", "status": "accepted", "turn": 1])
            let message = try #require(fixture.inbox.messages.first)
            #expect(message.id == "m1" && message.text == "hi" && message.sender == Participant(id: "ana", displayName: "Ana"))
            #expect(message.trust == .unknown && message.metadata == ["k": "v", "n": "1"])
            #expect(message.timestamp == Date(timeIntervalSince1970: 1_769_860_800))
            #expect(fixture.inbox.returned == ["chat"])
            try client.say(Self.message("hi", id: "m1"))
            #expect(try await client.frame()["status"] == "duplicate")
            await fixture.adapter.show(.textDelta("hel"), in: message.conversation)
            #expect(try await client.frame() == ["type": "stream", "direction": "out", "chat_id": "chat", "event": "text", "text": "hel"])
            let receipt = try await fixture.adapter.send(Self.reply("hello \"Ana\"\n"))
            #expect(receipt.platformMessageID == "out-1")
            let answer = try await client.frame()
            #expect(answer["type"] == "message" && answer["id"] == "out-1" && answer["content"] == "hello \"Ana\"\n")
            #expect(answer["direction"] == "out" && answer["is_encrypted"] == true && answer["chat_id"] == "chat")
        }
    }

    @Test("shows what is open in a chat to every client that comes to it, and to no other")
    func openQuestions() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            let (first, hello) = try await fixture.connect(in: &group)
            try first.say(["type": "auth", "challenge": hello["challenge"] ?? .null, "chats": ["quiet", "asked"], "confirms": true])
            #expect(try await first.frame()["type"] == "auth_ok")
            let question = try await first.frame()
            #expect(question["type"] == "approval_request" && question["repeated"] == true && question["id"] == "approval-1")
            #expect(question["approval_id"] == "1" && question["reply_to"] == "m1" && question["turn"] == 7 && question["chat_id"] == "asked")
            try first.say(["type": "received", "id": "approval-1"])
            // A client that says something first comes to a chat as well; the one that is there is not told again.
            let (second, _) = try await fixture.connect(in: &group)
            try second.say(Self.message("hi", id: "m2", chat: "asked too"))
            var frames = [try await second.frame(), try await second.frame()]
            frames.sort { ($0["type"]?.stringValue ?? "") < ($1["type"]?.stringValue ?? "") }
            #expect(frames[0]["type"] == "ack" && frames[1]["repeated"] == true && frames[1]["chat_id"] == "asked too")
            try first.say(Self.message("hi", id: "m3", chat: "asked"))
            #expect(try await first.frame()["type"] == "ack")
            #expect(fixture.inbox.returned == ["quiet", "asked", "asked too"])
        }
    }

    @Test("derives a stable id from the token when the client gives none, and turns commands into messages")
    func idsAndCommands() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(Self.message("one"))
            let id = try #require(try await client.frame()["id"]?.stringValue)
            #expect(id.count == 64 && fixture.inbox.messages.first?.id == id)
            try client.say(["type": "command", "command": "approve", "args": "a1"])
            _ = try await client.frame()
            #expect(fixture.inbox.messages.last?.text == "!approve a1")
        }
    }

    @Test("refuses plaintext, strange tokens and everything after them", arguments: [
        #"{"type":"message","sender_id":"a","chat_id":"c","content":"x"}"#, "", "gAAAAA", "not a token at all",
        "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==",
    ])
    func plaintext(text: String) async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            client.raw(text)
            try client.say(Self.message("late"))
            let error = try await client.plain()
            #expect(error["type"] == "error" && error["code"] == "decryption_failed")
            #expect(await client.next() == nil)
            #expect(client.closeCode == 4401)
            #expect(fixture.inbox.messages.isEmpty)
        }
    }

    @Test("refuses a token seen before, on the same connection and on another")
    func replay() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            let token = try client.token(Self.message("once"))
            client.raw(token)
            _ = try await client.frame()
            client.raw(token)
            #expect(try await client.frame()["code"] == "replayed")
            let (thief, _) = try await fixture.connect(in: &group)
            thief.raw(token)
            #expect(try await thief.plain()["code"] == "replayed")
            #expect(await thief.next() == nil)
            #expect(thief.closeCode == 4401)
            #expect(fixture.inbox.messages.count == 1)
        }
    }

    @Test("refuses tokens out of their time, from before the start, and its own reflected")
    func stale() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            for (offset, code) in [(-61.0, "token_expired"), (62, "token_expired"), (-5, "token_expired")] {
                let (client, _) = try await fixture.connect(in: &group)
                client.raw(try client.token(Self.message("x"), at: fixture.time.now.addingTimeInterval(offset)))
                #expect(try await client.plain()["code"]?.stringValue == code, "\(offset)")
                #expect(await client.next() == nil)
                #expect(client.closeCode == 4401)
            }
            let (mirror, _) = try await fixture.connect(in: &group)
            try mirror.say(["type": "message", "direction": "out", "sender_id": "a", "chat_id": "c", "content": "x"])
            #expect(try await mirror.plain()["code"] == "reflected")
            #expect(fixture.inbox.messages.isEmpty)
        }
    }

    @Test("authenticates by challenge and subscribes to chats")
    func authentication() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            await #expect(throws: DeliveryError.self) { try await fixture.adapter.send(Self.reply("nobody there")) }
            let (client, hello) = try await fixture.connect(in: &group)
            let challenge = try #require(hello["challenge"])
            try client.say(["type": "auth", "challenge": challenge, "client": "test", "chats": ["chat", "other"]])
            let accepted = try await client.frame()
            #expect(accepted["type"] == "auth_ok" && accepted["chats"] == ["chat", "other"])
            _ = try await fixture.adapter.send(Self.reply("welcome back"))
            #expect(try await client.frame()["content"] == "welcome back")
            #expect(fixture.inbox.returned == ["chat", "other"])
            let (wrong, _) = try await fixture.connect(in: &group)
            try wrong.say(["type": "auth", "challenge": challenge, "client": "test"])
            #expect(try await wrong.plain()["code"] == "challenge_mismatch")
            client.leave()
            #expect(await wrong.next() == nil)
            while await fixture.adapter.health().detail?.hasPrefix("0 connected") == false { await Task.yield() }
            let error = await #expect(throws: DeliveryError.self) { try await fixture.adapter.send(Self.reply("gone")) }
            #expect(error?.recovery == .recipientAway)
        }
    }

    @Test("delivers to every client that watches a chat and to no other")
    func watchers() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            let (first, _) = try await fixture.connect(in: &group)
            let (second, _) = try await fixture.connect(in: &group)
            let (third, _) = try await fixture.connect(in: &group)
            try first.say(Self.message("a", id: "1"))
            try second.say(Self.message("b", id: "2"))
            try third.say(Self.message("c", id: "3", chat: "elsewhere"))
            for client in [first, second, third] { _ = try await client.frame() }
            _ = try await fixture.adapter.send(Self.reply("both"))
            #expect(try await first.frame()["content"] == "both")
            #expect(try await second.frame()["content"] == "both")
            _ = try await fixture.adapter.send(Self.reply("one", chat: "elsewhere"))
            #expect(try await third.frame()["content"] == "one")
        }
    }

    @Test("answers bad frames with an error frame and goes on")
    func badFrames() async throws {
        try await WebSocketFixture.withAdapter { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            client.raw(try fixture.codec.seal(Array("{nonsense".utf8), now: fixture.time.now, randomBytes: Dependencies.live.randomBytes))
            #expect(try await client.frame()["code"] == "bad_json")
            client.raw(
                try fixture.codec.seal(
                    Array((String(repeating: "[", count: 50) + String(repeating: "]", count: 50)).utf8), now: fixture.time.now,
                    randomBytes: Dependencies.live.randomBytes))
            #expect(try await client.frame()["code"] == "bad_json")
            try client.say(["type": "platform_connect", "platform": "telegram", "credentials": ["token": "x"]])
            #expect(try await client.frame()["code"] == "not_supported")
            try client.say(Self.message(""))
            #expect(try await client.frame()["code"] == "bad_frame")
            try client.say(Self.message("fail", id: "f"))
            let failed = try await client.frame()
            #expect(failed["code"] == "not_stored" && failed["id"] == "f")
            try client.say(Self.message("stranger", id: "s"))
            #expect(try await client.frame()["status"] == "refused")
            try client.say(["type": "media_upload", "attachment": ["type": "image", "filename": "a.png", "data": "AAAA"]])
            #expect(try await client.frame()["code"] == "not_supported")
            try client.say(Self.message("still here", id: "ok"))
            #expect(try await client.frame()["status"] == "accepted")
            client.binary()
            #expect(await client.next() == nil)
            #expect(client.closeCode == .unsupportedData)
        }
    }

    @Test("slows a fast client down, then lets it go")
    func rateLimit() async throws {
        try await WebSocketFixture.withAdapter({ options in
            options.rate = 1
            options.burst = 2
            options.patience = 3
        }) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            for number in 0..<3 { try client.say(Self.message("x", id: "\(number)")) }
            #expect(try await client.frame()["status"] == "accepted")
            #expect(try await client.frame()["status"] == "accepted")
            let limited = try await client.frame()
            #expect(limited["code"] == "rate_limited" && limited["retry_after"]?.numberValue == 1)
            fixture.time.advance(1)
            try client.say(Self.message("x", id: "later"))
            #expect(try await client.frame()["status"] == "accepted")
            for number in 10..<14 { try client.say(Self.message("x", id: "\(number)")) }
            for _ in 0..<3 { #expect(try await client.frame()["code"] == "rate_limited") }
            #expect(await client.next() == nil)
            #expect(client.closeCode == .policyViolation)
        }
    }

    @Test("drops a client that never authenticates")
    func silence() async throws {
        try await WebSocketFixture.withAdapter({ $0.authenticationTimeout = .zero }) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            #expect(try await client.plain()["code"] == "auth_timeout")
            #expect(await client.next() == nil)
            #expect(client.closeCode == 4401)
        }
    }

    @Test("turns connections away while it is not running")
    func notRunning() async throws {
        let adapter = try WebSocketAdapter(
            password: WebSocketFixture.password, salt: WebSocketFixture.salt, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let client = TestClient(codec: FernetCodec(key: try FernetKey(bytes: [UInt8](repeating: 1, count: 32))), now: { Date() })
        try await adapter.endpoint.handle(client.connection)
        #expect(client.closeCode == .tryAgainLater)
        #expect(await adapter.health().status == .down)
    }

    @Test("refuses weak settings", arguments: [
        ("short", 16, 600_000), ("megabot-secure-key", 16, 600_000), ("aaaaaaaaaaaaaaaa", 16, 600_000), ("a password for tests", 15, 600_000),
        ("a password for tests", 16, 1000),
    ])
    func weak(password: String, saltSize: Int, iterations: Int) {
        var options = WebSocketAdapterOptions()
        options.iterations = iterations
        #expect(throws: WebSocketAdapterError.self) {
            try WebSocketAdapter(
                password: Secret(password), salt: (0..<saltSize).map { UInt8($0) }, options: options,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
    }
}
