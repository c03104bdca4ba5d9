// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import HTTPTypes
import Logging
import MegaCore
import MegaNetworking
import Testing

/// A certificate for some names, made for one test and removed with it.
private final class Certificate: Sendable {
    static let tool = URL(fileURLWithPath: "/usr/bin/openssl")
    static var canBeMade: Bool { FileManager.default.isExecutableFile(atPath: tool.path) }

    let folder: URL
    var chain: String { folder.appendingPathComponent("cert.pem").path }
    var key: String { folder.appendingPathComponent("key.pem").path }
    var tls: ServerTLS { ServerTLS(certificateChainFile: chain, privateKeyFile: key) }

    /// - Parameter names: Such as `DNS:localhost,IP:127.0.0.1`.
    init(_ names: String) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("ws-tls-\(UInt64.random(in: 0...(.max)))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let maker = Process()
        maker.executableURL = Self.tool
        maker.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test",
            "-addext", "subjectAltName=\(names)", "-keyout", key, "-out", chain,
        ]
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        #expect(maker.terminationStatus == 0)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }  // why: a left-over temporary folder fails nothing
}

@Suite(
    "WebSockets and HTTP over TLS", .timeLimit(.minutes(2)),
    .enabled(if: Certificate.canBeMade, "there is no /usr/bin/openssl to make a certificate with"))
struct WebSocketTLSTests {
    typealias Server = WebSocketServerTests

    @Test("wss carries messages of every size class, by name and by address", arguments: ["localhost", "127.0.0.1"])
    func echoes(host: String) async throws {
        let certificate = try Certificate("DNS:localhost,IP:127.0.0.1")
        let connector = NIOWebSocketConnector(egress: .loopbackOnly, additionalCAFile: certificate.chain)
        try await Server.withServer(tls: certificate.tls) { port in
            try await connector.withConnection(to: WebSocketRequest(url: "wss://\(host):\(port)/echo")) { connection in
                for size in [0, 1, 126, 16_384, 65_536, 3_000_000] {
                    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                    try await connection.send(.binary(bytes))
                    #expect(try await connection.receive() == .binary(bytes))
                }
            }
        }
    }

    @Test("a certificate of nobody known is refused, and the reason says where to look")
    func untrusted() async throws {
        let certificate = try Certificate("DNS:localhost,IP:127.0.0.1")
        try await Server.withServer(tls: certificate.tls) { port in
            let error = await #expect(throws: WebSocketError.self) {
                try await NIOWebSocketConnector(egress: .loopbackOnly)
                    .withConnection(to: WebSocketRequest(url: "wss://localhost:\(port)/echo")) { _ in }
            }
            #expect(error?.code == .cannotConnect)
            #expect(error?.reason.contains("certificate") == true)
        }
    }

    @Test("a trusted certificate for another name is refused", arguments: ["localhost", "127.0.0.1"])
    func otherName(host: String) async throws {
        let certificate = try Certificate("DNS:other.example,IP:127.0.0.2")
        let connector = NIOWebSocketConnector(egress: .loopbackOnly, additionalCAFile: certificate.chain)
        try await Server.withServer(tls: certificate.tls) { port in
            let error = await #expect(throws: WebSocketError.self) {
                try await connector.withConnection(to: WebSocketRequest(url: "wss://\(host):\(port)/echo")) { _ in }
            }
            #expect(error?.code == .cannotConnect)
        }
    }

    @Test("plaintext and TLS do not meet: both ways it is an error, and the server goes on")
    func mixed() async throws {
        let certificate = try Certificate("DNS:localhost")
        let connector = NIOWebSocketConnector(egress: .loopbackOnly, additionalCAFile: certificate.chain)
        try await Server.withServer { port in
            await #expect(throws: WebSocketError.self) {
                try await connector.withConnection(to: WebSocketRequest(url: "wss://localhost:\(port)/echo")) { _ in }
            }
        }
        try await Server.withServer(tls: certificate.tls) { port in
            await #expect(throws: WebSocketError.self) {
                try await connector.withConnection(to: WebSocketRequest(url: "ws://localhost:\(port)/echo")) { _ in }
            }
            try await connector.withConnection(to: WebSocketRequest(url: "wss://localhost:\(port)/echo")) { connection in
                try await connection.send("still here")
                #expect(try await connection.receive() == .text("still here"))
            }
        }
    }

    @Test("with a certificate it listens where others can reach it, and HTTP endpoints answer over https")
    func https() async throws {
        let certificate = try Certificate("DNS:localhost,IP:127.0.0.1")
        let endpoint = HTTPEndpoint(method: .get, path: "/hello") { _, _ in
            HTTPResult(response: HTTPResponse(status: .ok), body: HTTPBody("over TLS"))
        }
        try await Server.withServer(http: [endpoint], host: "0.0.0.0", tls: certificate.tls) { port in
            let transport = CurlTransport(egress: .loopbackOnly, additionalCertificates: certificate.chain)
            let request = HTTPRequest(method: .get, scheme: "https", authority: "127.0.0.1:\(port)", path: "/hello")
            let result = try await transport.send(request, body: nil, options: .init())
            #expect(result.response.status == .ok)
            #expect(try await result.body.collect(upTo: 100) == Array("over TLS".utf8))
        }
    }

    @Test("files that are no certificate or no key of it are refused before anything listens")
    func badFiles() async throws {
        let certificate = try Certificate("DNS:localhost")
        let other = try Certificate("DNS:localhost")
        let pairs = [
            ("/nowhere.pem", certificate.key), (certificate.chain, "/nowhere.pem"), (certificate.key, certificate.key),
            (certificate.chain, certificate.chain), (certificate.chain, other.key),
        ]
        for (chain, key) in pairs {
            let tls = ServerTLS(certificateChainFile: chain, privateKeyFile: key)
            let server = NIOWebSocketServer(
                port: 0, tls: tls, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                onReady: { _ in Issue.record("it listens") })
            let error = await #expect(throws: WebSocketServerError.self, "\(chain) \(key)") { try await server.run() }
            #expect(error?.code == .badCertificate)
        }
        let connector = NIOWebSocketConnector(egress: .loopbackOnly, additionalCAFile: "/nowhere.pem")
        try await Server.withServer(tls: certificate.tls) { port in
            let error = await #expect(throws: WebSocketError.self) {
                try await connector.withConnection(to: WebSocketRequest(url: "wss://localhost:\(port)/echo")) { _ in }
            }
            #expect(error?.reason.contains("CA file") == true)
        }
    }
}
