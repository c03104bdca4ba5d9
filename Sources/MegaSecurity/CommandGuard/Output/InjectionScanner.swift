// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Finds orders to an agent in a text: as they stand, in other letters, spaced out, in digits for letters, encoded.
enum InjectionScanner {
    /// What may be spent on one text.
    struct Budget: Sendable {
        /// Encoded pieces that are decoded.
        var candidates = 256
        /// Bytes that are decoded.
        var bytes = 4 << 20
    }

    private static let mostHits = 16

    static func check(_ bytes: [UInt8], hasNonASCII: Bool, into found: inout TextFindings) {
        var budget = Budget()
        check(bytes, hasNonASCII: hasNonASCII, budget: &budget, into: &found)
    }

    static func check(_ bytes: [UInt8], hasNonASCII: Bool, budget: inout Budget, into found: inout TextFindings) {
        let text = hasNonASCII ? ReadableText(folding: bytes) : ReadableText(plain: bytes)
        var spaced: [Range<Int>] = []
        for hit in InjectionSeeds.hits(in: text.bytes, most: mostHits, spaced: { if spaced.count < 64 { spaced.append($0) } }) {
            let isHidden = hit.isDisguised || text.isChanged(hit.span)
            found.add(isHidden ? .promptInjectionObfuscated : hit.rule, text.span(hit.span))
        }
        for range in spaced where budget.candidates > 0 {
            budget.candidates -= 1
            if spacedOut(text, range) { found.add(.promptInjectionObfuscated, text.span(range)) }
        }
        for (range, decoded) in EncodedText.candidates(in: bytes, budget: &budget) where holdsOrder(decoded, depth: 1, &budget) {
            found.add(.promptInjectionObfuscated, range)
        }
    }

    private static func holdsOrder(_ bytes: [UInt8], depth: Int, _ budget: inout Budget) -> Bool {
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        if InjectionSeeds.first(in: isASCII ? bytes : ReadableText(folding: bytes).bytes) != nil { return true }
        guard depth < 3 else { return false }
        return EncodedText.candidates(in: bytes, budget: &budget).contains { holdsOrder($0.decoded, depth: depth + 1, &budget) }
    }

    /// Letters one by one: closed up, with the words behind them, or as one long row.
    private static func spacedOut(_ text: ReadableText, _ range: Range<Int>) -> Bool {
        let end = min(text.bytes.count, range.upperBound + 160)
        var joined: [UInt8] = []
        var letters: [UInt8] = []
        var gap = 0
        for index in range {
            let byte = text.bytes[index]
            if ByteScan.isAlphanumeric(byte) {
                // A wider gap is where a word ended.
                if gap > 1 { joined.append(0x20) }
                joined.append(byte)
                letters.append(ByteScan.lower(byte))
                gap = 0
            } else {
                gap += 1
            }
        }
        if InjectionSeeds.first(in: joined + [0x20] + text.bytes[range.upperBound..<end]) != nil { return true }
        return InjectionSeeds.compact.contains { ByteScan.first($0, in: letters, from: 0) != nil }
    }
}
