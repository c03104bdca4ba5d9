// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import Testing

@testable import MegaAdapters

@Suite("Guards of the WebSocket channel")
struct WebSocketGuardTests {
    @Test("admits a token once and forgets it when it can no longer be valid")
    func replays() {
        var guardian = ReplayGuard(startedAt: 1000, timeToLive: 60, capacity: 3)
        let token = { (seed: UInt8) in [UInt8](repeating: seed, count: 32) }
        #expect(guardian.admit(signature: token(1), timestamp: 1000, now: 1000) == .fresh)
        #expect(guardian.admit(signature: token(1), timestamp: 1000, now: 1060) == .replayed)
        #expect(guardian.admit(signature: token(2), timestamp: 999, now: 1000) == .tooOld)
        #expect(guardian.admit(signature: token(3), timestamp: 1050, now: 1000) == .fresh)
        #expect(guardian.admit(signature: token(4), timestamp: 1050, now: 1000) == .fresh)
        #expect(guardian.admit(signature: token(5), timestamp: 1050, now: 1000) == .full)
        #expect(guardian.admit(signature: token(5), timestamp: 1061, now: 1061) == .fresh)
        #expect(guardian.count == 3)
        #expect(guardian.admit(signature: token(3), timestamp: 1050, now: 1110) == .replayed)
    }

    @Test("keeps nothing but the base name of a file")
    func baseNames() {
        let cases: [(String, String?)] = [
            ("a.txt", "a.txt"), ("/etc/passwd", "passwd"), ("..\\..\\x.exe", "x.exe"), ("..", nil), ("/", nil), ("", nil),
            ("a\u{0}b\u{202E}c", "abc"), ("dir/", "dir"),
        ]
        for (path, name) in cases { #expect(NativeFrame.Attachment.baseName(path) == name, "\(path)") }
        #expect((NativeFrame.Attachment.baseName(String(repeating: "é", count: 300)) ?? "").utf8.count == 200)
    }

    @Test("names what is wrong with a frame")
    func frames() throws {
        let cases: [(JSONValue, String)] = [
            ("text", "bad_frame"), ([:], "bad_frame"), (["type": "message", "chat_id": "c"], "bad_frame"),
            (["type": "message", "sender_id": "s"], "bad_frame"), (["type": "message", "sender_id": "s", "chat_id": ""], "bad_frame"),
            (["type": "message", "sender_id": "s", "chat_id": "c", "content": 5], "bad_frame"),
            (["type": "message", "sender_id": "s", "chat_id": "c", "message_type": "poem"], "bad_frame"),
            (["type": "message", "sender_id": "s", "chat_id": "c", "timestamp": "yesterday"], "bad_frame"),
            (["type": "platform_connect", "platform": "telegram"], "not_supported"), (["type": "dance"], "unknown_type"),
            (["type": "message", "direction": "out"], "reflected"), (["type": "command"], "bad_frame"),
            (["type": "media_upload", "sender_id": "s", "chat_id": "c"], "bad_frame"),
            (["type": "media_upload", "sender_id": "s", "chat_id": "c", "attachment": ["data": "AAAA"]], "too_large"),
            (["type": "media_upload", "sender_id": "s", "chat_id": "c", "attachment": ["data": "?"]], "bad_frame"),
        ]
        for (json, code) in cases {
            let flaw = #expect(throws: NativeFrame.Flaw.self, "\(json)") { try NativeFrame(json, habits: .init(), attachmentLimit: 2) }
            #expect(flaw?.code == code, "\(json)")
        }
        let command: JSONValue = ["type": "command", "command": "mode", "args": ["build"]]
        guard case .message(let message) = try NativeFrame(command, habits: .init(senderID: "s", chatID: "c"), attachmentLimit: 2) else {
            Issue.record("no message")
            return
        }
        #expect(message.text == "!mode build" && message.senderID == "s" && message.chatID == "c")
    }

    @Test("queues durable messages before live ones and gives up on a client that is too slow")
    func queue() async {
        let peer = NativePeer(id: 1, challenge: "", limits: .init(liveBytes: 10, durableBytes: 20, durableCount: 2))
        peer.show([UInt8](repeating: 1, count: 10))
        peer.show([UInt8](repeating: 2, count: 1))
        let (outcomes, outcome) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(3))
        peer.send([UInt8](repeating: 3, count: 11)) { outcome.yield($0) }
        peer.send([4]) { outcome.yield($0) }
        peer.send([5]) { outcome.yield($0) }
        var requests = peer.closeRequests.makeAsyncIterator()
        #expect(await requests.next()?.code == .tryAgainLater)
        #expect(await peer.next()?.content.first == 3, "live updates made room")
        #expect(await peer.next()?.content.first == 4)
        peer.send([6]) { outcome.yield($0) }
        peer.close()
        var results: [Bool] = []
        for await result in outcomes {
            results.append(result)
            if results.count == 2 { break }
        }
        #expect(results == [false, false], "one for want of room, one left at the close")
    }
}
