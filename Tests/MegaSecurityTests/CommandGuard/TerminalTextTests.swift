// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaSecurity
import Testing

@Suite("Characters in commands and pastes") struct TerminalTextTests {
    @Test("What cannot be seen, reorders or moves is reported", arguments: [
        TextCase.flags("ls \u{202E}gpj.x", "bidi_controls"), .flags("ls \u{2067}x\u{2069}", "bidi_controls"), .flags("ls\u{200F} -l", "bidi_controls"),
        .flags("make\u{200B} all", "zero_width_chars"), .flags("make\u{2060} all", "zero_width_chars"), .flags("ma\u{AD}ke", "zero_width_chars"),
        .flags("make\u{FEFF}", "zero_width_chars"), .flags("ma\u{200D}ke", "zero_width_chars"), .flags("ma\u{034F}ke", "zero_width_chars"),
        .flags("make\u{2065}", "zero_width_chars"), .flags("make\u{1D175}", "zero_width_chars"), .flags("make\u{FFFA}", "zero_width_chars"),
        .flags("ls \u{E0062}\u{E0075}", "unicode_tags"), .flags("ls \u{1F3F4}\u{E0062}\u{E0075} x", "unicode_tags"),
        .flags("ls a\u{2063}b", "invisible_math_operator", .warn), .flags("ls a\u{FE04}", "variation_selector", .warn),
        .flags("ls a\u{E0110}", "variation_selector", .warn), .flags("ls a\u{180C}", "variation_selector", .warn),
        .flags("cat\u{A0}file", "invisible_whitespace", .warn), .flags("cat\u{2003}file", "invisible_whitespace", .warn),
        .flags("cat\u{3000}file", "invisible_whitespace", .warn), .flags("cat\u{2800}file", "invisible_whitespace", .warn),
        .flags("cat \u{3164}", "hangul_filler", .warn), .flags("cat \u{FFA0}", "hangul_filler", .warn), .flags("ls\u{85}", "control_chars"),
        .flags("ls\u{2029}", "control_chars"), .flags("ls \u{8}\u{8}rm", "control_chars"), .flags("ls \u{7F}", "control_chars"),
        .flags("a\rb", "control_chars"), .flags("\u{1B}[1mls", "ansi_escapes"), .flags("\u{9B}1mls", "ansi_escapes"),
        .flags("x\u{7}", "control_chars", in: .paste), .flags("x\u{91}", "control_chars", in: .paste),
    ]) func flagged(_ row: TextCase) { row.check() }

    @Test("Emoji, joiners of the scripts that have them and typesetters' blanks pass", arguments: [
        TextCase.passes("git commit -m '👩‍💻 works'"), .passes("echo '🏳️‍🌈 🏴‍☠️ 👨‍👩‍👧‍👦 👍🏽'"), .passes("echo '#️⃣ 1️⃣ ©️ ☀︎'"),
        .passes("echo '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}'"), .passes("echo 'नमस्ते क्‍ष'"), .passes("echo 'می‌روم'"),
        .passes("echo 'ക്‍'"), .passes("echo 'ශ්‍රී'"), .passes("echo 'ខ្មែរ\u{200B}អក្សរ'"), .passes("echo '漢\u{E0100}字'"), .passes("echo '修正\u{3000}完了'"),
        .passes("echo 'Prix\u{A0}: 5\u{202F}€'"), .passes("echo '«\u{A0}mot\u{A0}»'"), .passes("echo '1\u{202F}000'"), .passes("echo 'ᄀ\u{1160}ᆨ'"),
        .passes("ls\r\n"), .passes("ls\r", in: .paste), .passes("\u{FEFF}ls", in: .paste), .passes("ls\t-l"),
    ]) func passed(_ row: TextCase) { row.check() }

    @Test("A hidden message does not fit into a flag") func longFlag() {
        let tags = String(String.UnicodeScalarView("instructions".unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xE0000) }))
        #expect(Guarded.findings("echo 🏴\(tags)\u{E007F}").contains { $0.rule == "unicode_tags" })
    }

    @Test("Bytes that are no UTF-8 are reported in a paste", arguments: [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80]])
    func malformed(_ bytes: [UInt8]) {
        #expect(Guarded.findings(Array("echo ".utf8) + bytes, .paste).contains { $0.rule == "control_chars" })
    }

    @Test("Spans are the bytes of the character") func spans() throws {
        let finding = try #require(Guarded.findings("echo é\u{200B}x").first { $0.rule == "zero_width_chars" })
        #expect(finding.span == 7..<10)
    }
}

@Suite("Lookalikes in commands") struct ConfusableTextTests {
    @Test("A word that reads as ASCII and is not is reported", arguments: [
        TextCase.flags("sud\u{43E} ls", "confusable_text"), .flags("\u{455}udo ls", "confusable_text"), .flags("gıt status", "confusable_text"),
        .flags("rm -rf /h\u{43E}me", "confusable_text"), .flags("echo p\u{430}ypal", "confusable_text"), .flags("echo \u{1D429}\u{1D430}\u{1D41D}", "confusable_text"),
        .flags("cat ｐａsswd", "confusable_text"), .flags("echo ｐａｓｓ", "confusable_text", .warn), .flags("echo g\u{03BF}\u{03BF}gle", "confusable_text"),
        .flags("echo tes\u{13A2}", "confusable_text"), .flags("s\u{443}do ls", "confusable_text", in: .paste),
        .flags("rm \u{2013}rf x", "confusable_punctuation", .warn), .flags("echo \u{201C}x\u{201D}", "confusable_punctuation", .warn),
        .flags("cat a\u{2215}b", "confusable_punctuation", .warn), .flags("cat a\u{FF1B}b", "confusable_punctuation", .warn),
        .flags("cat a\u{FF5C}b", "confusable_punctuation", .warn), .flags("cat a\u{A789}b", "confusable_punctuation", .warn),
    ]) func flagged(_ row: TextCase) { row.check() }

    @Test("Languages, mixtures of them, and formulas pass", arguments: [
        TextCase.passes("git commit -m 'исправлена ошибка'"), .passes("ls /srv/backup_сервер.log"), .passes("echo USB-кабель"), .passes("echo PDFка"),
        .passes("git commit -m 'ışık açıldı'"), .passes("git commit -m 'þetta er'"), .passes("echo 'ΔT = 5 K, kΩ, µs, TNFα'"), .passes("echo 'x² ≤ π·r²'"),
        .passes("echo 'l’erreur – « oui »'"), .passes("echo 'RustのＡＰＩを使う'"), .passes("echo 'Ａ／Ｂ テスト A／B'"), .passes("echo 2010–2015"),
        .passes("cat résumé.txt"), .passes("ls données/été"), .passes("Übung macht den Meister", in: .paste), .passes("ılık su", in: .paste),
        .passes("сервер работает", in: .paste), .passes("echo '1⁄2 3∶4'"), .passes("日付。次", in: .paste), .passes("echo שלום עולם"), .passes("echo ℹ️ x"),
    ]) func passed(_ row: TextCase) { row.check() }

    @Test("The whole table of UTS #39 is there, and twins are read as people read them") func table() {
        #expect(Lookalikes.confusableCount > 6_500)
        #expect(Lookalikes.asciiTwin(0x430) == UInt8(ascii: "a"))
        #expect(Lookalikes.asciiTwin(0xFF10) == UInt8(ascii: "0"))
        #expect(Lookalikes.asciiTwin(0x1D41A) == UInt8(ascii: "a"))
        #expect(Lookalikes.ascii(0xE9).likeness == .marked)
        #expect(Lookalikes.ascii(0x4E00).likeness == .none)
        #expect(Lookalikes.skeleton("pаypal".unicodeScalars.map(\.value)) == Lookalikes.skeleton("paypal".unicodeScalars.map(\.value)))
        #expect(Script.of(0x431) == .cyrillic && Script.of(0x3B1) == .greek && Script.of(0x4E00) == .han && Script.of(0x41) == .latin)
        #expect(Script.of(0x1780) == .khmer && Script.of(0x0E01) == .thai && Script.of(0x1000) == .myanmar && Script.of(0x1820) == .mongolian)
        #expect(Script.of(0x10FFFF) == .unknown && Script.of(0x301) == .inherited)
    }
}
