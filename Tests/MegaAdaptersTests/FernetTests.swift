// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import Testing

@testable import MegaAdapters

/// The specification's own test vectors, beside the package.
enum FernetVectors {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/specs/fernet")
    static var areThere: Bool { FileManager.default.fileExists(atPath: folder.appending(path: "invalid.json").path) }

    static func load(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: folder.appending(path: name)))
    }

    static func date(_ vector: JSONValue) throws -> Date {
        try Date.ISO8601FormatStyle().parse(try #require(vector["now"]?.stringValue))
    }

    static func codec(_ vector: JSONValue) throws -> FernetCodec {
        FernetCodec(key: try FernetKey(Secret(try #require(vector["secret"]?.stringValue))))
    }
}

@Suite("Fernet")
struct FernetTests {
    static let key = FernetTests.makeKey(1)

    static func makeKey(_ seed: UInt8) -> FernetKey? {
        // why: 32 bytes are always a key; nil makes every test that needs it fail
        try? FernetKey(bytes: (0..<32).map { UInt8(truncatingIfNeeded: Int($0) &* 7 &+ Int(seed)) })
    }

    @Test("makes the specification's tokens", .enabled(if: FernetVectors.areThere))
    func generate() throws {
        for vector in try #require(FernetVectors.load("generate.json").arrayValue) {
            let iv = try #require(vector["iv"]?.arrayValue).compactMap { $0.integerValue.map { UInt8($0) } }
            let token = try FernetVectors.codec(vector).seal(
                Array(try #require(vector["src"]?.stringValue).utf8), now: try FernetVectors.date(vector), vector: iv)
            #expect(token == vector["token"]?.stringValue)
        }
    }

    @Test("opens the specification's tokens", .enabled(if: FernetVectors.areThere))
    func verify() throws {
        for vector in try #require(FernetVectors.load("verify.json").arrayValue) {
            let opened = try FernetVectors.codec(vector).open(
                try #require(vector["token"]?.stringValue), now: try FernetVectors.date(vector), timeToLive: vector["ttl_sec"]?.integerValue)
            #expect(String(decoding: opened.content, as: UTF8.self) == vector["src"]?.stringValue)
        }
    }

    @Test("refuses every invalid token of the specification for its reason", .enabled(if: FernetVectors.areThere))
    func invalid() throws {
        let codes: [String: FernetError.Code] = [
            "incorrect mac": .notAuthentic, "too short": .malformed, "invalid base64": .malformed,
            "payload size not multiple of block size": .malformed, "payload padding error": .malformed,
            "far-future TS (unacceptable clock skew)": .fromTheFuture, "expired TTL": .expired,
            "incorrect IV (causes padding error)": .malformed,
        ]
        let vectors = try #require(FernetVectors.load("invalid.json").arrayValue)
        #expect(vectors.count == 8)
        for vector in vectors {
            let name = try #require(vector["desc"]?.stringValue)
            let codec = try FernetVectors.codec(vector)
            let token = try #require(vector["token"]?.stringValue)
            let now = try FernetVectors.date(vector)
            let error = #expect(throws: FernetError.self, "\(name)") {
                try codec.open(token, now: now, timeToLive: vector["ttl_sec"]?.integerValue)
            }
            #expect(error?.code == codes[name], "\(name)")
        }
    }

    @Test("derives keys as PBKDF2 and the reference do", .enabled(if: FernetVectors.areThere))
    func derivation() throws {
        let vectors = try FernetVectors.load("pbkdf2_vectors.json")
        for vector in try #require(vectors["pbkdf2"]?.arrayValue) {
            let bytes = try FernetKey.deriveBytes(
                password: Secret(try #require(vector["password"]?.stringValue)), salt: Array(try #require(vector["salt"]?.stringValue).utf8),
                iterations: Int(try #require(vector["iterations"]?.integerValue)), count: Int(try #require(vector["dkLen"]?.integerValue)))
            #expect(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == vector["hex"]?.stringValue)
        }
        for vector in try #require(vectors["fernet_keys"]?.arrayValue) {
            let key = try FernetKey.derive(
                password: Secret(try #require(vector["password"]?.stringValue)),
                salt: Array(try #require(vector["salt_utf8"]?.stringValue).utf8), iterations: Int(try #require(vector["iterations"]?.integerValue)))
            #expect(key.text.reveal() == vector["fernet_key"]?.stringValue)
        }
    }

    @Test("opens what it sealed, whatever the length")
    func roundTrips() throws {
        let codec = FernetCodec(key: try #require(Self.key))
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        for length in Array(0..<70) + [1000, 65537] {
            let content = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            let token = try codec.seal(content, now: now, randomBytes: Dependencies.live.randomBytes)
            let opened = try codec.open(token, now: now, timeToLive: 60)
            #expect(opened.content == content)
            #expect(opened.timestamp == 1_800_000_000)
        }
    }

    @Test("opens tokens of older keys and makes them with the newest")
    func rotation() throws {
        let old = try #require(Self.makeKey(2))
        let new = try #require(Self.makeKey(3))
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let token = try FernetCodec(key: old).seal([1, 2, 3], now: now, randomBytes: Dependencies.live.randomBytes)
        let both = FernetCodec(key: new, older: [old])
        #expect(try both.open(token, now: now, timeToLive: 60).content == [1, 2, 3])
        let fresh = try both.seal([4], now: now, randomBytes: Dependencies.live.randomBytes)
        #expect(try FernetCodec(key: new).open(fresh, now: now, timeToLive: 60).content == [4])
        #expect(throws: FernetError.self) { try FernetCodec(key: old).open(fresh, now: now, timeToLive: 60) }
    }

    @Test("refuses a token with any one bit changed")
    func everyBit() throws {
        let codec = FernetCodec(key: try #require(Self.key))
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let token = try codec.seal(Array("secret".utf8), now: now, randomBytes: Dependencies.live.randomBytes)
        let bytes = try #require(URLSafeBase64.decode(token))
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(throws: FernetError.self) { try codec.open(URLSafeBase64.encode(changed), now: now, timeToLive: nil) }
            }
        }
    }

    @Test("accepts a token exactly as old and as early as allowed, and no more")
    func window() throws {
        let codec = FernetCodec(key: try #require(Self.key))
        let made = 1_800_000_000.0
        let token = try codec.seal([1], now: Date(timeIntervalSince1970: made), randomBytes: Dependencies.live.randomBytes)
        for (offset, isFine) in [(60.0, true), (60.9, true), (61, false), (-60, true), (-61, false)] {
            let opened = Result { try codec.open(token, now: Date(timeIntervalSince1970: made + offset), timeToLive: 60, skew: 60) }
            #expect(((try? opened.get()) != nil) == isFine, "\(offset)")  // why: the failure itself is what is looked at
        }
    }

    @Test("reads only strict URL-safe base64")
    func base64() {
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(URLSafeBase64.encode(bytes) == Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_"))
            #expect(URLSafeBase64.decode(URLSafeBase64.encode(bytes)) == bytes)
        }
        for bad in ["A", "AA", "AAA", "A===", "AB==", "AAB=", "AA=A", "AA+A", "AA/A", "AA A", "====", "AAAA=", "AAAé", "AA==AAAA"] {
            #expect(URLSafeBase64.decode(bad) == nil, "\(bad)")
        }
    }

    @Test("refuses keys that are none")
    func badKeys() {
        for bad in ["", "short", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e", "cw+0x689RpI+jtRR7oE8h/eQsKImvJapLeSbXpwF4e4="] {
            #expect(throws: FernetError.self) { try FernetKey(Secret(bad)) }
        }
        #expect(throws: FernetError.self) { try FernetKey.derive(password: Secret(""), salt: [1], iterations: 1) }
    }
}
