// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

extension HTTPTransportConformance {
    static let failures: [Check] = [
        failing(
            "reports a body shorter than announced", .announcesMore(announced: 100, body: Array("short".utf8)), .malformedResponse,
            .connectionLost),
        failing("reports chunks cut off", .chunkedCut([Array("one".utf8)]), .malformedResponse, .connectionLost),
        failing("reports what is no HTTP", .garbage, .malformedResponse, .connectionLost),
        failing("stops reading endless headers", .endlessHeaders, .malformedResponse, .responseTooLarge, .connectionLost),
        failing("reports a connection closed without an answer", .hangsUp, .connectionLost, .malformedResponse),
        failing("keeps the response limit", .huge(50_000_000), .responseTooLarge, options: .init(responseLimit: 1 << 20)),
        failing(
            "keeps the first-byte timeout", .neverAnswers, .firstByteTimeout, options: .init(firstByteTimeout: .milliseconds(200))),
        failing(
            "keeps the idle timeout", .stallsAfter(Array("half".utf8)), .idleTimeout,
            options: .init(idleTimeout: .milliseconds(200))),
        failing(
            "keeps the total timeout", .drip(count: 100_000, milliseconds: 20), .totalTimeout,
            options: .init(totalTimeout: .milliseconds(300))),
        Check("gives no more than was announced") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.announcesLess(announced: 5, body: Array("short and more".utf8)))
            let result = try await transport.send(request, body: nil, options: .init())
            try expect(try await result.body.collect(upTo: 100), is: "short".utf8, "the announced five bytes")
        },
        Check("gives the bytes that came before the cut") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.announcesMore(announced: 100, body: Array("short".utf8)))
            let result = try await transport.send(request, body: nil, options: .init())
            var bytes: [UInt8] = []
            do { for try await piece in result.body { bytes += piece } } catch is TransportError {}
            try expect(bytes, is: "short".utf8, "the bytes before the cut")
        },
        Check("is not blown up by compressed bodies") { transport in
            let server = try HostileHTTPServer()
            let options = HTTPRequestOptions(responseLimit: 1 << 20)
            let result = try await transport.send(server.request(.gzipBomb(20_000_000)), body: nil, options: options)
            var count = 0
            do {
                for try await piece in result.body { count += piece.count }
            } catch let error as TransportError where error.code == .responseTooLarge {}
            try ConformanceFailure.unless(count <= 1 << 20, expected: "at most the limit", seen: "\(count) bytes")
        },
        Check("reports a port where nobody listens") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.echo)
            // A port that was just given back: bound by nobody.
            let port = try HostileHTTPServer.unusedPort()
            var other = request
            other.authority = "127.0.0.1:\(port)"
            try await expect(.connectionRefused) { _ = try await transport.send(other, body: nil, options: .init()) }
        },
        Check("refuses addresses that are none") { transport in
            for (scheme, authority) in [
                ("ftp", "127.0.0.1"), ("http", ""), ("http", "user@127.0.0.1"), ("http", "a b"), ("http", "127.0.0.1:99999"),
            ] {
                let request = HTTPRequest(method: .get, scheme: scheme, authority: authority, path: "/")
                try await expect(.badURL) { _ = try await transport.send(request, body: nil, options: .init()) }
            }
        },
        Check("refuses addresses outside its policy") { transport in
            for authority in ["10.255.255.1", "169.254.169.254", "[::ffff:10.0.0.1]:81", "0.0.0.0:1"] {
                let request = HTTPRequest(method: .get, scheme: "http", authority: authority, path: "/")
                let options = HTTPRequestOptions(connectTimeout: .seconds(5))
                try await expect(.egressRefused) { _ = try await transport.send(request, body: nil, options: options) }
            }
        },
    ]

    private static func failing(
        _ name: String, _ behaviour: HostileHTTPServer.Behaviour, _ codes: TransportError.Code...,
        options: HTTPRequestOptions = .init()
    ) -> Check {
        Check(name) { transport in
            let server = try HostileHTTPServer()
            let expected = "an error " + codes.map(\.rawValue).joined(separator: " or ")
            do {
                let result = try await transport.send(server.request(behaviour), body: nil, options: options)
                for try await _ in result.body {}
            } catch let error as TransportError {
                try ConformanceFailure.unless(codes.contains(error.code), expected: expected, seen: "\(error)")
                return
            }
            throw ConformanceFailure(expected: expected, seen: "no error")
        }
    }
}

extension HostileHTTPServer {
    /// A port of 127.0.0.1 that was free a moment ago.
    static func unusedPort() throws -> Int {
        let core = try Core(connectionLimit: 1)
        defer { core.closeUnused() }
        return core.port
    }
}
