// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Letters and signs that would be taken for ASCII ones.
///
/// A foreign letter is no attack, a word that *reads* as ASCII without being it is: so a word is reported when all of it looks like
/// ASCII and its letters come from more than one alphabet. A program's name is held to more, for nobody names programs that way.
enum ConfusableRules {
    /// Looks at every word of the text.
    static func check(_ text: [TextScalar], context: GuardContext, into found: inout TextFindings) {
        let hasEastAsian = text.contains { $0.value >= 0x1100 && Script.of($0.value).isEastAsian }
        var index = 0
        while index < text.count {
            guard isWordPart(text[index].value) else {
                punctuation(text, index, context, hasEastAsian, into: &found)
                index += 1
                continue
            }
            var end = index
            var isForeign = false
            while end < text.count, isWordPart(text[end].value) {
                isForeign = isForeign || text[end].value >= 0x80
                end += 1
            }
            if isForeign { word(text[index..<end], hasEastAsian, into: &found) }
            index = end
        }
    }

    /// A letter, a digit or a mark on one. Underscores, dots and hyphens separate: `backup_сервер` is two words.
    private static func isWordPart(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return (scalar | 0x20) &- 0x61 < 26 || scalar &- 0x30 < 10 }
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
            .decimalNumber, .letterNumber:
            return true
        default: return false
        }
    }

    private static func word(_ word: ArraySlice<TextScalar>, _ hasEastAsian: Bool, into found: inout TextFindings) {
        var hasLatin = false
        var impostors = 0
        var styled = 0
        var wide = 0
        var readsAsASCII = true
        for scalar in word {
            let value = scalar.value
            if value < 0x80 {
                hasLatin = hasLatin || Script.of(value) == .latin
            } else if isStyled(value) {
                styled += 1
            } else if (0xFF10...0xFF5A).contains(value) {
                wide += 1
            } else if isImpostor(value) {
                impostors += 1
            } else {
                let script = Script.of(value)
                let isPlainLatin = script == .latin || script == .inherited
                if !isPlainLatin { readsAsASCII = false }
            }
        }
        let span = word[word.startIndex].offset..<word[word.endIndex - 1].span.upperBound
        if styled > 1 || (styled == 1 && hasLatin) { found.add(.confusableText, span) }
        guard readsAsASCII else { return }
        if impostors > 0, hasLatin || wide > 0 { found.add(.confusableText, span) }
        if wide > 0, impostors == 0 {
            if hasLatin, !hasEastAsian { found.add(.confusableText, span) } else if !hasEastAsian { found.add(.confusableText, span, .warn) }
        }
    }

    /// The mathematical alphabets and their like: drawn as Latin letters in another style.
    private static func isStyled(_ scalar: UInt32) -> Bool {
        ((0x1D400...0x1D7FF).contains(scalar) || (0x2100...0x214F).contains(scalar) || (0x1F110...0x1F169).contains(scalar))
            && Lookalikes.asciiTwin(scalar) != nil && Unicode.Scalar(scalar)?.properties.isAlphabetic == true
    }

    /// A letter of another alphabet drawn like an ASCII letter. Of Greek only those drawn alike: `α` or `γ` beside Latin is physics.
    private static func isImpostor(_ scalar: UInt32) -> Bool {
        let script = Script.of(scalar)
        guard script.isForeignToLatin, !script.isEastAsian, let twin = Lookalikes.asciiTwin(scalar),
            Script.of(UInt32(twin)) == .latin
        else { return false }
        if script == .greek, (0x0391...0x03C9).contains(scalar) {
            return scalar < 0x03B1 || scalar == 0x03BF || scalar == 0x03B9 || scalar == 0x03BD || scalar == 0x03F2
        }
        return true
    }

    /// Whether a program's name is not what it reads like.
    static func isSpoofed(name: some Sequence<UInt32>) -> Bool {
        var isForeign = false
        for scalar in name where scalar >= 0x80 {
            let (text, likeness) = Lookalikes.ascii(scalar)
            switch likeness {
            // Signs and blanks are the business of other rules.
            case .same: isForeign = isForeign || text.contains { ByteScan.isAlphanumeric($0) }
            case .marked, .ascii: break
            case .none: guard Lookalikes.isMark(scalar) else { return false }
            }
        }
        return isForeign
    }

    // MARK: - Punctuation

    private static func punctuation(
        _ text: [TextScalar], _ index: Int, _ context: GuardContext, _ hasEastAsian: Bool, into found: inout TextFindings
    ) {
        let scalar = text[index]
        guard scalar.value >= 0x80, !scalar.isMalformed, let twin = twin(of: scalar.value) else { return }
        let before = index > 0 ? text[index - 1].value : 0x20
        let after = index + 1 < text.count ? text[index + 1].value : 0x20
        let isPlain = { (value: UInt32) in (value | 0x20) &- 0x61 < 26 || value &- 0x30 < 10 }
        let isFree = !scalar.isQuoted && context == .exec
        switch twin {
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
            // An apostrophe within a word is spelling. A quote that opens a word of a command was meant to be one.
            guard isFree, before == 0x20 || before == 0x3D, isPlain(after) || after == 0x2F || after == 0x24 else { return }
            found.add(.confusablePunctuation, scalar.span)
        case UInt8(ascii: "-"):
            // An option that is none; within words dashes are typography.
            guard isFree, before == 0x20, isPlain(after) else { return }
            found.add(.confusablePunctuation, scalar.span)
        case UInt8(ascii: ","), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "^"): return
        case UInt8(ascii: ".") where isFree && !hasEastAsian && before < 0x80 && (after == scalar.value || after == 0x2F):
            // A path that goes elsewhere than it reads.
            found.add(.confusablePunctuation, scalar.span)
        default:
            guard isPlain(before), isPlain(after) else { return }
            if hasEastAsian, scalar.isQuoted || context != .exec { return }
            let isNumber = before &- 0x30 < 10 && after &- 0x30 < 10
            if isNumber, twin == UInt8(ascii: "/") || twin == UInt8(ascii: ":") { return }
            found.add(.confusablePunctuation, scalar.span)
        }
    }

    /// The ASCII sign a character is taken for.
    private static func twin(of scalar: UInt32) -> UInt8? {
        switch scalar {
        case 0x2018, 0x2019, 0x201A, 0x201B, 0x2032: return UInt8(ascii: "'")
        case 0x201C, 0x201D, 0x201E, 0x201F, 0x2033, 0xFF02: return UInt8(ascii: "\"")
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: return UInt8(ascii: "-")
        case 0x3002, 0xFF61, 0xFF0E, 0x2024: return UInt8(ascii: ".")
        case 0x30CE, 0x4E3F, 0x3033: return nil
        default:
            guard let twin = Lookalikes.asciiTwin(scalar), twin > 0x20, !ByteScan.isAlphanumeric(twin) else { return nil }
            return twin
        }
    }
}
