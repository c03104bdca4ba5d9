// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import Logging
import MegaCore
import MegaTesting
import Testing

@testable import MegaNetworking

@Suite("WebSocket server and client", .timeLimit(.minutes(2)))
struct WebSocketServerTests {
    static let echo = WebSocketEndpoint(path: "/echo", allowedOrigins: ["https://good.example"], messageLimit: 4 << 20) { connection in
        while let message = try await connection.receive() { try await connection.send(message) }
    }
    static let connector = NIOWebSocketConnector { _, _, _ in true }

    /// Runs a server on a port of the system's choice while `body` runs.
    static func withServer(
        _ webSockets: [WebSocketEndpoint] = [echo], http: [HTTPEndpoint] = [], host: String = "127.0.0.1", tls: ServerTLS? = nil,
        bodyLimit: Int = 1 << 20, requestLimits: RequestLimits.Table? = nil, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, ready) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let server = NIOWebSocketServer(
            host: host, port: 0, webSockets: webSockets, http: http, requestLimits: requestLimits, tls: tls, bodyLimit: bodyLimit,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onReady: { ready.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var waiting = ports.makeAsyncIterator()
            let port = try #require(await waiting.next())
            try await body(port)
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }

    @Test("echoes text and binary of every size class")
    func echoes() async throws {
        try await Self.withServer { port in
            try await Self.connector.withConnection(to: WebSocketRequest(url: "ws://127.0.0.1:\(port)/echo")) { connection in
                for size in [0, 1, 125, 126, 65535, 65536, 3_000_000] {
                    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                    try await connection.send(.binary(bytes))
                    #expect(try await connection.receive() == .binary(bytes))
                }
                try await connection.send("grüße 😀")
                #expect(try await connection.receive() == .text("grüße 😀"))
                #expect(connection.remoteAddress == "127.0.0.1")
            }
        }
    }

    @Test("a close frame that comes together with the answer to the upgrade is read as one")
    func closedAtOnce() async throws {
        let refusing = WebSocketEndpoint(path: "/no") { await $0.close(.tryAgainLater, reason: "later") }
        try await Self.withServer([refusing]) { port in
            for _ in 0..<100 {
                let error = await #expect(throws: WebSocketError.self) {
                    try await Self.connector.withConnection(to: WebSocketRequest(url: "ws://127.0.0.1:\(port)/no")) { connection in
                        while try await connection.receive() != nil {}
                    }
                }
                #expect(error?.closeCode == .tryAgainLater)
            }
        }
    }

    @Test("serves many connections at once")
    func many() async throws {
        try await Self.withServer { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        try await Self.connector.withConnection(to: WebSocketRequest(url: "ws://localhost:\(port)/echo")) { connection in
                            for round in 0..<5 {
                                try await connection.send("\(number) \(round)")
                                #expect(try await connection.receive() == .text("\(number) \(round)"))
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("tells why an upgrade was refused", arguments: [
        ("/nowhere", [:] as [String: String], "404"), ("/echo", ["Origin": "https://evil.example"], "403"),
    ])
    func refusals(path: String, headers: [String: String], status: String) async throws {
        try await Self.withServer { port in
            var fields = HTTPFields()
            for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
            let request = WebSocketRequest(url: "ws://127.0.0.1:\(port)\(path)", headers: fields)
            let error = await #expect(throws: WebSocketError.self) {
                try await Self.connector.withConnection(to: request) { _ in }
            }
            #expect(error?.code == .upgradeRefused)
            #expect(error?.reason.contains(status) == true)
        }
    }

    @Test("lets an allowed Origin in")
    func allowedOrigin() async throws {
        try await Self.withServer { port in
            let request = WebSocketRequest(url: "ws://127.0.0.1:\(port)/echo", headers: [.origin: "https://good.example"])
            try await Self.connector.withConnection(to: request) { connection in
                try await connection.send("x")
                #expect(try await connection.receive() == .text("x"))
            }
        }
    }

    @Test("answers 503 above an endpoint's connection limit")
    func connectionLimit() async throws {
        var endpoint = Self.echo
        endpoint.connectionLimit = 1
        try await Self.withServer([endpoint]) { port in
            let request = WebSocketRequest(url: "ws://127.0.0.1:\(port)/echo")
            try await Self.connector.withConnection(to: request) { first in
                try await first.send("x")
                _ = try await first.receive()
                let error = await #expect(throws: WebSocketError.self) { try await Self.connector.withConnection(to: request) { _ in } }
                #expect(error?.reason.contains("503") == true)
            }
        }
    }

    @Test("closes a message above the limit with 1009")
    func messageLimit() async throws {
        var endpoint = Self.echo
        endpoint.messageLimit = 1000
        try await Self.withServer([endpoint]) { port in
            try await Self.connector.withConnection(to: WebSocketRequest(url: "ws://127.0.0.1:\(port)/echo")) { connection in
                try await connection.send(.binary([UInt8](repeating: 0, count: 1001)))
                let error = await #expect(throws: WebSocketError.self) { try await connection.receive() }
                #expect(error?.closeCode == .messageTooBig)
            }
        }
    }

    @Test("gives the peer's close code to the reader and ends a normal close with nil")
    func closeCodes() async throws {
        let closing = WebSocketEndpoint(path: "/close") { connection in
            guard case .text(let text)? = try await connection.receive(), let code = UInt16(text) else { return }
            await connection.close(WebSocketCloseCode(rawValue: code), reason: "as asked")
        }
        try await Self.withServer([closing]) { port in
            let request = WebSocketRequest(url: "ws://127.0.0.1:\(port)/close")
            try await Self.connector.withConnection(to: request) { connection in
                try await connection.send("4401")
                let error = await #expect(throws: WebSocketError.self) { try await connection.receive() }
                #expect(error?.closeCode == 4401)
                #expect(error?.reason.contains("as asked") == true)
            }
            try await Self.connector.withConnection(to: request) { connection in
                try await connection.send("1000")
                #expect(try await connection.receive() == nil)
                await #expect(throws: WebSocketError.self) { try await connection.send("late") }
            }
        }
    }

    @Test("refuses an address the egress rule forbids, without connecting")
    func egress() async throws {
        let connector = NIOWebSocketConnector { host, address, port in
            #expect(host == "127.0.0.1" && address == "127.0.0.1" && port == 9)
            return false
        }
        let error = await #expect(throws: WebSocketError.self) {
            try await connector.withConnection(to: WebSocketRequest(url: "ws://127.0.0.1:9/")) { _ in }
        }
        #expect(error?.code == .egressRefused)
    }

    @Test("asks a policy about the address a name leads to, and says why not")
    func egressPolicy() async throws {
        try await Self.withServer { port in
            let request = WebSocketRequest(url: "ws://localhost:\(port)/echo")
            let open: [EgressPolicy] = [
                .loopbackOnly, .only(["localhost:\(port)"]), .only(["127.0.0.0/8"]), .publicInternet(allowing: ["127.0.0.1"]),
            ]
            for policy in open {
                try await NIOWebSocketConnector(egress: policy).withConnection(to: request) { connection in
                    try await connection.send("x")
                    #expect(try await connection.receive() == .text("x"))
                }
            }
            let closed: [EgressPolicy] = [.nothing, .publicInternet(), .only(["localhost:1", "example.org"])]
            for policy in closed {
                let error = await #expect(throws: WebSocketError.self) {
                    try await NIOWebSocketConnector(egress: policy).withConnection(to: request) { _ in }
                }
                #expect(error?.code == .egressRefused)
                #expect(error?.reason.contains("localhost") == true)
            }
        }
    }

    @Test("tells that nobody listens")
    func nobody() async throws {
        let error = await #expect(throws: WebSocketError.self) {
            try await Self.connector.withConnection(to: WebSocketRequest(url: "ws://127.0.0.1:1/")) { _ in }
        }
        #expect(error?.code == .cannotConnect)
    }

    @Test("gives up on a server that accepts the connection and never answers")
    func connectTimeout() async throws {
        let server = try HostileHTTPServer()
        let request = WebSocketRequest(url: "ws://127.0.0.1:\(server.port)\(server.path(.neverAnswers))", connectTimeout: .seconds(1))
        let error = await #expect(throws: WebSocketError.self) { try await Self.connector.withConnection(to: request) { _ in } }
        #expect(error?.code == .timeout)
        #expect(error?.reason.contains("in time") == true)
        // It does not leave the connection behind.
        let patience = ContinuousClock.now + .seconds(20)
        while server.connectionsCutByClient == 0, ContinuousClock.now < patience { await Task.yield() }
        #expect(server.connectionsCutByClient == 1)
    }

    @Test("names the port when it is in use and what to do")
    func portInUse() async throws {
        try await Self.withServer { port in
            let second = NIOWebSocketServer(port: port, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let error = await #expect(throws: WebSocketServerError.self) { try await second.run() }
            #expect(error?.code == .portInUse)
            #expect(error?.reason.contains("\(port)") == true)
        }
    }

    @Test("does not listen in plaintext where others can reach it")
    func plaintext() async throws {
        let server = NIOWebSocketServer(host: "0.0.0.0", port: 0, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let error = await #expect(throws: WebSocketServerError.self) { try await server.run() }
        #expect(error?.code == .plaintextRefused)
    }

    @Test("cancelling the client's task ends a waiting receive")
    func cancellation() async throws {
        try await Self.withServer { port in
            let (waiting, started) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: (any Error).self) {
                        try await Self.connector.withConnection(to: WebSocketRequest(url: "ws://127.0.0.1:\(port)/echo")) { connection in
                            started.yield()
                            _ = try await connection.receive()
                            try Task.checkCancellation()
                        }
                    }
                }
                var iterator = waiting.makeAsyncIterator()
                await iterator.next()
                group.cancelAll()
            }
        }
    }
}
