// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import MegaTesting
import NIOCore
import NIOHTTP1
import Testing

@testable import MegaNetworking

@Suite("Requests are held to their Host, and counted", .timeLimit(.minutes(2)))
struct RequestGuardTests {
    private static func head(_ path: String, host: String, upgrade: Bool = false) -> HTTPRequestHead {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path)
        head.headers.add(name: "Host", value: host)
        if upgrade {
            for (name, value) in [
                ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ] { head.headers.add(name: name, value: value) }
        }
        return head
    }

    @Test("another port in the Host header is refused like another name, on both kinds of paths")
    func hosts() {
        let routes = ServerRoutes(
            webSockets: [WebSocketEndpoint(path: "/ws", allowedHosts: ["localhost", "bot.example:443"]) { _ in }],
            http: [HTTPEndpoint(method: .get, path: "/health") { _, _ in HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody([])) }],
            allowedHosts: ["localhost", "bot.example:443"])
        func status(_ head: HTTPRequestHead) -> UInt? {
            switch routes.route(head, port: 18790, bodyLimit: 100) {
            case .success: nil
            case .failure(let refusal): refusal.status.code
            }
        }
        for (path, upgrade) in [("/ws", true), ("/health", false)] {
            for host in ["localhost:18790", "bot.example", "bot.example:443"] { #expect(status(Self.head(path, host: host, upgrade: upgrade)) == nil, "\(host)") }
            for host in ["localhost:18791", "localhost", "bot.example:18790", "evil.example:18790", "localhost:443"] {
                #expect(status(Self.head(path, host: host, upgrade: upgrade)) == 403, "\(host)")
            }
            #expect(status(Self.head(path, host: "a b", upgrade: upgrade)) == 400)
        }
    }

    @Test("clients are counted by address, path and where they come from; time gives more")
    func gate() throws {
        let clock = ManualClock()
        let gate = RequestGate(
            RequestLimits.Table(
                endpoints: ["/": RateLimit(3, per: .seconds(60)), "/health": RateLimit(1, per: .seconds(60))],
                connections: [.local: RateLimit(4, per: .seconds(60)), .direct: RateLimit(2, per: .seconds(60))]), clock: clock)
        func passes(_ path: String, _ address: String) throws -> Bool {
            gate.take(Self.head(path, host: "h"), from: try SocketAddress(ipAddress: address, port: 5)) == .pass
        }
        #expect(try passes("/health?x", "127.0.0.1") && !passes("/health", "127.0.0.1"))
        #expect(try passes("/a", "127.0.0.1") && passes("/b", "127.0.0.1") && passes("/c", "127.0.0.1"))
        #expect(try !passes("/d", "127.0.0.1"), "four of this machine")
        #expect(try passes("/a", "192.0.2.1") && passes("/a", "192.0.2.1") && !passes("/a", "192.0.2.1"), "two from anywhere")
        #expect(try passes("/a", "192.0.2.2"), "another client")
        #expect(try passes("/a", "2001:db8::1") && passes("/a", "2001:db8::2") && !passes("/a", "2001:db8::3"), "one network of IPv6 is one client")
        #expect(try passes("/a", "::ffff:192.0.2.2") && !passes("/a", "192.0.2.2"), "mapped addresses are the same client")
        clock.advance(by: .seconds(31))
        #expect(try passes("/a", "192.0.2.1") && !passes("/a", "192.0.2.1"))
    }

    @Test("what is over the limit gets 429 and is told when to come again, over HTTP and for WebSockets")
    func refusal() async throws {
        let http = [HTTPEndpoint(method: .get, path: "/health") { _, _ in HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody([])) }]
        let limits = RequestLimits.Table(endpoints: ["/health": RateLimit(2, per: .seconds(600)), "/": RateLimit(1, per: .seconds(600))])
        try await WebSocketServerTests.withServer(http: http, requestLimits: limits) { port in
            let transport = CurlTransport(egress: .loopbackOnly)
            var codes: [Int] = []
            for _ in 0..<3 {
                let request = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:\(port)", path: "/health")
                let result = try await transport.send(request, body: nil, options: .init())
                codes.append(result.response.status.code)
                if result.response.status == .tooManyRequests { #expect(result.response.headerFields[.retryAfter].flatMap { Int($0) } ?? 0 > 0) }
            }
            #expect(codes == [200, 200, 429])
            let socket = WebSocketRequest(url: "ws://127.0.0.1:\(port)/echo")
            try await WebSocketServerTests.connector.withConnection(to: socket) { connection in
                try await connection.send("x")
                #expect(try await connection.receive() == .text("x"))
            }
            let error = await #expect(throws: WebSocketError.self) { try await WebSocketServerTests.connector.withConnection(to: socket) { _ in } }
            #expect(error?.reason.contains("429") == true, "\(String(describing: error))")
        }
    }
}
