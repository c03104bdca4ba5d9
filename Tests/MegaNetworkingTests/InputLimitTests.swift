// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import Logging
import MegaCore
import Testing

@testable import MegaNetworking

@Suite("What the server takes in at most", .timeLimit(.minutes(2)))
struct InputLimitTests {
    private static let transport = CurlTransport(egress: .loopbackOnly)

    private static func withServer(_ addresses: IPAllowList?, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let (ports, ready) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let endpoint = HTTPEndpoint(method: .get, path: "/x") { _, _ in HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody([1])) }
        let server = NIOWebSocketServer(
            port: 0, http: [endpoint], allowedAddresses: addresses, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onReady: { ready.yield($0) })
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

    private static func get(_ port: Int, _ value: Int = 0) async throws -> HTTPResponse.Status {
        var request = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:\(port)", path: "/x")
        if value > 0, let name = HTTPField.Name("X-Long") { request.headerFields[name] = String(repeating: "x", count: value) }
        return try await transport.send(request, body: nil, options: .init()).response.status
    }

    @Test("a request's head above the limit is refused, one below it is answered, and the server goes on")
    func head() async throws {
        try await Self.withServer(nil) { port in
            #expect(try await Self.get(port, 8000) == .ok)
            for size in [17_000, 200_000] {
                do {
                    let status = try await Self.get(port, size)
                    #expect(status.kind == .clientError, "\(size)")
                } catch is TransportError {
                    // Cut off before the whole head was sent.
                }
            }
            #expect(try await Self.get(port) == .ok)
        }
    }

    @Test("a peer whose address is not on the list is cut off before it is answered; one that is, is served")
    func addresses() async throws {
        try await Self.withServer(try IPAllowList(["127.0.0.0/8"])) { port in
            let status = try await Self.get(port)
            #expect(status == .ok)
        }
        try await Self.withServer(try IPAllowList(["::ffff:127.0.0.1"])) { port in
            let status = try await Self.get(port)
            #expect(status == .ok)
        }
        try await Self.withServer(try IPAllowList(["10.0.0.0/8"])) { port in
            await #expect(throws: TransportError.self) { _ = try await Self.get(port) }
        }
    }
}
