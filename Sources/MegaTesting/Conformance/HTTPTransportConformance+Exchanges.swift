// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

extension HTTPTransportConformance {
    static let exchanges: [Check] = [
        Check("sends method, fields and body") { transport in
            let server = try HostileHTTPServer()
            let name = try field("X-Test")
            let request = server.request(.echo, method: .put, headers: [name: "a value", .contentType: "text/x-test"])
            let result = try await transport.send(request, body: HTTPBody("héllo"), options: .init())
            try expect(result, status: 200)
            let text = String(decoding: try await result.body.collect(upTo: 1 << 16), as: UTF8.self).lowercased()
            for part in ["put\n", "x-test: a value\n", "content-type: text/x-test\n", "content-length: 6\n", "\n\nhéllo"] {
                try ConformanceFailure.unless(text.contains(part), expected: "\(part) in the request", seen: text)
            }
        },
        Check("sends a POST without body") { transport in
            let server = try HostileHTTPServer()
            let result = try await transport.send(server.request(.echo, method: .post), body: nil, options: .init())
            let text = String(decoding: try await result.body.collect(upTo: 1 << 16), as: UTF8.self)
            try ConformanceFailure.unless(text.hasPrefix("POST\n") && text.hasSuffix("\n\n"), expected: "an empty POST", seen: text)
        },
        Check("streams a request body") { transport in
            let server = try HostileHTTPServer()
            let pieces = StubTransport.Answer(body: [UInt8](repeating: 0x61, count: 700_000)).chunked(by: 9_999).pieces(limit: .max)
            let body = HTTPBody(streaming: pieces)
            let result = try await transport.send(server.request(.echo, method: .post), body: body, options: .init())
            let bytes = try await result.body.collect(upTo: 1 << 20)
            try expect(Array(bytes.suffix(700_000)), is: [UInt8](repeating: 0x61, count: 700_000), "the 700,000 bytes sent")
        },
        Check("streams a request body of known length") { transport in
            let server = try HostileHTTPServer()
            let pieces = StubTransport.Answer(body: Array("four and five".utf8)).chunked(by: 4).pieces(limit: .max)
            let body = HTTPBody(length: 13, streaming: pieces)
            let result = try await transport.send(server.request(.echo, method: .post), body: body, options: .init())
            let text = String(decoding: try await result.body.collect(upTo: 1 << 16), as: UTF8.self)
            try ConformanceFailure.unless(text.hasSuffix("\n\nfour and five"), expected: "the body sent", seen: text)
        },
        Check("passes status and fields on") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.answer(status: 418, headers: ["X-A: 1", "X-A: 2"], body: Array("short".utf8)))
            let result = try await transport.send(request, body: nil, options: .init())
            try expect(result, status: 418)
            let name = try field("X-A")
            let values = result.response.headerFields[values: name].joined(separator: ", ")
            try ConformanceFailure.unless(values == "1, 2", expected: "both X-A fields", seen: values)
            try expect(try await result.body.collect(upTo: 100), is: "short".utf8, "the body")
        },
        Check("answers HEAD without waiting for a body") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.answer(status: 200, headers: [], body: Array("body".utf8)), method: .head)
            let result = try await transport.send(request, body: nil, options: .init())
            try expect(try await result.body.collect(upTo: 100), is: [], "no body")
        },
        Check("puts chunks together") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.chunked([Array("one ".utf8), Array("two ".utf8), Array("three".utf8)]))
            let result = try await transport.send(request, body: nil, options: .init())
            try expect(try await result.body.collect(upTo: 100), is: "one two three".utf8, "the chunks' content")
        },
        Check("gives head and first bytes before the body is over") { transport in
            let server = try HostileHTTPServer()
            let result = try await transport.send(server.request(.stallsAfter(Array("half".utf8))), body: nil, options: .init())
            var iterator = result.body.makeAsyncIterator()
            let piece = try await iterator.next() ?? []
            try ConformanceFailure.unless(!piece.isEmpty, expected: "the first bytes", seen: "the end")
        },
        Check("gives a large body whole") { transport in
            let server = try HostileHTTPServer()
            let result = try await transport.send(server.request(.huge(5_000_001)), body: nil, options: .init())
            var count = 0
            for try await piece in result.body { count += piece.count }
            try ConformanceFailure.unless(count == 5_000_001, expected: "5,000,001 bytes", seen: "\(count)")
        },
        Check("passes an event stream on") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.events(["data: a\n", "\nid: 7\ndata: b\n\n"]))
            let result = try await transport.send(request, body: nil, options: .init())
            var seen: [String] = []
            for try await event in ServerSentEvents(body: result.body) { seen.append(event.data + event.id) }
            try ConformanceFailure.unless(seen == ["a", "b7"], expected: "two events", seen: "\(seen)")
        },
        Check("serves exchanges side by side") { transport in
            let server = try HostileHTTPServer()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        let body = HTTPBody("number \(index)")
                        let result = try await transport.send(server.request(.echo, method: .post), body: body, options: .init())
                        let text = String(decoding: try await result.body.collect(upTo: 1 << 16), as: UTF8.self)
                        try ConformanceFailure.unless(text.hasSuffix("\n\nnumber \(index)"), expected: "its own answer", seen: text)
                    }
                }
                try await group.waitForAll()
            }
        },
    ]

    static func field(_ name: String) throws -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { throw ConformanceFailure(expected: "a field name", seen: name) }
        return field
    }
}
