// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension PersonsWords {
    /// Whether a text is the person's own: made of runs of their words as they wrote them, of public values from sources nobody outside
    /// can write, and of a few connecting words.
    ///
    /// A compromised model that may send only such text chooses among what the person wrote anyway. Runs are compared with their
    /// punctuation and their capitals, so that neither carries a message of its own.
    ///
    /// - Parameters:
    ///   - values: Whole field values that may stand in the text.
    ///   - wanted: The words by which the person asks for what is done with it: what they said elsewhere, unquoted, was not meant for
    ///     others. Nil when nobody but the person will see it.
    func wrote(_ content: String, values: Set<String>, for wanted: Set<String>?) -> Bool {
        let asked = wanted.map(sentences(asking:))
        let near = asked.map { asked in asked.union(asked.map { $0 - 1 }).union(asked.map { $0 + 1 }) }
        let content = ReadText(content)
        guard !content.words.isEmpty else { return content.bytes.count <= 3 }
        if fillsTemplate(content, values) { return true }
        for link in AddressScan.links(in: content.text(0..<content.bytes.count)) where !links.contains(link) && !isPart(link, of: values) {
            return false
        }
        var index = 0
        var parts = 0
        var end = 0
        while index < content.words.count {
            guard isPlainGap(content, end..<content.words[index].start) else { return false }
            let own = longestRun(content, index, near)
            let value = longestValue(content, index, values)
            let length = max(own, value)
            if length >= 2 || length == content.words.count || value == length && value > 0 {
                parts += 1
                end = content.words[index + length - 1].end
                index += length
            } else if ActionWords.connecting.contains(content.words[index].lower), !isShouted(content, index) {
                end = content.words[index].end
                index += 1
            } else {
                return false
            }
        }
        // Connecting words alone say nothing the person wrote.
        return parts > 0 && parts <= 12 && isPlainGap(content, end..<content.bytes.count)
    }

    /// Whether a text is one the person spelt out with places to fill in: "Stay at {hotel}". Whole public values fill them.
    private func fillsTemplate(_ content: ReadText, _ values: Set<String>) -> Bool {
        let written = Array(content.bytes)
        return text.quotations.contains { range in
            let template = Array(text.bytes[range])
            guard template.contains(UInt8(ascii: "{")) else { return false }
            return Self.fill(template[...], written[...], values, depth: 0)
        }
    }

    private static func fill(_ template: ArraySlice<UInt8>, _ written: ArraySlice<UInt8>, _ values: Set<String>, depth: Int) -> Bool {
        guard let open = template.firstIndex(of: UInt8(ascii: "{")) else { return template.elementsEqual(written) }
        guard depth < 8, let close = template[open...].firstIndex(of: UInt8(ascii: "}")) else { return false }
        let literal = template[..<open]
        guard written.starts(with: literal) else { return false }
        let rest = written.dropFirst(literal.count)
        // The longest value that fits first; values are few words long.
        for length in stride(from: min(rest.count, 200), to: 0, by: -1) {
            let slot = String(decoding: rest.prefix(length), as: UTF8.self)
            if values.contains(slot), fill(template[(close + 1)...], rest.dropFirst(length), values, depth: depth + 1) { return true }
        }
        return false
    }

    private func isPart(_ link: String, of values: Set<String>) -> Bool {
        values.contains { AddressScan.links(in: $0).contains(link) }
    }

    /// How many words from here on the person wrote in this order, with the same marks between.
    private func longestRun(_ content: ReadText, _ first: Int, _ sentences: Set<Int>?) -> Int {
        func isMeant(_ word: ReadText.Word) -> Bool {
            (sentences?.contains(word.sentence) ?? true) || text.isQuoted(word.start..<word.end)
        }
        var best = 0
        for start in text.words.indices where isSame(content, first, start) {
            guard isMeant(text.words[start]) else { continue }
            var length = 1
            while first + length < content.words.count, start + length < text.words.count, isSame(content, first + length, start + length),
                isMeant(text.words[start + length]),
                gap(content, first + length - 1) == gap(text, start + length - 1)
            {
                length += 1
            }
            best = max(best, length)
        }
        return best
    }

    private func gap(_ text: ReadText, _ index: Int) -> [UInt8] {
        let between = text.bytes[text.words[index].end..<text.words[index + 1].start]
        return between.allSatisfy(\.isBlank) ? [0x20] : Array(between)
    }

    /// The same word; its first letter may be a capital or not. Long numbers count only where the person quoted them.
    private func isSame(_ content: ReadText, _ index: Int, _ own: Int) -> Bool {
        let (word, mine) = (content.words[index], text.words[own])
        guard word.lower == mine.lower, content.bytes[word.start + 1..<word.end].elementsEqual(text.bytes[mine.start + 1..<mine.end])
        else { return false }
        return !isLongNumber(own) || text.isQuoted(mine.start..<mine.end)
    }

    /// Five digits or more in one word or in several with nothing but a blank, a dash or a dot between: a card, an account, a
    /// telephone. A day is none.
    private func isLongNumber(_ own: Int) -> Bool {
        func hasDigit(_ index: Int) -> Bool { text.words[index].lower.utf8.contains(where: \.isDigitByte) }
        func isJoined(_ index: Int) -> Bool {
            let gap = text.bytes[text.words[index].end..<text.words[index + 1].start]
            return gap.count == 1 && gap.allSatisfy { " -./".utf8.contains($0) }
        }
        guard hasDigit(own) else { return false }
        var (first, last) = (own, own)
        while first > 0, own - first < 16, hasDigit(first - 1), isJoined(first - 1) { first -= 1 }
        while last + 1 < text.words.count, last - own < 16, hasDigit(last + 1), isJoined(last) { last += 1 }
        let digits = text.words[first...last].reduce(0) { $0 + $1.lower.utf8.count(where: \.isDigitByte) }
        let isDay = moments.days.contains { $0.start == text.words[first].start } && digits <= 12
        return digits >= 5 && !isDay
    }

    private func longestValue(_ content: ReadText, _ first: Int, _ values: Set<String>) -> Int {
        for length in stride(from: min(24, content.words.count - first), to: 0, by: -1) {
            let range = content.words[first].start..<content.words[first + length - 1].end
            if values.contains(content.text(range)) { return length }
        }
        return 0
    }

    private func isShouted(_ content: ReadText, _ index: Int) -> Bool {
        let word = content.words[index]
        return content.bytes[word.start..<word.end].dropFirst().contains { $0 != $0.asciiLower }
    }

    private func isPlainGap(_ content: ReadText, _ range: Range<Int>) -> Bool {
        range.count <= 4 && content.bytes[range].allSatisfy { $0.isBlank || ".,:;!?'\"()<>-".utf8.contains($0) }
    }
}
