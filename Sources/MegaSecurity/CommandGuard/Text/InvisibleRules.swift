// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Characters that show nothing, reorder or move: allowed only where emoji and the world's scripts need them.
enum InvisibleRules {
    static func check(_ text: [TextScalar], context: GuardContext, into found: inout TextFindings) {
        var index = 0
        while index < text.count {
            let scalar = text[index]
            var end = index + 1
            if scalar.value < 0x80 {
                control(text, index, context, into: &found)
            } else if scalar.isMalformed {
                if context != .exec { found.add(.controlChars, scalar.span) }
            } else if let rule = rule(text, index, &end, context) {
                while end < text.count, end - index < 256, text[end].value == scalar.value { end += 1 }
                found.add(rule, scalar.offset..<text[end - 1].span.upperBound)
            }
            index = end
        }
    }

    /// C0 and DEL. Tabs and line ends are text; a carriage return is one before a line feed or at the very end.
    private static func control(_ text: [TextScalar], _ index: Int, _ context: GuardContext, into found: inout TextFindings) {
        let value = text[index].value
        guard value < 0x20 && value != 0x09 && value != 0x0A || value == 0x7F else { return }
        if value == 0x0D {
            var next = index + 1
            while next < text.count, next - index < 4, text[next].value == 0x0D { next += 1 }
            if next == text.count || text[next].value == 0x0A { return }
        }
        found.add(value == 0x1B ? .ansiEscapes : .controlChars, text[index].span)
    }

    /// The rule a character outside ASCII breaks; `end` moves on over a sequence that is in order.
    private static func rule(_ text: [TextScalar], _ index: Int, _ end: inout Int, _ context: GuardContext) -> TextRule? {
        switch text[index].value {
        case 0x0080...0x009F: return text[index].value == 0x9B ? .ansiEscapes : .controlChars
        case 0x2028, 0x2029: return .controlChars
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: return .bidiControls
        case 0x200C, 0x200D:
            return EmojiSequence.isJoined(text, index) || joinsLetters(text, index) ? nil : .zeroWidthChars
        case 0x200B: return isBetween(text, index, { $0.breaksWithoutBlanks }) ? nil : .zeroWidthChars
        case 0xFEFF: return index == 0 && context != .exec ? nil : .zeroWidthChars
        case 0x2061...0x2064: return .invisibleMathOperator
        case 0xE0000...0xE007F:
            guard let past = EmojiSequence.endOfFlag(text, index) else { return .unicodeTags }
            end = past
            return nil
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF, 0x180B...0x180D, 0x180F:
            return isVariant(text, index) ? nil : .variationSelector
        case 0x115F, 0x1160:
            return isBetween(text, index, { $0 == .hangul }) ? nil : .hangulFiller
        case 0x3164, 0xFFA0: return .hangulFiller
        case 0x00A0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x2800, 0x3000:
            return isTypographic(text, index) ? nil : .invisibleWhitespace
        case 0xFFF9...0xFFFB: return .zeroWidthChars
        case let value:
            guard value >= 0xAD, Unicode.Scalar(value)?.properties.isDefaultIgnorableCodePoint == true else { return nil }
            return .zeroWidthChars
        }
    }

    /// A joiner or non-joiner within a word of a script that knows them: after its letter or sign, and not before an ASCII letter.
    private static func joinsLetters(_ text: [TextScalar], _ index: Int) -> Bool {
        guard index > 0, usesJoiners(text[index - 1].value) else { return false }
        guard index + 1 < text.count else { return true }
        let next = text[index + 1].value
        if next < 0x80 { return Script.of(next) != .latin && !(0x30...0x39).contains(next) }
        return usesJoiners(next) || Script.of(next) == .common || Script.of(next) == .inherited
    }

    /// Cursive scripts and the Brahmic ones, whose letters change with their neighbours.
    private static func usesJoiners(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0600...0x08FF: true
        case 0x0900...0x0DFF: true
        case 0x0F00...0x109F, 0x1700...0x18AF, 0x19E0...0x1AAF, 0x1B00...0x1C4F: true
        case 0xA800...0xA8FF, 0xA930...0xA9FF, 0xAA00...0xAA7F, 0xABC0...0xABFF: true
        case 0xFB50...0xFDFF, 0xFE70...0xFEFE: true
        case 0x10A00...0x10A5F, 0x10AC0...0x10AFF, 0x10D00...0x10FFF, 0x11000...0x11FFF, 0x1E900...0x1E95F: true
        default: false
        }
    }

    private static func isVariant(_ text: [TextScalar], _ index: Int) -> Bool {
        if EmojiSequence.isStyled(text, index) { return true }
        guard index > 0 else { return false }
        let base = text[index - 1].value
        let script = Script.of(base)
        switch text[index].value {
        case 0x180B...0x180D, 0x180F: return script == .mongolian
        case 0xFE00...0xFE02: return script.isEastAsian || script == .myanmar || script == .phagsPa
        case 0xE0100...0xE01EF: return script == .han
        default: return false
        }
    }

    private static func isBetween(_ text: [TextScalar], _ index: Int, _ isFit: (Script) -> Bool) -> Bool {
        guard index > 0, index + 1 < text.count else { return false }
        return isFit(script(text, before: index)) && isFit(Script.of(text[index + 1].value))
    }

    /// The script of the nearest character before that has one of its own.
    private static func script(_ text: [TextScalar], before index: Int) -> Script {
        var at = index - 1
        var steps = 0
        while at > 0, steps < 8, Script.of(text[at].value) == .inherited { (at, steps) = (at - 1, steps + 1) }
        return Script.of(text[at].value)
    }

    /// Blanks where typesetting has them: wide ones among East Asian letters, fixed ones beside French punctuation and within numbers.
    private static func isTypographic(_ text: [TextScalar], _ index: Int) -> Bool {
        guard index > 0 else { return false }
        let before = text[index - 1].value
        let after = index + 1 < text.count ? text[index + 1].value : 0x0A
        switch text[index].value {
        case 0x3000:
            return isWide(before) && (isWide(after) || after == 0x0A || after == 0x22 || after == 0x27)
        case 0x00A0, 0x202F, 0x2009:
            if before == 0xAB || after == 0xBB || isCurrency(after) || isCurrency(before) { return true }
            let isDigitBefore = (0x30...0x39).contains(before)
            if isDigitBefore, (0x30...0x39).contains(after) || after == 0x25 { return true }
            guard after == 0x3A || after == 0x3B || after == 0x21 || after == 0x3F else { return false }
            // In front of a mark that ends a clause, so what follows it is a blank, a quote or nothing.
            let further = index + 2 < text.count ? text[index + 2].value : 0x20
            let endsClause = further == 0x20 || further == 0x22 || further == 0x27 || further == 0x0A
            return endsClause && Unicode.Scalar(before)?.properties.isAlphabetic == true && (after != 0x3B || text[index].isQuoted)
        default: return false
        }
    }

    private static func isWide(_ scalar: UInt32) -> Bool {
        Script.of(scalar).isEastAsian || (0x3001...0x303F).contains(scalar) || (0xFF01...0xFF60).contains(scalar) || scalar == 0x30FC
    }

    private static func isCurrency(_ scalar: UInt32) -> Bool {
        scalar >= 0x80 && Unicode.Scalar(scalar)?.properties.generalCategory == .currencySymbol
    }
}
