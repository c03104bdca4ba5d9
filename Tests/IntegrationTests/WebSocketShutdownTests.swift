// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import Logging
import MegaCore
import MegaNetworking
import MegaTesting
import ServiceLifecycle
import Testing

@Suite("Graceful shutdown of the WebSocket server", .timeLimit(.minutes(2)))
struct WebSocketShutdownTests {
    @Test("closes WebSockets with 1001, stops listening and returns")
    func shutdown() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let endpoint = WebSocketEndpoint(path: "/") { connection in
            while let message = try await connection.receive() { try await connection.send(message) }
        }
        let (ports, ready) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let server = NIOWebSocketServer(port: 0, webSockets: [endpoint], logger: logger, onReady: { ready.yield($0) })
        let services = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var waiting = ports.makeAsyncIterator()
            let port = try #require(await waiting.next())
            let connector = NIOWebSocketConnector(egress: .loopbackOnly)
            let request = WebSocketRequest(url: "ws://127.0.0.1:\(port)/")
            try await connector.withConnection(to: request) { connection in
                try await connection.send("here")
                #expect(try await connection.receive() == .text("here"))
                await services.triggerGracefulShutdown()
                #expect(try await connection.receive() == nil, "1001 is an orderly end")
            }
            try await group.waitForAll()
            let error = await #expect(throws: WebSocketError.self) { try await connector.withConnection(to: request) { _ in } }
            #expect(error?.code == .cannotConnect)
        }
    }

    @Test("cuts WebSockets and answers that do not end in time, and returns")
    func cutting() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        // Nothing ever opens it: what waits here ends by being cut.
        let never = Gate()
        let (cuts, cut) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(2))
        @Sendable func hang(_ name: String) async throws {
            do { try await never.wait() } catch {
                cut.yield(name)
                throw error
            }
        }
        let endpoint = WebSocketEndpoint(path: "/") { connection in
            try await connection.send("here")
            try await hang("webSocket")
        }
        let (asked, asking) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let http = HTTPEndpoint(method: .get, path: "/slow") { _, _ in
            asking.yield()
            try await hang("http")
            return HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody("late"))
        }
        let (ports, ready) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let server = NIOWebSocketServer(
            port: 0, webSockets: [endpoint], http: [http], shutdownTimeout: .milliseconds(50), logger: logger, onReady: { ready.yield($0) })
        let services = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var waiting = ports.makeAsyncIterator()
            let port = try #require(await waiting.next())
            group.addTask {
                let request = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:\(port)", path: "/slow")
                do {
                    let result = try await CurlTransport(egress: .loopbackOnly).send(request, body: nil, options: .init())
                    #expect(result.response.status != .ok)
                } catch is TransportError {
                    // Cut before anything was said.
                }
            }
            let request = WebSocketRequest(url: "ws://127.0.0.1:\(port)/")
            try await NIOWebSocketConnector(egress: .loopbackOnly).withConnection(to: request) { (connection: WebSocketConnection) async throws in
                #expect(try await connection.receive() == .text("here"))
                var started = asked.makeAsyncIterator()
                await started.next()
                await services.triggerGracefulShutdown()
                #expect(try await connection.receive() == nil, "1001 is an orderly end")
            }
            try await group.waitForAll()
        }
        cut.finish()
        #expect(await Set(cuts.reduce(into: []) { $0.append($1) }) == ["webSocket", "http"])
    }
}
