// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Logging
import MegaCore
import Testing

@testable import MegaAdapters

@Suite("Attachments over the native WebSocket channel", .timeLimit(.minutes(2)))
struct WebSocketAttachmentTests {
    private static let chat = ConversationID(platform: .webSocket, chat: "c")
    private static let upload: JSONValue = [
        "type": "message", "id": "m", "sender_id": "a", "chat_id": "c", "content": "look",
        "attachments": [
            ["type": "image", "filename": "../../x.png", "mime_type": "image/png", "size": 3, "data": "AAEC", "caption": "c"]
        ],
    ]

    /// A blob store that cannot give what it has.
    private struct Failing: BlobStore {
        let error: any Error
        var limit: Int { 1 << 20 }
        func put(_ bytes: [UInt8]) async throws -> String { throw error }
        func get(_ key: String) async throws -> [UInt8]? { throw error }
        func remove(_ key: String) async throws -> Bool { throw error }
    }

    private static func media(_ blob: String, size: Int) -> ContentPart {
        .media(Media(kind: .document, mimeType: "text/plain", fileName: "a.txt", size: size, blob: blob))
    }

    private static func message(_ content: [ContentPart]) -> OutboundMessage { OutboundMessage(id: "out", conversation: chat, content: content) }

    @Test("stores what comes with a message or by itself under its digest and base name")
    func uploads() async throws {
        let blobs = InMemoryBlobStore()
        try await WebSocketFixture.withAdapter(attachments: blobs) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(Self.upload)
            #expect(try await client.frame()["status"] == "accepted")
            try client.say(["type": "media_upload", "id": "u", "attachment": ["type": "document", "filename": "y.bin", "data": "AwQ="]])
            #expect(try await client.frame()["status"] == "accepted")
            let key = "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc"
            let image = Media(kind: .image, mimeType: "image/png", fileName: "x.png", size: 3, blob: key, caption: "c")
            #expect(fixture.inbox.messages.first?.content == [.text("look"), .media(image)])
            #expect(try await blobs.get(key) == [0, 1, 2])
            guard case .media(let file)? = fixture.inbox.messages.last?.content.first else {
                Issue.record("no media")
                return
            }
            #expect(file.kind == .document && file.fileName == "y.bin" && file.size == 2 && file.mimeType == "application/octet-stream")
            #expect(try await blobs.get(file.blob) == [3, 4])
        }
    }

    @Test("refuses what is too large, wrongly sized or no base64, and says why")
    func refusals() async throws {
        let blobs = InMemoryBlobStore(limit: 3)
        try await WebSocketFixture.withAdapter({ $0.attachmentLimit = 6 }, attachments: blobs) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            func answer(_ attachment: JSONValue) async throws -> JSONValue {
                try client.say(["type": "media_upload", "id": "u", "sender_id": "a", "chat_id": "c", "attachment": attachment])
                return try await client.frame()
            }
            #expect(try await answer(["data": "AAECAw=="])["code"] == "too_large")  // the store's limit
            #expect(try await answer(["data": "AAECAwQFBg=="])["code"] == "too_large")  // the channel's
            #expect(try await answer(["data": "AAEC", "size": 4])["code"] == "bad_frame")
            #expect(try await answer(["data": "A*"])["code"] == "bad_frame")
            #expect(try await answer(["filename": "x"])["code"] == "bad_frame")
            #expect(try await answer(["data": "AAEC", "type": "spaceship"])["code"] == "bad_frame")
            #expect(fixture.inbox.messages.isEmpty && blobs.count == 0)
            #expect(try await answer(["data": "AAEC"])["status"] == "accepted")
        }
    }

    @Test("a message whose attachment cannot be kept is not taken, and may be sent again")
    func fullDisk() async throws {
        try await WebSocketFixture.withAdapter(attachments: Failing(error: StoreError(.diskFull, reason: "full"))) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(Self.upload)
            let answer = try await client.frame()
            #expect(answer["code"] == "not_stored" && answer["id"] == "m")
            #expect(fixture.inbox.messages.isEmpty)
        }
    }

    @Test("sends the bytes of a message's attachments")
    func downloads() async throws {
        let blobs = InMemoryBlobStore()
        let key = try await blobs.put(Array("content".utf8))
        try await WebSocketFixture.withAdapter(attachments: blobs) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(Self.upload)
            _ = try await client.frame()
            let unknown = String(repeating: "0", count: 64)
            _ = try await fixture.adapter.send(Self.message([.text("here"), Self.media(key, size: 7), Self.media(unknown, size: 7)]))
            let frame = try await client.frame()
            let attachments = try #require(frame["attachments"]?.arrayValue)
            #expect(frame["content"] == "here" && attachments.count == 2)
            #expect(attachments.first?["data"]?.stringValue == Data("content".utf8).base64EncodedString())
            #expect(attachments.first?["filename"] == "a.txt" && attachments.first?["omitted"] == nil)
            #expect(attachments.last?["data"] == nil && attachments.last?["omitted"] == "missing")
        }
        try await WebSocketFixture.withAdapter { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(["type": "message", "id": "1", "sender_id": "a", "chat_id": "c", "content": "hi"])
            _ = try await client.frame()
            _ = try await fixture.adapter.send(Self.message([Self.media(key, size: 7)]))
            #expect(try await client.frame()["attachments"]?.arrayValue?.first?["omitted"] == "not_kept")
            #expect(fixture.adapter.capabilities.media.isEmpty)
        }
    }

    @Test("never sends a frame above its limit: what has no room is left out, what still fits is sent", arguments: [4096, 20_000, 65_536])
    func frameLimit(limit: Int) async throws {
        let blobs = InMemoryBlobStore()
        let small = try await blobs.put([UInt8](repeating: 1, count: 100))
        try await WebSocketFixture.withAdapter({ $0.frameLimit = limit }, attachments: blobs) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(["type": "message", "id": "1", "sender_id": "a", "chat_id": "c", "content": "hi"])
            _ = try await client.frame()
            // Sizes around the border; the description may lie about the size.
            var sent = 0
            for size in stride(from: limit / 2 - 600, to: limit / 2 + 200, by: 37) {
                let key = try await blobs.put([UInt8](repeating: 2, count: size))
                for claimed in [size, 1] {
                    _ = try await fixture.adapter.send(Self.message([Self.media(key, size: claimed), Self.media(small, size: 100)]))
                    let token = try #require(await client.next())
                    #expect(token.utf8.count <= limit)
                    let attachments = try JSONValue(parsing: fixture.codec.open(token, now: fixture.time.now, timeToLive: 60).content)["attachments"]
                    let first = try #require(attachments?.arrayValue?.first)
                    if first["data"] != nil { sent += 1 } else { #expect(first["omitted"] == "too_large") }
                }
            }
            _ = try await fixture.adapter.send(Self.message([Self.media(small, size: .max), Self.media(small, size: 100)]))
            let mixed = try await client.frame()["attachments"]?.arrayValue
            #expect(mixed?.first?["omitted"] == "too_large" && mixed?.last?["data"] != nil)
            #expect(sent > 0)
        }
    }

    @Test("the room for content is exact: one byte more makes the token longer than allowed", arguments: [200, 1024, 1025, 4096, 65_536])
    func contentLimit(count: Int) throws {
        let codec = FernetCodec(key: try FernetKey(bytes: [UInt8](repeating: 1, count: 32)))
        let most = FernetCodec.contentLimit(ofToken: count)
        func length(_ size: Int) throws -> Int {
            try codec.seal([UInt8](repeating: 0, count: size), now: Date(), randomBytes: Dependencies.live.randomBytes).utf8.count
        }
        #expect(try length(most) <= count)
        #expect(try length(most + 1) > count)
    }

    @Test("bytes that were damaged are left out; those that cannot be read now make the outbox try again")
    func unreadable() async throws {
        let damaged = Failing(error: SealError(.notAuthentic, reason: "changed"))
        try await WebSocketFixture.withAdapter(attachments: damaged) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(["type": "message", "id": "1", "sender_id": "a", "chat_id": "c", "content": "hi"])
            _ = try await client.frame()
            _ = try await fixture.adapter.send(Self.message([.text("t"), Self.media("k", size: 1)]))
            let frame = try await client.frame()
            #expect(frame["content"] == "t" && frame["attachments"]?.arrayValue?.first?["omitted"] == "unreadable")
        }
        try await WebSocketFixture.withAdapter(attachments: Failing(error: StoreError(.unavailable, reason: "disk"))) { fixture, group in
            let (client, _) = try await fixture.connect(in: &group)
            try client.say(["type": "message", "id": "1", "sender_id": "a", "chat_id": "c", "content": "hi"])
            _ = try await client.frame()
            let error = await #expect(throws: DeliveryError.self) {
                _ = try await fixture.adapter.send(Self.message([Self.media("k", size: 1)]))
            }
            #expect(error?.recovery == .retry(after: nil))
        }
    }

    @Test("a key at hand serves the same clients as the password it was made of")
    func readyKey() async throws {
        var options = WebSocketAdapterOptions()
        options.iterations = 100_000
        let key = try FernetKey.derive(password: WebSocketFixture.password, salt: WebSocketFixture.salt, iterations: options.iterations)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let adapter = try WebSocketAdapter(key: key, salt: WebSocketFixture.salt, options: options, logger: logger)
        let inbox = RecordingInbox()
        let client = TestClient(codec: FernetCodec(key: key), now: { Date() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await adapter.run(delivering: inbox.inbox) }
            while await adapter.health().status != .healthy { await Task.yield() }
            group.addTask { try await adapter.endpoint.handle(client.connection) }
            let hello = try await client.plain()
            #expect(hello["iterations"] == 100_000 && hello["salt"]?.stringValue == Data(WebSocketFixture.salt).base64EncodedString())
            try client.say(["type": "message", "id": "1", "sender_id": "a", "chat_id": "c", "content": "hi"])
            #expect(try await client.frame()["status"] == "accepted")
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
        #expect(throws: WebSocketAdapterError.self) { try WebSocketAdapter(key: key, salt: [1, 2, 3], options: options, logger: logger) }
        options.iterations = 1000
        #expect(throws: WebSocketAdapterError.self) {
            try WebSocketAdapter(key: key, salt: WebSocketFixture.salt, options: options, logger: logger)
        }
    }
}
