// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Cuts text into the words a search compares.
///
/// Words are lower-cased, Latin letters lose their accents, apostrophes vanish, English stop words are dropped and common English
/// endings cut. Numbers stay. Scripts written without spaces (Han, kana, Thai and their like) become overlapping pairs of signs.
public enum SearchTerms {
    /// The terms of a text in order, repeats included; at most `limit`.
    public static func terms(of text: String, limit: Int = 4096) -> [String] {
        var result: [String] = []
        var word: [Unicode.Scalar] = []
        var run: [Unicode.Scalar] = []

        func endWord() {
            guard !word.isEmpty else { return }
            var view = String.UnicodeScalarView()
            // An endless run of letters is no word anybody searches for; its head is enough.
            view.append(contentsOf: word.prefix(64))
            word.removeAll(keepingCapacity: true)
            let text = String(view)
            if !stopWords.contains(text) { result.append(stem(text)) }
        }
        func endRun() {
            guard !run.isEmpty else { return }
            if run.count == 1 { result.append(String(Character(run[0]))) }
            for index in run.indices.dropLast() { result.append(String(Character(run[index])) + String(Character(run[index + 1]))) }
            run.removeAll(keepingCapacity: true)
        }

        for scalar in text.lowercased().unicodeScalars {
            if result.count >= limit { return Array(result.prefix(limit)) }
            if isUnspaced(scalar) {
                endWord()
                run.append(scalar)
            } else if let letter = letter(scalar) {
                endRun()
                word.append(letter)
            } else if !isSkipped(scalar) {
                endWord()
                endRun()
            }
        }
        endWord()
        endRun()
        return Array(result.prefix(limit))
    }

    private static func letter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.isASCII {
            switch scalar {
            case "a"..."z", "0"..."9": return scalar
            default: return nil
            }
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .uppercaseLetter, .titlecaseLetter, .decimalNumber, .spacingMark,
            .letterNumber:
            return base(scalar, properties)
        default: return nil
        }
    }

    /// `é` as one scalar and as `e` with a combining accent are the same word: the accent goes in both.
    private static func base(_ scalar: Unicode.Scalar, _ properties: Unicode.Scalar.Properties) -> Unicode.Scalar {
        let prefix = "LATIN SMALL LETTER "
        guard scalar.value < 0x2000, let name = properties.name, name.hasPrefix(prefix) else { return scalar }
        let rest = name.dropFirst(prefix.count)
        guard rest.dropFirst().hasPrefix(" WITH "), let letter = rest.unicodeScalars.first, ("A"..."Z").contains(letter) else {
            return scalar
        }
        return Unicode.Scalar(letter.value + 32) ?? scalar
    }

    /// Apostrophes, combining marks and invisible joiners are inside a word without being part of it.
    private static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "'" }
        switch scalar.value {
        case 0x2018, 0x2019, 0x02BC, 0x00AD, 0x200B...0x200D, 0xFEFF: return true
        default: return scalar.properties.generalCategory == .nonspacingMark
        }
    }

    private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF:  // Thai, Lao, Burmese, Khmer
            true
        case 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F:  // kana
            true
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF:  // Han
            true
        default: false
        }
    }

    /// Cuts plural, -ed, -ing, -ly and a silent final e. Deliberately light: two forms of a word should meet, two words should not.
    private static func stem(_ word: String) -> String {
        var letters = Array(word.utf8)
        guard letters.count > 3, letters.allSatisfy({ (0x61...0x7A).contains($0) }) else { return word }

        func ends(_ suffix: StaticString) -> Bool {
            suffix.withUTF8Buffer { letters.count > $0.count + 1 && letters.suffix($0.count).elementsEqual($0) }
        }
        func hasVowel(_ count: Int) -> Bool { letters.prefix(count).contains { "aeiouy".utf8.contains($0) } }

        if ends("ies") {
            letters.removeLast(3)
            letters.append(UInt8(ascii: "y"))
        } else if ends("sses") || ends("xes") || ends("ches") || ends("shes") {
            letters.removeLast(2)
        } else if ends("s"), !ends("ss"), !ends("us"), !ends("is") {
            letters.removeLast()
        }
        for suffix: StaticString in ["ing", "ed"] where ends(suffix) && letters.count > suffix.utf8CodeUnitCount + 2 {
            guard hasVowel(letters.count - suffix.utf8CodeUnitCount) else { continue }
            letters.removeLast(suffix.utf8CodeUnitCount)
            if let last = letters.last, letters.count > 2, letters[letters.count - 2] == last, !"lsz".utf8.contains(last) {
                letters.removeLast()
            }
            break
        }
        if ends("ly"), letters.count > 5 { letters.removeLast(2) }
        if letters.count > 3, letters.last == UInt8(ascii: "e") { letters.removeLast() }
        if letters.count > 2, letters.last == UInt8(ascii: "y") { letters[letters.count - 1] = UInt8(ascii: "i") }
        return String(decoding: letters, as: UTF8.self)
    }

    private static let stopWords: Set<String> = Set(
        """
        a about am an and any are as at be been but by can could did do does doing for from had has have having he her hers him his \
        how i if in into is it its just me my of on or our ours she should so some such than that the their theirs them then there \
        these they this those to too us was we were what when where which who whom why will with would you your yours im ive id ill \
        youre dont didnt doesnt isnt wasnt thats whats
        """.split(separator: " ").map(String.init))
}
