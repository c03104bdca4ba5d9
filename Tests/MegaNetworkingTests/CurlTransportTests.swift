// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import MegaTesting
import Synchronization
import Testing

@testable import MegaNetworking

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The libcurl transport", .timeLimit(.minutes(2)))
struct CurlTransportTests {
    @Test("holds only a bounded part of a large body for a slow reader")
    func backPressure() async throws {
        let server = try HostileHTTPServer()
        let transport = CurlTransport(egress: .loopbackOnly)
        let size = 100 << 20
        let result = try await transport.send(server.request(.huge(size)), body: nil, options: .init(responseLimit: size))
        // Nobody reads: the transfer runs until the buffer is full and is paused then.
        while transport.peakBufferedBytes < CurlExchange.bufferLimit { await Task.yield() }
        var count = 0
        for try await piece in result.body {
            count += piece.count
            if count % 7 == 0 { await Task.yield() }
        }
        #expect(count == size)
        #expect(transport.peakBufferedBytes <= CurlExchange.bufferLimit + (64 << 10))
    }

    @Test("does not count the reader's own pause as idle")
    func heldBack() async throws {
        let server = try HostileHTTPServer()
        let transport = CurlTransport(egress: .loopbackOnly)
        let options = HTTPRequestOptions(idleTimeout: .milliseconds(100), responseLimit: 8 << 20)
        let result = try await transport.send(server.request(.huge(8 << 20)), body: nil, options: options)
        var iterator = result.body.makeAsyncIterator()
        var count = try await iterator.next()?.count ?? 0
        // Longer than the idle limit; the buffer is full meanwhile.
        try await Task.sleep(for: .milliseconds(300))
        while let piece = try await iterator.next() { count += piece.count }
        #expect(count == 8 << 20)
    }

    @Test("checks the address a name leads to each time, so a changed answer is refused")
    func rebinding() async throws {
        let server = try HostileHTTPServer()
        let answers = Mutex([["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], ["::ffff:10.0.0.7"]])
        let transport = CurlTransport(
            egress: .loopbackOnly,
            resolveOverride: { _ in
                answers.withLock { $0.isEmpty ? [] : $0.removeFirst() }.compactMap { IPAddress($0) }
            })
        var request = server.request(.answer(status: 200, headers: ["Connection: close"], body: []))
        request.authority = "rebind.example:\(server.port)"
        let first = try await transport.send(request, body: nil, options: .init())
        #expect(first.response.status == .ok)
        for _ in 0..<3 {
            let error = await #expect(throws: TransportError.self) {
                _ = try await transport.send(request, body: nil, options: .init(connectTimeout: .seconds(5)))
            }
            #expect(error?.code == .egressRefused)
            #expect(error?.reason.contains("rebind.example") == true)
        }
        #expect(server.requests == 1)
        #expect(transport.connectionsOpened == 1)
    }

    @Test("refuses loopback under the public policy unless it is allowed by name, port included")
    func publicPolicy() async throws {
        let server = try HostileHTTPServer()
        let request = server.request(.echo)
        let closed = CurlTransport(egress: .publicInternet())
        let error = await #expect(throws: TransportError.self) { _ = try await closed.send(request, body: nil, options: .init()) }
        #expect(error?.code == .egressRefused)
        #expect(error?.reason == "127.0.0.1 port \(server.port) is a loopback address and not allowed by name")
        let open = CurlTransport(egress: .publicInternet(allowing: ["127.0.0.1:\(server.port)"]))
        #expect(try await open.send(request, body: nil, options: .init()).response.status == .ok)
        let otherPort = CurlTransport(egress: .publicInternet(allowing: ["127.0.0.1:\(server.port == 1 ? 2 : 1)"]))
        await #expect(throws: TransportError.self) { _ = try await otherPort.send(request, body: nil, options: .init()) }
        #expect(server.connections == 1)
    }

    @Test("uses a connection again")
    func reuse() async throws {
        let server = try HostileHTTPServer()
        let transport = CurlTransport(egress: .loopbackOnly)
        for _ in 0..<5 {
            let result = try await transport.send(server.request(.echo), body: nil, options: .init())
            _ = try await result.body.collect(upTo: 1 << 16)
        }
        #expect(server.connections == 1)
    }

    @Test("shutting down ends running transfers and refuses new ones")
    func shutdown() async throws {
        let server = try HostileHTTPServer()
        let transport = CurlTransport(egress: .loopbackOnly)
        let request = server.request(.neverAnswers)
        let task = Task { try await transport.send(request, body: nil, options: .init()) }
        await server.awaitRequests(1)
        await transport.shutdown()
        let running = await #expect(throws: TransportError.self) { _ = try await task.value }
        #expect(running?.code == .closed)
        await server.awaitCuts(1)
        let late = await #expect(throws: TransportError.self) { _ = try await transport.send(request, body: nil, options: .init()) }
        #expect(late?.code == .closed)
        await transport.shutdown()
    }

    @Test("a body outlives the transport it came from")
    func outlives() async throws {
        let server = try HostileHTTPServer()
        func send() async throws -> HTTPResult {
            try await CurlTransport(egress: .loopbackOnly).send(
                server.request(.huge(3 << 20)), body: nil, options: .init())
        }
        let result = try await send()
        #expect(try await result.body.collect(upTo: 3 << 20).count == 3 << 20)
    }

    @Test("says nothing of query or credentials in its errors")
    func discretion() async throws {
        let server = try HostileHTTPServer()
        let transport = CurlTransport(egress: .loopbackOnly)
        for behaviour in [HostileHTTPServer.Behaviour.hangsUp, .garbage, .announcesMore(announced: 9, body: [])] {
            var request = server.request(behaviour, headers: [.authorization: "Bearer canary"])
            request.path = (request.path ?? "/") + "?key=canary"
            let error = await #expect(throws: TransportError.self) {
                let result = try await transport.send(request, body: nil, options: .init())
                for try await _ in result.body {}
            }
            #expect(error.map { "\($0)".contains("canary") } == false)
        }
    }

    @Test("hides the content encoding of bodies it decompressed")
    func decompression() async throws {
        let server = try HostileHTTPServer()
        let transport = CurlTransport(egress: .loopbackOnly)
        let result = try await transport.send(server.request(.gzipBomb(1000)), body: nil, options: .init())
        #expect(result.response.headerFields[.contentEncoding] == nil)
        #expect(result.response.headerFields[.contentLength] == nil)
        #expect(try await result.body.collect(upTo: 1000) == [UInt8](repeating: 0, count: 1000))
    }

    @Test("waits between retries on the clock it was given")
    func pauses() async throws {
        let server = try HostileHTTPServer()
        let clock = RecordingClock()
        let transport = CurlTransport(egress: .loopbackOnly, clock: clock)
        let request = server.request(.refusesFirst(times: 1, status: 429, retryAfter: "17"))
        let result = try await transport.send(request, body: nil, options: .init(retries: 1))
        #expect(result.response.status == .ok)
        #expect(clock.pauses == [.seconds(17)])
    }

    @Test("with a proxy, the policy holds for the proxy's address and the target's name")
    func proxy() async throws {
        let server = try HostileHTTPServer()
        let proxies = ProxyEnvironment(["http_proxy": "http://127.0.0.1:\(server.port)"])
        let policy = EgressPolicy.publicInternet(allowing: ["127.0.0.1:\(server.port)"])
        let request = HTTPRequest(method: .get, scheme: "http", authority: "public.example", path: "/")
        let transport = CurlTransport(egress: policy, proxies: proxies, resolveOverride: nil)
        // The server knows no such path, which shows that it was asked.
        #expect(try await transport.send(request, body: nil, options: .init()).response.status == .notFound)
        let closed = CurlTransport(egress: .publicInternet(), proxies: proxies, resolveOverride: nil)
        let refusedProxy = await #expect(throws: TransportError.self) {
            _ = try await closed.send(request, body: nil, options: .init())
        }
        #expect(refusedProxy?.code == .egressRefused)
        var inside = request
        inside.authority = "metadata.google.internal"
        let refusedTarget = await #expect(throws: TransportError.self) {
            _ = try await transport.send(inside, body: nil, options: .init())
        }
        #expect(refusedTarget?.code == .egressRefused)
        #expect(server.requests == 1)
    }

    @Test("fails with the error of the request's body and ends the transfer")
    func brokenUpload() async throws {
        let server = try HostileHTTPServer()
        let transport = CurlTransport(egress: .loopbackOnly)
        let answer = StubTransport.Answer(body: Array("some bytes".utf8)).cut(
            after: 4, throwing: TransportError(.tls, reason: "source broke"))
        let source = try await StubTransport(answer).send(server.request(.echo), body: nil, options: .init()).body
        let error = await #expect(throws: TransportError.self) {
            _ = try await transport.send(server.request(.echo, method: .post), body: source, options: .init())
        }
        #expect(error?.reason == "source broke")
    }

    @Test("many transfers cancelled at any moment leave the transport usable")
    func cancellations() async throws {
        let server = try HostileHTTPServer(connectionLimit: 200)
        let transport = CurlTransport(egress: .loopbackOnly)
        let behaviours: [HostileHTTPServer.Behaviour] = [.huge(1 << 30), .neverAnswers, .echo, .stallsAfter([1, 2, 3])]
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                let request = server.request(behaviours[index % behaviours.count])
                let task = Task {
                    let result = try await transport.send(request, body: nil, options: .init(responseLimit: .max))
                    for try await _ in result.body {}
                }
                group.addTask {
                    for _ in 0..<(index * 7) { await Task.yield() }
                    task.cancel()
                    _ = await task.result
                }
            }
        }
        let result = try await transport.send(server.request(.echo), body: nil, options: .init())
        #expect(result.response.status == .ok)
    }

    #if os(Linux)
        @Test("leaves threads and descriptors as they were after 1,000 transports", .timeLimit(.minutes(5)))
        func churn() async throws {
            let server = try HostileHTTPServer()
            let request = server.request(.answer(status: 200, headers: [], body: Array("ok".utf8)))
            func cycle() async throws {
                let transport = CurlTransport(egress: .loopbackOnly)
                let result = try await transport.send(request, body: nil, options: .init())
                _ = try await result.body.collect(upTo: 10)
                await transport.shutdown()
            }
            for _ in 0..<50 { try await cycle() }
            let before = try count("/proc/self/fd")
            for _ in 0..<1000 { try await cycle() }
            // Other suites run in this process meanwhile and have descriptors of their own; a leak here would be a thousand.
            #expect(try count("/proc/self/fd") < before + 300)
            #expect(try count("/proc/self/task") < 300)
        }

        private func count(_ directory: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: directory).count
        }
    #endif
}

/// A clock on which no time passes while it is slept on; it notes how long was asked for.
private final class RecordingClock: Clock {
    typealias Instant = ContinuousClock.Instant
    private let asked = Mutex<[Duration]>([])
    private let start = ContinuousClock.now
    var now: Instant { start }
    var minimumResolution: Duration { .zero }
    var pauses: [Duration] { asked.withLock { $0 } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        asked.withLock { $0.append(deadline - start) }
    }
}
