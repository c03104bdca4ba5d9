// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Logging
import MegaCore
import Synchronization
import Testing

@testable import MegaAdapters

/// One end of a socket that exists in memory only, and the client's side of the protocol.
final class TestClient: Sendable {
    let connection: WebSocketConnection
    private let toServer: AsyncStream<WebSocketMessage>.Continuation
    private let fromServer: AsyncStream<WebSocketMessage>
    private let codec: FernetCodec
    private let now: @Sendable () -> Date

    init(codec: FernetCodec, now: @escaping @Sendable () -> Date) {
        let (inbound, toServer) = AsyncStream<WebSocketMessage>.makeStream(bufferingPolicy: .bufferingOldest(4096))
        let (fromServer, outbound) = AsyncStream<WebSocketMessage>.makeStream(bufferingPolicy: .bufferingOldest(4096))
        self.toServer = toServer
        self.fromServer = fromServer
        self.codec = codec
        self.now = now
        let closed = Mutexed()
        self.closedBox = closed
        connection = WebSocketConnection(
            remoteAddress: "127.0.0.1",
            receive: {
                var iterator = inbound.makeAsyncIterator()
                return await iterator.next()
            },
            send: { outbound.yield($0) },
            close: { code, _ in
                closed.set(code)
                toServer.finish()
                outbound.finish()
            })
    }

    private let closedBox: Mutexed
    var closeCode: WebSocketCloseCode? { closedBox.value }

    final class Mutexed: Sendable {
        private let content = Mutex<WebSocketCloseCode?>(nil)
        var value: WebSocketCloseCode? { content.withLock { $0 } }
        func set(_ code: WebSocketCloseCode) { content.withLock { $0 = $0 ?? code } }
    }

    func raw(_ text: String) { toServer.yield(.text(text)) }
    func binary() { toServer.yield(.binary([1])) }
    func leave() { toServer.finish() }

    func token(_ json: JSONValue, at date: Date? = nil) throws -> String {
        try codec.seal(json.encoded(), now: date ?? now(), randomBytes: Dependencies.live.randomBytes)
    }

    func say(_ json: JSONValue) throws { raw(try token(json)) }

    func next() async -> String? {
        var iterator = fromServer.makeAsyncIterator()
        guard case .text(let text)? = await iterator.next() else { return nil }
        return text
    }

    func plain() async throws -> JSONValue { try JSONValue(parsing: try #require(await next())) }

    func frame() async throws -> JSONValue {
        let opened = try codec.open(try #require(await next()), now: now(), timeToLive: 60)
        return try JSONValue(parsing: opened.content)
    }
}

/// What the adapter handed in.
final class RecordingInbox: Sendable {
    private let seen = Mutex<(messages: [InboundMessage], returned: [String])>(([], []))
    /// What is open in every chat whose name begins with `asked`.
    static func question(in conversation: ConversationID) -> OutboundMessage {
        OutboundMessage(
            id: "approval-1", conversation: conversation, kind: .approvalRequest, content: [.text("May I?")], replyTo: "m1",
            approval: ApprovalRequest.ID(rawValue: "1"), turn: TurnID(rawValue: 7))
    }
    var messages: [InboundMessage] { seen.withLock { $0.messages } }
    var returned: [String] { seen.withLock { $0.returned } }

    var inbox: Inbox {
        Inbox(
            accept: { message, _ in
                try self.seen.withLock { seen in
                    struct Full: Error {}
                    if message.text == "fail" { throw Full() }
                    if message.text == "stranger" { return .refused(reason: "unknown sender") }
                    if let index = seen.messages.firstIndex(where: { $0.id == message.id && $0.conversation == message.conversation }) {
                        return .duplicate(TurnID(rawValue: Int64(index + 1)))
                    }
                    seen.messages.append(message)
                    return .accepted(TurnID(rawValue: Int64(seen.messages.count)))
                }
            },
            recipientReturned: { conversation in self.seen.withLock { $0.returned.append(conversation.chat) } },
            openQuestions: { $0.chat.hasPrefix("asked") ? [Self.question(in: $0)] : [] })
    }
}

/// A wall clock the test sets.
final class TestTime: Sendable {
    private let seconds = Mutex(1_800_000_000.0)
    var now: Date { Date(timeIntervalSince1970: seconds.withLock { $0 }) }
    func advance(_ by: Double) { seconds.withLock { $0 += by } }
}

/// A running channel and what a test needs around it.
struct WebSocketFixture: Sendable {
    static let salt: [UInt8] = Array(1...16)
    static let password = Secret("a password for tests")

    let adapter: WebSocketAdapter
    let inbox: RecordingInbox
    let time: TestTime
    let codec: FernetCodec

    /// A client whose connection is being served; the hello is read already.
    func connect(in group: inout ThrowingTaskGroup<Void, any Error>) async throws -> (TestClient, hello: JSONValue) {
        let client = TestClient(codec: codec, now: { time.now })
        group.addTask { try await adapter.endpoint.handle(client.connection) }
        return (client, try await client.plain())
    }

    static func withAdapter(
        _ change: (inout WebSocketAdapterOptions) -> Void = { _ in }, attachments: (any BlobStore)? = nil,
        _ body: (WebSocketFixture, inout ThrowingTaskGroup<Void, any Error>) async throws -> Void
    ) async throws {
        var options = WebSocketAdapterOptions()
        options.iterations = 100_000
        change(&options)
        let time = TestTime()
        let adapter = try WebSocketAdapter(
            password: password, salt: salt, options: options, attachments: attachments,
            dependencies: Dependencies(clock: ContinuousClock(), now: { time.now }, randomBytes: Dependencies.live.randomBytes),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let fixture = WebSocketFixture(
            adapter: adapter, inbox: RecordingInbox(), time: time,
            codec: FernetCodec(key: try FernetKey.derive(password: password, salt: salt, iterations: 100_000)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await adapter.run(delivering: fixture.inbox.inbox) }
            while await adapter.health().status != .healthy { await Task.yield() }
            try await body(fixture, &group)
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }
}
