// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import Testing

@Suite("JSON values and schemas")
struct JSONTests {
    @Test("reads JSON as the standard decoder does")
    func json() throws {
        let texts = [
            "null", " [1, -2.25e-1 ,true,false, null] ", "{\"a\":{\"b\":[]},\"c\":\"\\u00e9\\ud83d\\ude00\\n\\\"\\/\"}", "\"grüße\"", "0", "-0",
            "9223372036854775807", "12345678901234567890",
        ]
        for text in texts {
            let value = try JSONValue(parsing: text)
            let standard = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
            #expect(value == standard, "\(text)")
            #expect(try JSONValue(parsing: value.encoded()) == value)
        }
    }

    @Test("refuses what is not JSON, too deep or ambiguous")
    func badJSON() {
        let bad = [
            "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{a:1}", "01", "1.", ".5", "1e", "+1", "-", "tru", "nul", "\"\\x\"", "\"\\u12\"",
            "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\u{1}\"", "\"abc", "1 2", "{\"a\":1,\"a\":2}", "1e999", "NaN", "[1 2]", "\u{FEFF}1",
            String(repeating: "[", count: 33) + String(repeating: "]", count: 33), String(repeating: "[", count: 100_000),
        ]
        for text in bad {
            #expect(throws: JSONSyntaxError.self, "\(text.prefix(40))") {
                try JSONValue(parsing: Array(text.utf8), depthLimit: 32, refusesDuplicates: true)
            }
        }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test("survives random changes to JSON texts")
    func fuzzJSON() {
        var state: UInt64 = 42
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let seed = Array(#"{"type":"message","sender_id":"a","n":[1,2.5,-3e2,{"x":null}],"content":"h\u00e9\n","ok":true}"#.utf8)
        var parsed = 0
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0...next(3) { bytes[next(bytes.count)] = UInt8(next(256)) }
            if next(4) == 0 { bytes.removeLast(next(bytes.count)) }
            guard let value = try? JSONValue(parsing: bytes) else { continue }  // why: refusing is fine, crashing is not
            parsed += 1
            #expect((try? JSONValue(parsing: value.encoded())) == value)  // why: nil differs from the value and fails
        }
        #expect(parsed > 100)
    }

    @Test("a name that comes twice counts once, the last, unless refused")
    func duplicates() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"a":2}"#) == ["a": 2])
    }

    @Test("equal values have equal bytes, whatever order they were built in")
    func stableBytes() {
        let one: JSONValue = ["b": 1, "a": ["z": true, "y": nil]]
        let two: JSONValue = ["a": ["y": nil, "z": true], "b": 1]
        #expect(one.encodedString() == #"{"a":{"y":null,"z":true},"b":1}"#)
        #expect(one.encoded() == two.encoded())
    }

    @Test("a schema names every violation with its place")
    func violations() {
        let schema = JSONSchema.object([
            .required("name", .string("Name", oneOf: ["a", "b"])), .optional("count", .integer("Count", minimum: 1, maximum: 9)),
            .optional("tags", .array("Tags", of: .string("Tag"))),
        ])
        #expect(schema.violations(in: ["name": "a", "count": 3, "tags": ["x"]]).isEmpty)
        let found = schema.violations(in: ["name": "c", "count": 12, "tags": ["x", 1], "more/~": nil]).map(\.description)
        #expect(
            found == [
                "/count: must be at most 9", "/more~1~0: is unknown; known are: count, name, tags", "/name: must be one of a, b",
                "/tags/1: must be string, is an integer",
            ])
        #expect(schema.violations(in: []).map(\.description) == ["must be object, is an array"])
        #expect(schema.violations(in: ["count": 1.5]).count == 2)
    }
}
