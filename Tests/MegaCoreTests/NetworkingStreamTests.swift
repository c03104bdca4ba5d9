// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import MegaTesting
import Testing

@Suite("Event and line streams")
struct NetworkingStreamTests {
    private func decode(_ bytes: [UInt8], chunk: Int, limits: ServerSentEventDecoder.Limits = .init()) throws -> [ServerSentEvent] {
        var decoder = ServerSentEventDecoder(limits: limits)
        var events: [ServerSentEvent] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            decoder.append(bytes[start..<min(start + chunk, bytes.count)])
            while let event = try decoder.next() { events.append(event) }
        }
        return events
    }

    @Test(
        "events come out the same however the bytes are cut",
        arguments: [
            ("data: a\n\n", [ServerSentEvent(data: "a")]),
            ("data:a\r\n\r\ndata:  b\r\rdata\n\n", [.init(data: "a"), .init(data: " b"), .init(data: "")]),
            ("\u{feff}data: x\ndata: y\n\n", [.init(data: "x\ny")]),
            (
                ": hello\nevent: add\ndata: 1\nid: 3\n\ndata: 2\n\nid\ndata: 3\n\n",
                [.init(name: "add", data: "1", id: "3"), .init(data: "2", id: "3"), .init(data: "3")]
            ),
            ("event: none\n\ndata: kept\n\ndata: lost", [.init(data: "kept")]),
            ("data: \ndata:\n\nunknown: x\nDATA: no\n\n", [.init(data: "\n")]),
            ("id: a\u{0}b\ndata: x\n\n", [.init(data: "x")]), ("data: é\u{2028}ü\n\n", [.init(data: "é\u{2028}ü")]),
            ("\n\n\r\r\n", []),
        ])
    func events(_ text: String, _ expected: [ServerSentEvent]) throws {
        let bytes = Array(text.utf8)
        for chunk in [1, 2, 3, 5, 1000] { #expect(try decode(bytes, chunk: chunk) == expected) }
    }

    @Test("the server's waiting time is kept when it is a number")
    func retry() throws {
        var decoder = ServerSentEventDecoder()
        decoder.append("retry: 1500\nretry: x\nretry: -1\nid: 9\ndata: y\n\n".utf8)
        #expect(try decoder.next() != nil)
        #expect(decoder.reconnectionTime == .milliseconds(1500))
        #expect(decoder.lastEventID == "9")
    }

    @Test("lines and events past their limits are errors")
    func limits() {
        let line = #expect(throws: StreamDecodingError.self) {
            try decode(Array("data: 123456789".utf8), chunk: 4, limits: .init(line: 10, event: 100))
        }
        #expect(line?.code == .lineTooLong)
        let event = #expect(throws: StreamDecodingError.self) {
            try decode(Array(String(repeating: "data: 12345\n", count: 5).utf8), chunk: 7, limits: .init(line: 20, event: 20))
        }
        #expect(event?.code == .eventTooLarge)
        let empty = #expect(throws: StreamDecodingError.self) {
            try decode(Array(String(repeating: "data\n", count: 50).utf8), chunk: 7, limits: .init(line: 20, event: 20))
        }
        #expect(empty?.code == .eventTooLarge)
    }

    @Test("random bytes give the same events in one piece and in many")
    func fuzz() throws {
        var generator = SplitMix(seed: 19)
        let alphabet: [[UInt8]] =
            ["data", "event", "id", "retry", ":", " ", "\n", "\r", "\r\n", "x", "7"].map { Array($0.utf8) } + [
                [0xef, 0xbb, 0xbf], [0xff], [0],
            ]
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).flatMap { _ in
                alphabet.randomElement(using: &generator) ?? []
            }
            let whole = try decode(bytes, chunk: max(1, bytes.count))
            #expect(try decode(bytes, chunk: Int.random(in: 1...7, using: &generator)) == whole)
        }
    }

    @Test("lines end with LF or CR LF and nothing else")
    func lines() async throws {
        let answer = StubTransport.Answer(body: Array("{\"a\":1}\r\n\n{\"b\":\"\u{2028}\rx\"}\nlast".utf8)).chunked(by: 3)
        let result = try await StubTransport(answer).send(
            HTTPRequest(method: .get, scheme: nil, authority: nil, path: nil), body: nil, options: .init())
        var lines: [String] = []
        for try await line in Lines(body: result.body) { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(lines == ["{\"a\":1}", "", "{\"b\":\"\u{2028}\rx\"}", "last"])
    }

    @Test("a line of exactly the limit passes, one byte more does not", arguments: [1, 2, 50])
    func lineLimit(chunk: Int) async throws {
        for (text, passes) in [("1234567890\r\n", true), ("12345678901\n", false), ("1234567890", true), ("123456789012", false)] {
            var decoder = LineDecoder(limit: 10)
            let bytes = Array(text.utf8)
            let decode = {
                for start in stride(from: 0, to: bytes.count, by: chunk) {
                    decoder.append(bytes[start..<min(start + chunk, bytes.count)])
                    while try decoder.next() != nil {}
                }
            }
            if passes { try decode() } else { #expect(throws: StreamDecodingError.self) { try decode() } }
        }
    }

    @Test("a stub records requests, answers in order and fails past its script")
    func stub() async throws {
        let transport = StubTransport(.json("{}"), .text("abcdef").chunked(by: 2).cut(after: 3), .failure(.tls))
        let request = HTTPRequest(method: .post, scheme: "https", authority: "a.example", path: "/x")
        let first = try await transport.send(request, body: HTTPBody("one"), options: .init())
        #expect(first.response.headerFields[.contentType] == "application/json")
        let second = try await transport.send(request, body: nil, options: .init())
        var seen: [UInt8] = []
        let cut = await #expect(throws: TransportError.self) { for try await piece in second.body { seen += piece } }
        #expect(cut?.code == .connectionLost)
        #expect(seen == Array("abc".utf8))
        for code in [TransportError.Code.tls, .connectionRefused] {
            let error = await #expect(throws: TransportError.self) {
                _ = try await transport.send(request, body: nil, options: .init())
            }
            #expect(error?.code == code)
        }
        #expect(transport.requests.map(\.text) == ["one", "", "", ""])
    }

    @Test("a stub's answer waits for its gate and gives up when cancelled")
    func gate() async throws {
        let gate = Gate()
        let transport = StubTransport(answering: { _ in .status(204).held(until: gate) })
        let request = HTTPRequest(method: .get, scheme: "https", authority: "a.example", path: "/")
        let cancelled = Task { try await transport.send(request, body: nil, options: .init()) }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
        let waiting = Task { try await transport.send(request, body: nil, options: .init()) }
        gate.open()
        #expect(try await waiting.value.response.status == .noContent)
    }
}
