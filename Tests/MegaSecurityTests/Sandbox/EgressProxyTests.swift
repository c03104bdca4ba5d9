// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import CLauncher
import MegaCore
import Synchronization
import Testing

@testable import MegaSecurity

@Suite("Proxy of a sandbox") struct EgressProxyTests {
    // MARK: - Destinations

    private func decide(_ policy: EgressPolicy, _ host: String, _ port: Int, _ answers: [String]) -> Result<[IPAddress], any Error> {
        Result { try EgressDecision(policy: policy, resolver: { _ in answers.compactMap { IPAddress($0) } }).addresses(host: host, port: port) }
    }

    private func isAllowed(_ result: Result<[IPAddress], any Error>) -> Bool { if case .success = result { true } else { false } }

    @Test(
        "A public name that leads to a place of one's own is refused, in every spelling",
        arguments: [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "::",
            "fe80::1", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "ff02::1", "198.18.0.1", "192.0.2.1", "255.255.255.255",
        ])
    func rebinding(_ address: String) {
        for policy in [EgressPolicy.only(["files.example.com:443"]), .only(["*.example.com:443"]), .publicInternet()] {
            #expect(!isAllowed(decide(policy, "files.example.com", 443, [address])))
            // One good answer does not excuse it.
            #expect(!isAllowed(decide(policy, "files.example.com", 443, ["93.184.216.34", address])))
        }
    }

    @Test("What is listed is allowed, on its port only, and nothing else is looked up") func listed() {
        let policy = EgressPolicy.only(["files.example.com:443", "10.0.0.7:80", "db.internal:5432"])
        #expect(isAllowed(decide(policy, "files.example.com", 443, ["93.184.216.34", "2606:2800::1"])))
        #expect(!isAllowed(decide(policy, "files.example.com", 80, ["93.184.216.34"])))
        #expect(isAllowed(decide(policy, "10.0.0.7", 80, [])))
        #expect(!isAllowed(decide(policy, "10.0.0.8", 80, [])))
        // A name of one's own network may lead there; its owner is whoever runs that network.
        #expect(isAllowed(decide(policy, "db.internal", 5432, ["10.0.0.9"])))
        let asked = Mutex<[String]>([])
        let decision = EgressDecision(policy: policy, resolver: { host in
            asked.withLock { $0.append(host) }
            return []
        })
        #expect(throws: ProxyRequest.Refusal.self) { try decision.addresses(host: "secret-data.evil.example.net", port: 443) }
        #expect(asked.withLock { $0 }.isEmpty)
    }

    @Test("The answer that was checked is the one that is used, though the next would be another") func pinned() throws {
        let count = Mutex(0)
        let decision = EgressDecision(policy: .only(["files.example.com:443"]), resolver: { _ in
            count.withLock { $0 += 1 }
            return [try #require(IPAddress(count.withLock { $0 } == 1 ? "93.184.216.34" : "127.0.0.1"))]
        })
        #expect(try decision.addresses(host: "files.example.com", port: 443).map(\.description) == ["93.184.216.34"])
        #expect(throws: ProxyRequest.Refusal.self) { try decision.addresses(host: "files.example.com", port: 443) }
    }

    // MARK: - Requests

    private func request(_ text: String) -> Result<ProxyRequest, any Error> { Result { try ProxyRequest(head: Array(text.utf8)) } }

    @Test("Requests are read, and sent on for the one host") func requests() throws {
        let tunnel = try request("CONNECT Files.Example.com:443 HTTP/1.1\r\nHost: other\r\n\r\n").get()
        #expect(tunnel.host == "files.example.com" && tunnel.port == 443 && tunnel.kind == .tunnel)
        let plain = try request(
            "POST http://example.com:8080/a?b#c HTTP/1.1\r\nHost: evil.example\r\nProxy-Connection: keep-alive\r\nConnection: x\r\nAccept: */*\r\nContent-Length: 5\r\n\r\n"
        ).get()
        #expect(plain.host == "example.com" && plain.port == 8080)
        #expect(
            plain.kind
                == .plain(
                    head: Array(
                        "POST /a?b HTTP/1.1\r\nHost: example.com:8080\r\nAccept: */*\r\nContent-Length: 5\r\nConnection: close\r\n\r\n".utf8), bodyBytes: 5))
        #expect(try request("GET http://[::1] HTTP/1.0\r\n\r\n").get().host == "::1")
    }

    @Test(
        "Requests two servers could read differently are refused",
        arguments: [
            "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", "GET ftp://example.com/ HTTP/1.1\r\n\r\n", "CONNECT example.com HTTP/1.1\r\n\r\n",
            "CONNECT example.com:0 HTTP/1.1\r\n\r\n", "CONNECT example.com:99999 HTTP/1.1\r\n\r\n", "GET http://u@example.com/ HTTP/1.1\r\n\r\n",
            "GET http://example.com/ HTTP/2\r\n\r\n", "GET  http://example.com/ HTTP/1.1\r\n\r\n", "GET http://example.com/\r\n\r\n",
            "GET http://example.com/ HTTP/1.1\nX: y\r\n\r\n", "GET http://example.com/ HTTP/1.1\r\nX: y\rZ: w\r\n\r\n",
            "POST http://example.com/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST http://example.com/ HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            "POST http://example.com/ HTTP/1.1\r\nContent-Length: +5\r\n\r\n", "POST http://example.com/ HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\n",
            "GET http://example.com/ HTTP/1.1\r\n folded\r\n\r\n", "GET http://example.com/ HTTP/1.1\r\nX : y\r\n\r\n",
            "GET http://example.com/ HTTP/1.1\r\nnocolon\r\n\r\n", "GET http://exa mple.com/ HTTP/1.1\r\n\r\n", "GET http:///x HTTP/1.1\r\n\r\n",
            "GET http://2130706433/ HTTP/1.1\r\n\r\n", "GET http://127.1/ HTTP/1.1\r\n\r\n", "GET http://example.com%00.evil/ HTTP/1.1\r\n\r\n",
        ])
    func ambiguous(_ text: String) { #expect(throws: ProxyRequest.Refusal.self) { try request(text).get() } }

    @Test("Random heads neither crash nor pass control characters on") func randomHeads() throws {
        var generator = SeededGenerator(seed: 11)
        let pieces = ["GET", " ", "http://", "a.example", ":", "80", "/", "\r\n", "\n", "\r", "Host: b", "Content-Length: 3", "\u{0}", "é", "HTTP/1.1", "\t", "[::1]", "@", "#", "?"]
        for _ in 0..<5000 {
            var text = Bool.random(using: &generator) ? "GET http://a.example/ HTTP/1.1\r\n" : ""
            for _ in 0..<Int.random(in: 0..<12, using: &generator) { text += pieces.randomElement(using: &generator) ?? "" }
            guard case .success(let parsed) = request(text), case .plain(let head, _) = parsed.kind else { continue }
            #expect(String(decoding: head, as: UTF8.self).split(separator: "\r\nHost: ", omittingEmptySubsequences: false).count == 2)
            #expect(head.suffix(4) == [13, 10, 13, 10] && !head.contains(0))
        }
    }

    // MARK: - TLS

    private static func hello(_ name: String?, hidden: Bool = false) -> [UInt8] {
        func vector(_ size: Int, _ bytes: [UInt8]) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * (size - 1 - $0))) } + bytes }
        var extensions: [UInt8] = [0, 0x2B] + vector(2, [2, 3, 4])
        if let name { extensions += [0, 0] + vector(2, vector(2, [0] + vector(2, Array(name.utf8)))) }
        if hidden { extensions += [0xFE, 0x0D] + vector(2, [0, 1, 2]) }
        let body = [3, 3] + [UInt8](repeating: 7, count: 32) + vector(1, []) + vector(2, [0x13, 1]) + vector(1, [0]) + vector(2, extensions)
        return [22, 3, 1] + vector(2, [1] + vector(3, body))
    }

    @Test("The name in a TLS greeting is found, whole or in pieces") func names() {
        let bytes = Self.hello("files.example.com")
        #expect(ClientHello(bytes) == .hello(name: "files.example.com", hidesName: false))
        #expect(ClientHello(Self.hello(nil)) == .hello(name: nil, hidesName: false))
        #expect(ClientHello(Self.hello("a.example", hidden: true)) == .hello(name: "a.example", hidesName: true))
        for count in 0..<bytes.count { #expect(ClientHello(Array(bytes.prefix(count))) == .incomplete, "\(count)") }
        // The same message in records of ten bytes.
        let message = Array(bytes.dropFirst(5))
        let pieces = stride(from: 0, to: message.count, by: 10).flatMap { start -> [UInt8] in
            let piece = message[start..<min(start + 10, message.count)]
            return [22, 3, 1, 0, UInt8(piece.count)] + piece
        }
        #expect(ClientHello(pieces) == .hello(name: "files.example.com", hidesName: false))
        for text in ["SSH-2.0-x\r\n", "GET / HTTP/1.1\r\n", "\u{16}x", "EHLO"] { #expect(ClientHello(Array(text.utf8)) == (text.hasPrefix("\u{16}") ? .incomplete : .none)) }
    }

    @Test("Random greetings neither crash nor are read as another name") func randomHellos() {
        var generator = SeededGenerator(seed: 3)
        let base = Self.hello("files.example.com")
        for _ in 0..<20_000 {
            var bytes = base
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                }
            }
            _ = ClientHello(bytes)
        }
    }

    // MARK: - On the wire

    private struct Loopback {
        let proxyPort: UInt16
        let proxy: EgressProxy
        let server: Descriptor
        let serverPort: UInt16
    }

    private func listener() throws -> (Descriptor, UInt16) {
        let made = socket(AF_INET, 1, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(made, $0, length) == 0 && listen(made, 16) == 0 && getsockname(made, $0, &length) == 0 }
        }
        try #require(isListening && fcntl(made, F_SETFL, O_NONBLOCK) == 0)
        return (try Descriptor(owning: made), UInt16(bigEndian: address.sin_port))
    }

    /// A proxy for `allowed.test`, which leads to a server here.
    private func loopback() throws -> Loopback {
        let (server, serverPort) = try listener()
        let (front, proxyPort) = try listener()
        let proxy = try EgressProxy(policy: .only(["allowed.test:\(serverPort)"]), resolver: { _ in [try #require(IPAddress("127.0.0.1"))] })
        try proxy.start(on: front)
        return Loopback(proxyPort: proxyPort, proxy: proxy, server: server, serverPort: serverPort)
    }

    private func read(_ descriptor: Descriptor, until isEnough: ([UInt8]) -> Bool) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<500 where !isEnough(bytes) {
            var polls = [pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)]
            _ = poll(&polls, 1, 20)
            guard let more = try? descriptor.read(upTo: 4096) else { continue }
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    private func accepted(_ listener: Descriptor) throws -> Descriptor {
        var polls = [pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)]
        try #require(poll(&polls, 1, 10_000) == 1)
        return try Descriptor(owning: mega_accept(listener.number))
    }

    private func client(_ port: UInt16) throws -> Descriptor {
        let made = try Descriptor(owning: mega_connect([127, 0, 0, 1], 4, port))
        var polls = [pollfd(fd: made.number, events: Int16(POLLOUT), revents: 0)]
        try #require(poll(&polls, 1, 10_000) == 1)
        return made
    }

    @Test("A plain request reaches the server with the right host, and nothing after its body does") func exchange() async throws {
        try await Blocking.run {
            let loop = try loopback()
            defer { loop.proxy.stop() }
            let client = try client(loop.proxyPort)
            let target = "allowed.test:\(loop.serverPort)"
            try client.write(
                Array("POST http://\(target)/x HTTP/1.1\r\nHost: evil.test\r\nContent-Length: 2\r\n\r\nhiGET / HTTP/1.1\r\nHost: other.test\r\n\r\n".utf8))
            let server = try accepted(loop.server)
            let got = String(decoding: try read(server) { $0.suffix(2).elementsEqual("hi".utf8) }, as: UTF8.self)
            #expect(got == "POST /x HTTP/1.1\r\nHost: \(target)\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
            try server.write(Array("HTTP/1.1 200 OK\r\n\r\nyes".utf8))
            shutdown(server.number, CInt(SHUT_RDWR))
            #expect(String(decoding: try read(client) { _ in false }, as: UTF8.self).hasSuffix("\r\n\r\nyes"))
        }
    }

    @Test("A tunnel carries TLS for its own name and nothing else", arguments: ["allowed.test", "other.test", "-none", "-hidden", "-ssh"])
    func tunnel(_ greeting: String) async throws {
        try await Blocking.run {
            let loop = try loopback()
            defer { loop.proxy.stop() }
            let client = try client(loop.proxyPort)
            try client.write(Array("CONNECT allowed.test:\(loop.serverPort) HTTP/1.1\r\n\r\n".utf8))
            let server = try accepted(loop.server)
            _ = try read(client) { $0.suffix(4).elementsEqual([13, 10, 13, 10]) }
            let hello =
                switch greeting {
                case "-none": Self.hello(nil)
                case "-hidden": Self.hello("allowed.test", hidden: true)
                case "-ssh": Array("SSH-2.0-escape\r\n".utf8)
                default: Self.hello(greeting)
                }
            try client.write(hello)
            let got = try read(server) { $0.count >= hello.count }
            #expect(got == (greeting == "allowed.test" ? hello : []))
        }
    }

    @Test("What is not on the list gets an answer that says why") func refusal() async throws {
        try await Blocking.run {
            let loop = try loopback()
            defer { loop.proxy.stop() }
            for target in ["other.test:\(loop.serverPort)", "allowed.test:1", "127.0.0.1:\(loop.serverPort)"] {
                let client = try client(loop.proxyPort)
                try client.write(Array("CONNECT \(target) HTTP/1.1\r\n\r\n".utf8))
                #expect(String(decoding: try read(client) { _ in false }, as: UTF8.self).hasPrefix("HTTP/1.1 403 "))
            }
        }
    }
}
