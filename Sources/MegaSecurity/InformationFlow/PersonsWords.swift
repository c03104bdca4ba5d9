// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a person asked for, read so that a call can be held against it.
struct PersonsWords: Sendable {
    /// A word that asks for something.
    struct Action: Sendable {
        var word: Int
        var isNegated: Bool
        /// "… and send them": what is meant was named before.
        var hasPronoun: Bool
    }

    let text: ReadText
    let moments: NamedMoments
    let actions: [Action]
    /// Mail addresses, in lower case.
    let mails: [String]
    /// Links, as ``AddressScan/normalised(_:)``.
    let links: [String]

    init(_ message: String) {
        let text = ReadText(message)
        self.text = text
        moments = NamedMoments(text)
        mails = AddressScan.mails(in: message)
        links = AddressScan.links(in: message)
        let words = text.words
        var actions: [Action] = []
        for (index, word) in words.enumerated() where ActionWords.isAction(word.lower) {
            let before = words[..<index].suffix(3).filter { $0.sentence == word.sentence }.map(\.lower)
            let isDeed = ActionWords.deeds.contains(word.lower) && ["a", "an"].contains(before.last)
            if let last = before.last, ActionWords.determiners.contains(last), !isDeed { continue }
            // "add 'this text' to it": what is quoted in between does not count.
            let after = words[(index + 1)...].prefix(40).filter { $0.sentence == word.sentence && !text.isQuoted($0.start..<$0.end) }.prefix(2).map(\.lower)
            if after.first == "address" || text.isQuoted(word.start..<word.end) && !text.isWholeQuotation(word.start..<word.end) { continue }
            actions.append(
                Action(
                    word: index, isNegated: before.contains { ActionWords.negations.contains($0) },
                    hasPronoun: after.contains { ActionWords.pronouns.contains($0) }))
        }
        self.actions = actions
    }

    /// The sentences in which the person asks for one of these.
    func sentences(asking wanted: Set<String>) -> Set<Int> {
        Set(actions.filter { !$0.isNegated && isOne($0, wanted) }.map { text.words[$0.word].sentence })
    }

    /// Whether a place in the message belongs to an action: the nearest action word before it is one of these, or one of these is
    /// followed by a pronoun in the same sentence.
    func isAsked(at range: Range<Int>, _ wanted: Set<String>) -> Bool {
        guard let here = text.wordIndex(at: range.lowerBound) else { return false }
        let sentence = text.words[here].sentence
        if let nearest = actions.last(where: { $0.word < here && text.words[$0.word].sentence >= sentence - 2 }),
            !nearest.isNegated, isOne(nearest, wanted)
        {
            return true
        }
        return actions.contains { $0.hasPronoun && !$0.isNegated && text.words[$0.word].sentence == sentence && isOne($0, wanted) }
    }

    /// Whether a value the person named belongs to an action.
    func isAsked(_ value: String, _ wanted: Set<String>) -> Bool {
        text.occurrences(of: value).contains { isAsked(at: $0, wanted) }
    }

    /// Whether a short name was meant as a name: written exactly so, and quoted, or with a capital inside a sentence, or with digits or
    /// marks in it, or beside a word that says what it is.
    func names(_ value: String, beside words: Set<String>) -> [Range<Int>] {
        guard value.utf8.count >= 2 else { return [] }
        return text.occurrences(of: value, ignoringCase: false).filter { range in
            if text.isQuoted(range) { return true }
            guard let index = text.wordIndex(at: range.lowerBound) else { return false }
            if value.utf8.contains(where: { !$0.isLetterByte }) { return true }
            let isFirst = index == 0 || text.words[index - 1].sentence != text.words[index].sentence
            if !isFirst, let first = value.utf8.first, first != first.asciiLower || first >= 0x80 { return true }
            let around = text.words[max(0, index - 2)...min(text.words.count - 1, index + 2)].map(\.lower)
            return around.contains { ActionWords.matches($0, words) }
        }
    }

    /// The numbers written in a sentence the person asks for one of these in.
    func numbers(asking wanted: Set<String>) -> Set<Double> {
        let sentences = sentences(asking: wanted)
        return Set(numbers.filter { sentences.contains($0.sentence) }.map(\.value))
    }

    /// Every number, with its sentence.
    var numbers: [(value: Double, sentence: Int)] {
        var found: [(Double, Int)] = []
        var index = 0
        while index < text.words.count {
            let word = text.words[index]
            defer { index += 1 }
            guard word.lower.utf8.allSatisfy(\.isDigitByte) else { continue }
            var written = word.lower
            var last = word
            while index + 1 < text.words.count {
                let next = text.words[index + 1]
                guard next.start == last.end + 1, next.lower.utf8.allSatisfy(\.isDigitByte) else { break }
                if text.bytes[last.end] == UInt8(ascii: "."), !written.contains(".") { written += "." + next.lower }
                else if text.bytes[last.end] == UInt8(ascii: ","), next.lower.utf8.count == 3, !written.contains(".") { written += next.lower }
                else { break }
                last = next
                index += 1
            }
            if let value = Double(written) { found.append((value, word.sentence)) }
        }
        return found
    }

    private func isOne(_ action: Action, _ wanted: Set<String>) -> Bool { ActionWords.matches(text.words[action.word].lower, wanted) }
}
