// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@Suite("The hash of a content")
struct ContentHashTests {
    @Test("A million times the letter a, as FIPS 180-4 gives it")
    func million() {
        let content = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(ContentHash.hex(of: content) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("Every length around the block borders, as another implementation has it")
    func lengths() {
        let all = (0..<200).map { length in ContentHash.hex(of: (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + length) }) }.joined()
        #expect(ContentHash.hex(of: Array(all.utf8)) == "b8f5d54cfd1cbbcae2003d1365d9fab7e5bc61813fa3486ee6a6a6bf38db4745")
    }

    @Test("A key is 64 lower-case hex digits")
    func keys() {
        #expect(ContentHash.isKey(String(repeating: "0af9", count: 16)))
        for text in ["", "0", String(repeating: "A", count: 64), String(repeating: "g", count: 64), String(repeating: "0", count: 65)] {
            #expect(!ContentHash.isKey(text))
        }
    }
}
