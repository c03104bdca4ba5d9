// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaAdapters
import MegaCore
import MegaNetworking

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A client of the native channel: says something, waits until the answer has come, says the next thing.
struct NativeClient {
    let port: Int
    let connections: Int

    struct Measured: Sendable {
        var count: Int
        var elapsed: Double
        var cpu: Double
    }

    func run(seconds: Double, serverTime: @escaping @Sendable () throws -> Double) async throws -> Measured {
        let key = try FernetKey.derive(
            password: Secret(ServerCommand.password), salt: ServerCommand.salt, iterations: ServerCommand.iterations)
        let codec = FernetCodec(key: key)
        let connector = NIOWebSocketConnector(egress: .loopbackOnly)
        let port = port
        let begun = ContinuousClock.now
        let before = try serverTime()
        let end = begun + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<connections {
                group.addTask {
                    try await connector.withConnection(to: WebSocketRequest(url: "ws://127.0.0.1:\(port)/")) { connection in
                        try await Self.talk(over: connection, number: number, codec: codec, until: end)
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        return Measured(count: count, elapsed: begun.duration(to: .now).seconds, cpu: try serverTime() - before)
    }

    private static func talk(
        over connection: WebSocketConnection, number: Int, codec: FernetCodec, until end: ContinuousClock.Instant
    ) async throws -> Int {
        guard case .text(let hello)? = try await connection.receive(), let greeting = try? JSONValue(parsing: hello),  // why: said next
            let challenge = greeting["challenge"]?.stringValue
        else { throw MeasurementError("no hello") }
        try await send(["type": "auth", "challenge": .string(challenge), "chats": []], over: connection, codec)
        try await waitFor("auth_ok", over: connection, codec)
        let padding = JSONValue.string(String(repeating: "x", count: 900))
        var count = 0
        while ContinuousClock.now < end {
            let frame: JSONValue = [
                "type": "message", "id": .string("\(number)-\(count)"), "sender_id": "ana", "chat_id": .string("chat-\(number)"),
                "content": padding,
            ]
            try await send(frame, over: connection, codec)
            try await waitFor("message", over: connection, codec)
            count += 1
        }
        return count
    }

    private static func send(_ frame: JSONValue, over connection: WebSocketConnection, _ codec: FernetCodec) async throws {
        let token = try codec.seal(
            Array(try frame.encodedString().utf8), now: Date(), randomBytes: Dependencies.live.randomBytes)
        try await connection.send(token)
    }

    private static func waitFor(_ type: String, over connection: WebSocketConnection, _ codec: FernetCodec) async throws {
        let wanted = Array("\"type\":\"\(type)\"".utf8)
        while case .text(let text)? = try await connection.receive() {
            let content = try codec.open(text, now: Date(), timeToLive: nil).content
            if content.contains(wanted) { return }
            if content.contains(Array("\"type\":\"error\"".utf8)) { throw MeasurementError(String(decoding: content, as: UTF8.self)) }
        }
        throw MeasurementError("the server closed the connection")
    }
}
