// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Logging
import MegaAdapters
import MegaCore
import MegaNetworking
import Subprocess
import Synchronization
import Testing

/// A Python client written from the documentation alone talks to the real server and adapter.
@Suite("Native WebSocket channel and a Python client", .serialized, .timeLimit(.minutes(5)))
struct WebSocketPeerTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let python = environment["MEGABOT_TEST_PYTHON"]
    /// Without an interpreter the tests are skipped, but never in continuous integration: there they fail.
    private static let mayRun = python != nil || environment["CI"] != nil
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Peers/websocket/client.py").path
    private static let password = "a password for the peer"

    @Test(
        "holds every case of the peer", .enabled(if: mayRun, "MEGABOT_TEST_PYTHON names no Python with websockets and cryptography"),
        arguments: [
            "chat", "upload", "plaintext", "garbage", "replay", "stale", "refusals", "protocol", "fragments", "slow", "many",
        ])
    func peer(name: String) async throws {
        let python = try #require(Self.python, "set MEGABOT_TEST_PYTHON to a Python with Tests/Peers/websocket/requirements.txt")
        try await Self.withServer { port in
            let result = try await Subprocess.run(
                .name("env"), arguments: [python, Self.script, String(port), Self.password, name], output: .string(limit: 1 << 16),
                error: .string(limit: 1 << 16))
            #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
            #expect(result.standardOutput == "ok \(name)\n")
        }
    }

    private static func withServer(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        var options = WebSocketAdapterOptions()
        options.iterations = 100_000
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let adapter = try WebSocketAdapter(
            password: Secret(password), salt: Array(1...16), options: options, attachments: InMemoryBlobStore(limit: 400_000), logger: logger)
        let (ports, ready) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let server = NIOWebSocketServer(
            port: 0, webSockets: [adapter.endpoint], requestTimeout: .seconds(2), logger: logger, onReady: { ready.yield($0) })
        let (replies, reply) = AsyncStream<InboundMessage>.makeStream(bufferingPolicy: .bufferingOldest(4096))
        let seen = Mutex<[String: Int64]>([:])
        let inbox = Inbox(accept: { message, _ in
            let (turn, isNew) = seen.withLock { seen in
                let key = "\(message.conversation) \(message.id)"
                if let turn = seen[key] { return (turn, false) }
                let turn = Int64(seen.count + 1)
                seen[key] = turn
                return (turn, true)
            }
            guard isNew else { return .duplicate(TurnID(rawValue: turn)) }
            reply.yield(message)
            return .accepted(TurnID(rawValue: turn))
        })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await adapter.run(delivering: inbox) }
            group.addTask { try await server.run() }
            group.addTask {
                for await message in replies {
                    if message.text == "stream" { await adapter.show(.started, in: message.conversation) }
                    let media = message.content.filter { if case .media = $0 { true } else { false } }
                    guard message.text.hasPrefix("say ") || !media.isEmpty else { continue }
                    let text = media.isEmpty ? String(message.text.dropFirst(4)) : "got it"
                    let answer = OutboundMessage(
                        id: "answer-\(message.id)", conversation: message.conversation, content: [.text(text)] + media)
                    do {
                        _ = try await adapter.send(answer)
                    } catch is DeliveryError {
                        // The peer of that case had left already; an outbox would keep the message.
                    }
                }
            }
            while await adapter.health().status != .healthy { await Task.yield() }
            var waiting = ports.makeAsyncIterator()
            let port = try #require(await waiting.next())
            try await body(port)
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }
}
