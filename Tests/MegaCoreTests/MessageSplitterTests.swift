// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaCore
import Testing

@Suite("A text cut to a channel's limit")
struct MessageSplitterTests {
    private func split(_ text: String, _ limit: Int, _ unit: AdapterCapabilities.LengthUnit = .characters) -> [String] {
        MessageSplitter(limit: limit, unit: unit).split(text)
    }

    @Test("A short text stays as it is") func short() {
        #expect(split("hello ", 6) == ["hello "])
        #expect(split("", 1) == [""])
    }

    @Test("It is cut at paragraphs, else at lines, else between words, else anywhere") func places() {
        #expect(split("one two\n\nthree four\nfive", 14) == ["one two", "three four", "five"])
        #expect(split("one two\nthree four five", 14) == ["one two", "three four", "five"])
        #expect(split("one two three four", 9) == ["one two", "three", "four"])
        #expect(split("abcdefghij", 4) == ["abcd", "efgh", "ij"])
        #expect(split("a b c d e f g h", 4) == ["a b", "c d", "e f", "g h"])
        // An early paragraph is not worth a tiny message.
        #expect(split("a\n\nbbbb cccc dddd", 12) == ["a\n\nbbbb cccc", "dddd"])
    }

    @Test("The indentation of the line behind a cut stays") func indentation() {
        #expect(split("- first item\n  - second item", 14) == ["- first item", "  - second", "item"])
    }

    @Test("Length is counted in the channel's own unit, and no character is cut apart") func units() {
        let family = "👩‍👩‍👧"  // 1 character, 5 scalars, 8 UTF-16 units, 18 bytes
        let text = String(repeating: family, count: 5)
        #expect(split(text, 2).map(\.count) == [2, 2, 1])
        #expect(split(text, 11, .unicodeScalars).map(\.count) == [2, 2, 1])
        #expect(split(text, 17, .utf16Units).map(\.count) == [2, 2, 1])
        #expect(split(text, 40, .utf8Bytes).map(\.count) == [2, 2, 1])
        #expect(split("e\u{301}e\u{301}e\u{301}", 3, .unicodeScalars) == ["e\u{301}", "e\u{301}", "e\u{301}"])
    }

    @Test("Only a single character above the limit is cut, between its scalars") func giant() {
        let giant = "a" + String(repeating: "\u{301}", count: 9)
        let parts = split(giant, 4, .unicodeScalars)
        #expect(parts.map(\.unicodeScalars.count) == [4, 4, 2])
        #expect(parts.joined().unicodeScalars.elementsEqual(giant.unicodeScalars))
        #expect(split("日本", 1, .utf8Bytes) == ["日", "本"])
    }

    @Test("A code block that goes on is closed and opened again, with its language") func fences() {
        let code = (1...6).map { "let line\($0) = \($0)" }.joined(separator: "\n")
        let parts = split("Look:\n```swift\n\(code)\n```\nDone.", 50)
        #expect(parts == [
            "Look:\n```swift\nlet line1 = 1\nlet line2 = 2\n```",
            "```swift\nlet line3 = 3\nlet line4 = 4\n```",
            "```swift\nlet line5 = 5\nlet line6 = 6\n```\nDone.",
        ])
    }

    @Test("No fence stands alone at a cut, and a block that ends at one is not opened again") func fenceEdges() {
        #expect(split("Some words before it all\n```\nx = 1\n```", 30) == ["Some words before it all", "```\nx = 1\n```"])
        #expect(split("```\naaaaaaaaaaaaaaaaaaaa\n```\nthe end of it all", 30) == ["```\naaaaaaaaaaaaaaaaaaaa\n```", "the end of it all"])
        // Inline code and tildes inside a block of backticks open and close nothing.
        #expect(split("````\n```\n~~~\nstill code here\n````\nand then some more text", 40).count == 2)
    }

    @Test("Whatever the text: every part fits, nothing but white space and fences goes or comes", arguments: [16, 24, 33, 100]) func random(limit: Int) {
        var state: UInt64 = 20_261_125
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = ["a", "word", " ", "  ", "\n", "\n\n", "\r\n", "```", "~~~~", "`x`", "é", "👩‍👩‍👧", "\t", "日本語", "swift", "    ", "long-long-long-word"]
        let units: [AdapterCapabilities.LengthUnit] = [.characters, .unicodeScalars, .utf16Units, .utf8Bytes]
        for round in 0..<300 {
            let text = (0..<next(120)).map { _ in pieces[next(pieces.count)] }.joined()
            let splitter = MessageSplitter(limit: max(limit, 18), unit: units[round % 4])
            let parts = splitter.split(text)
            if parts.count > 1 {
                for part in parts {
                    #expect(splitter.fits(part), "\(splitter.length(of: part)) in \(text.debugDescription)")
                    #expect(!part.isEmpty)
                }
            }
            // Fences and the words behind them may be repeated; everything else is there exactly once.
            func plain(_ text: String) -> String { text.filter { !$0.isWhitespace && !"`~".contains($0) } }
            if !text.contains("```"), !text.contains("~~~~") { #expect(plain(parts.joined()) == plain(text)) }
            #expect(parts.reduce(0) { $0 + plain($1).count } >= plain(text).count)
        }
    }

    @Test("A hostile text takes time in proportion to its length") func hostile() {
        let line = String(repeating: "x", count: 200_000)
        #expect(split("```\n" + line, 100, .utf8Bytes).count > 2_000)
        #expect(split(String(repeating: "\n```", count: 20_000), 100).isEmpty == false)
        #expect(split(String(repeating: " ", count: 200_000) + "a", 100) == ["a"])
    }
}
