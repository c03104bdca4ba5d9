// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import Testing

@testable import MegaNetworking

@Suite("HTTP endpoints beside the WebSockets", .timeLimit(.minutes(2)))
struct WebSocketHTTPEndpointTests {
    typealias Server = WebSocketServerTests

    private static let transport = CurlTransport(egress: .loopbackOnly)

    /// Answers with method, path and body.
    private static func echo(_ method: HTTPRequest.Method) -> HTTPEndpoint {
        HTTPEndpoint(method: method, path: "/same") { request, body in
            var response = HTTPResponse(status: .created)
            response.headerFields[.contentType] = "application/x-echo"
            return HTTPResult(response: response, body: HTTPBody(Array("\(request.method) \(request.path ?? "") ".utf8) + body))
        }
    }

    private static func send(
        _ method: HTTPRequest.Method, _ path: String, port: Int, host: String = "127.0.0.1", body: [UInt8]? = nil
    ) async throws -> (response: HTTPResponse, body: [UInt8]) {
        let request = HTTPRequest(method: method, scheme: "http", authority: "\(host):\(port)", path: path)
        let result = try await transport.send(request, body: body.map { HTTPBody($0) }, options: .init(responseLimit: 8 << 20))
        return (result.response, try await result.body.collect(upTo: 8 << 20))
    }

    @Test("each method of a path has its endpoint, which gets query and body and gives status, fields and body")
    func methods() async throws {
        try await Server.withServer(http: [Self.echo(.get), Self.echo(.post)]) { port in
            let get = try await Self.send(.get, "/same?a=1", port: port)
            #expect(get.response.status == .created && get.response.headerFields[.contentType] == "application/x-echo")
            #expect(get.body == Array("GET /same?a=1 ".utf8))
            for size in [0, 1, 70_000, 1 << 20] {
                let content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                let post = try await Self.send(.post, "/same", port: port, body: content)
                #expect(post.body == Array("POST /same ".utf8) + content, "\(size) bytes")
            }
            let put = try await Self.send(.put, "/same", port: port, body: [1])
            #expect(put.response.status == .methodNotAllowed && put.response.headerFields[.allow] == "GET, POST")
            #expect(try await Self.send(.get, "/other", port: port).response.status == .notFound)
        }
    }

    @Test("a body above the limit is answered 413, whether its length is announced or not", arguments: [true, false])
    func bodyLimit(isAnnounced: Bool) async throws {
        try await Server.withServer(http: [Self.echo(.post)], bodyLimit: 1000) { port in
            #expect(try await Self.send(.post, "/same", port: port, body: [UInt8](repeating: 1, count: 1000)).response.status == .created)
            let content = [UInt8](repeating: 1, count: 1001)
            let body = isAnnounced ? HTTPBody(content) : HTTPBody(streaming: Pieces(pieces: [content[...500], content[501...]]))
            let request = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1:\(port)", path: "/same")
            let result = try await Self.transport.send(request, body: body, options: .init())
            #expect(result.response.status == .contentTooLarge)
            #expect(String(decoding: try await result.body.collect(upTo: 1000), as: UTF8.self).contains("1000 bytes"))
        }
    }

    @Test("a streamed answer arrives whole; one that breaks off does not look whole; a failure is 500 and says nothing of itself")
    func answers() async throws {
        struct Secretive: Error { let text = "a secret" }
        let pieces = (0..<20).map { number in ArraySlice((0..<5000).map { UInt8(truncatingIfNeeded: $0 + number) }) }
        func endpoint(_ path: String, _ handle: @escaping @Sendable () async throws -> HTTPResult) -> HTTPEndpoint {
            HTTPEndpoint(method: .get, path: path) { _, _ in try await handle() }
        }
        let http = [
            endpoint("/stream") { HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody(streaming: Pieces(pieces: pieces))) },
            endpoint("/broken") {
                HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody(streaming: Pieces(pieces: pieces, error: Secretive())))
            },
            endpoint("/short") {
                HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody(length: 200_000, streaming: Pieces(pieces: pieces)))
            },
            endpoint("/failing") { throw Secretive() },
            endpoint("/empty") { HTTPResult(response: HTTPResponse(status: .noContent), body: HTTPBody([])) },
        ]
        try await Server.withServer(http: http) { port in
            #expect(try await Self.send(.get, "/stream", port: port).body == Array(pieces.joined()))
            for path in ["/broken", "/short"] {
                await #expect(throws: TransportError.self, "\(path)") { _ = try await Self.send(.get, path, port: port) }
            }
            let failing = try await Self.send(.get, "/failing", port: port)
            #expect(failing.response.status == .internalServerError)
            #expect(!String(decoding: failing.body, as: UTF8.self).contains("secret"))
            #expect(try await Self.send(.get, "/empty", port: port).response.status == .noContent)
        }
    }

    @Test("a Host this server does not answer to is refused, against names that change their address")
    func hosts() async throws {
        try await Server.withServer(http: [Self.echo(.get)]) { (port: Int) async throws in
            #expect(try await Self.send(.get, "/same", port: port, host: "localhost").response.status == .created)
            let rebound = CurlTransport(egress: .publicInternet(allowing: ["rebound.example"]), resolveOverride: { _ in
                IPAddress("127.0.0.1").map { [$0] }
            })
            let request = HTTPRequest(method: .get, scheme: "http", authority: "rebound.example:\(port)", path: "/same")
            #expect(try await rebound.send(request, body: nil, options: .init()).response.status == .forbidden)
        }
    }

    @Test("requests one after the other share a connection")
    func keepAlive() async throws {
        try await Server.withServer(http: [Self.echo(.get)]) { port in
            let transport = CurlTransport(egress: .loopbackOnly)
            for _ in 0..<5 {
                let request = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:\(port)", path: "/same")
                let result = try await transport.send(request, body: nil, options: .init())
                _ = try await result.body.collect(upTo: 100)
            }
            #expect(transport.connectionsOpened == 1)
        }
    }

    /// A body in pieces, and perhaps an error after them.
    private struct Pieces: AsyncSequence, AsyncIteratorProtocol, Sendable {
        var pieces: [ArraySlice<UInt8>]
        var error: (any Error)?
        func makeAsyncIterator() -> Pieces { self }
        mutating func next() async throws -> ArraySlice<UInt8>? {
            if pieces.isEmpty {
                if let error { throw error }
                return nil
            }
            return pieces.removeFirst()
        }
    }
}
