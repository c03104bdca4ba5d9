// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import HTTPTypes
import MegaCore
import MegaNetworking
import Testing

private let openssl = URL(fileURLWithPath: "/usr/bin/openssl")

@Suite(
    "The libcurl transport over TLS", .timeLimit(.minutes(1)),
    .enabled(if: FileManager.default.isExecutableFile(atPath: openssl.path)))
struct CurlTLSTests {
    @Test("trusts an additional authority, and nobody unknown")
    func authorities() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("curl-tls-\(UInt64.random(in: 0...(.max)))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // why: a left-over temporary folder fails nothing
        let certificate = folder.appendingPathComponent("cert.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        let maker = Process()
        maker.executableURL = openssl
        maker.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout", key, "-out", certificate,
        ]
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        #expect(maker.terminationStatus == 0)

        let server = Process()
        let output = Pipe()
        server.executableURL = openssl
        server.arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"]
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        server.standardInput = Pipe()
        try server.run()
        // SIGTERM may be blocked in what a test starts.
        defer { kill(server.processIdentifier, SIGKILL) }
        // It says "ACCEPT 127.0.0.1:port" once it listens.
        var said = ""
        while !said.contains("ACCEPT") || !said.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            said += String(decoding: data, as: UTF8.self)
        }
        let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("ACCEPT") })
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
        let request = HTTPRequest(method: .get, scheme: "https", authority: "127.0.0.1:\(port)", path: "/")

        let error = await #expect(throws: TransportError.self) {
            _ = try await CurlTransport(egress: .loopbackOnly).send(request, body: nil, options: .init())
        }
        #expect(error?.code == .tls)
        let trusting = CurlTransport(egress: .loopbackOnly, additionalCertificates: certificate)
        let result = try await trusting.send(request, body: nil, options: .init())
        #expect(result.response.status == .ok)
        #expect(try await !result.body.collect(upTo: 1 << 20).isEmpty)
    }
}
