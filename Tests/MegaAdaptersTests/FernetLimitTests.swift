// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@testable import MegaAdapters

@Suite("Fernet and bytes from anywhere")
struct FernetLimitTests {
    @Test("random, cut and changed tokens are refused, never a crash, however long they are")
    func random() throws {
        var state: UInt64 = 20_261_125
        // A linear congruential generator (Knuth's constants): the same bytes in every run.
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let codec = FernetCodec(key: try FernetKey(Secret("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=")))
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let token = try codec.seal(Array("hello".utf8), now: now, randomBytes: { count in (0..<count).map { _ in next() } })
        func isRefused(_ text: String) -> Bool {
            do {
                _ = try codec.open(text, now: now, timeToLive: 60, skew: 60)
                return false
            } catch { return error is FernetError }
        }
        #expect(!isRefused(token))
        for round in 0..<2000 {
            let count = Int(next()) * (round % 7)
            let bytes = (0..<count).map { _ in round.isMultiple(of: 2) ? next() : 0x30 + next() % 75 }
            #expect(isRefused(String(decoding: bytes, as: UTF8.self)), "round \(round)")
        }
        let characters = Array(token)
        for length in characters.indices { #expect(isRefused(String(characters[..<length])), "\(length)") }
        #expect(isRefused(String(repeating: "gAAAAA", count: 400_000)))
        #expect(isRefused(token + token))
    }
}
