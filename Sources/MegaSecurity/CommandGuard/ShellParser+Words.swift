// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension ShellParser {
    /// A word with its quotes removed.
    struct Word {
        var text = ""
        /// Any part of it was quoted, so it is no reserved word and no here-document of the expanding kind.
        var isQuoted = false
        /// `NAME=…`, with the name unquoted.
        var isAssignment = false
    }

    private static let wordEnds = Set(" \t\n;&|<>()".unicodeScalars)

    /// Reads one word. Always moves on by at least one character.
    mutating func word() -> Word {
        var word = Word()
        var text = String.UnicodeScalarView()
        let start = index
        var sawBrace = false
        while let scalar = peek, !Self.wordEnds.contains(scalar) {
            switch scalar {
            case "\\":
                index += 1
                guard let next = peek else {
                    found.isIncomplete = true
                    continue
                }
                index += 1
                if next == "\n" { continue }
                word.isQuoted = true
                text.append(next)
            case "'":
                word.isQuoted = true
                singleQuoted(into: &text)
            case "\"":
                word.isQuoted = true
                index += 1
                doubleQuoted(into: &text)
            case "$":
                if peek(1) == "'" || peek(1) == "\"" { word.isQuoted = true }
                dollar(isQuoted: false, into: &text)
            case "`":
                backquote(into: &text)
            case "*", "?", "[":
                // Decided by the files that are there. `[` alone is the test program.
                let isTest = scalar == "[" && index == start && (peek(1).map { Self.wordEnds.contains($0) } ?? true)
                if !isTest { found.isIncomplete = true }
                text.append(scalar)
                index += 1
            case "~":
                if index == start || scalars[index - 1] == "=" || scalars[index - 1] == ":" { found.isIncomplete = true }
                text.append(scalar)
                index += 1
            case "{":
                sawBrace = peek(1) != "}" && index + 1 < scalars.count && !Self.wordEnds.contains(scalars[index + 1])
                text.append(scalar)
                index += 1
            case "," where sawBrace, "." where sawBrace && peek(1) == ".":
                found.isIncomplete = true
                text.append(scalar)
                index += 1
            case "=":
                if !word.isQuoted, Self.isName(text) {
                    word.isAssignment = true
                    if peek(1) == "(" { found.isIncomplete = true }
                }
                text.append(scalar)
                index += 1
            default:
                if CharacterScan.isOddBlank(scalar) {
                    found.add(.ask, "odd-blank", "It contains blanks outside ASCII, which the shell takes as letters.")
                }
                text.append(scalar)
                index += 1
            }
        }
        if index == start { index += 1 }
        word.text = String(text)
        return word
    }

    /// `NAME`, `NAME+` or `NAME[…]` before the equals sign.
    private static func isName(_ text: String.UnicodeScalarView) -> Bool {
        guard let first = text.first, first == "_" || (first.value < 0x80 && first.properties.isAlphabetic) else { return false }
        var rest = text.dropFirst()
        while let scalar = rest.first, scalar == "_" || (scalar.value < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)) {
            rest = rest.dropFirst()
        }
        return rest.isEmpty || (rest.first == "+" && rest.count == 1) || (rest.first == "[" && (rest.last == "]" || rest.last == "+"))
    }

    private mutating func singleQuoted(into text: inout String.UnicodeScalarView) {
        index += 1
        while let scalar = peek {
            index += 1
            if scalar == "'" { return }
            text.append(scalar)
        }
        found.isIncomplete = true
    }

    /// After the opening quote, up to and with the closing one.
    private mutating func doubleQuoted(into text: inout String.UnicodeScalarView) {
        while let scalar = peek {
            switch scalar {
            case "\"":
                index += 1
                return
            case "\\":
                if let next = peek(1), "$`\"\\\n".unicodeScalars.contains(next) {
                    if next != "\n" { text.append(next) }
                    index += 2
                } else {
                    text.append(scalar)
                    index += 1
                }
            case "$": dollar(isQuoted: true, into: &text)
            case "`": backquote(into: &text)
            default:
                text.append(scalar)
                index += 1
            }
        }
        found.isIncomplete = true
    }

    /// The expansions in a here-document's body, which is read like text in double quotes.
    mutating func expansions(in body: String) {
        guard depth + 1 < Self.deepest else { return found.isIncomplete = true }
        let escaped = body.unicodeScalars.reduce(into: String.UnicodeScalarView()) { result, scalar in
            if scalar == "\"" { result.append("\\") }
            result.append(scalar)
        }
        // Read as the argument of a command that does nothing; only substitutions inside add commands.
        nested(": \"" + String(escaped) + "\"")
    }

    // MARK: - Expansions

    private mutating func dollar(isQuoted: Bool, into text: inout String.UnicodeScalarView) {
        index += 1
        guard let next = peek else {
            text.append("$")
            return
        }
        switch next {
        case "(":
            found.isIncomplete = true
            index += 1
            let start = index
            list(until: .parenthesis)
            append("$(", start, into: &text)
        case "{":
            found.isIncomplete = true
            let start = index
            index += 1
            braceExpansion()
            append("$", start, into: &text)
        case "[":
            found.isIncomplete = true
            text.append("$")
        case "'" where !isQuoted:
            found.isIncomplete = true
            index += 1
            ansiQuoted(into: &text)
        case "\"" where !isQuoted:
            found.isIncomplete = true
            index += 1
            doubleQuoted(into: &text)
        case "_", "@", "*", "#", "?", "-", "$", "!", "0"..."9", "a"..."z", "A"..."Z":
            found.isIncomplete = true
            text.append("$")
            text.append(next)
            index += 1
        default:
            text.append("$")
        }
    }

    private func append(_ opening: String, _ start: Int, into text: inout String.UnicodeScalarView) -> Void {
        text.append(contentsOf: opening.unicodeScalars)
        text.append(contentsOf: scalars[min(start, index)..<min(index, start + 200)])
    }

    private mutating func braceExpansion() {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting + depth < 40 else {
            index = scalars.count
            return
        }
        var ignored = String.UnicodeScalarView()
        while let scalar = peek {
            switch scalar {
            case "}":
                index += 1
                return
            case "\\": index = min(index + 2, scalars.count)
            case "'": singleQuoted(into: &ignored)
            case "\"":
                index += 1
                doubleQuoted(into: &ignored)
            case "$": dollar(isQuoted: true, into: &ignored)
            case "`": backquote(into: &ignored)
            default: index += 1
            }
        }
    }

    private mutating func backquote(into text: inout String.UnicodeScalarView) {
        found.isIncomplete = true
        index += 1
        var body = String.UnicodeScalarView()
        var isClosed = false
        while let scalar = peek, !isClosed {
            index += 1
            if scalar == "`" {
                isClosed = true
            } else if scalar == "\\", let next = peek, next == "`" || next == "\\" || next == "$" {
                body.append(next)
                index += 1
            } else {
                body.append(scalar)
            }
        }
        nested(String(body))
        text.append(contentsOf: "`…`".unicodeScalars)
    }

    /// `$'…'`: decoded as bash does, so that deny rules see the program, but incomplete since not every shell knows it.
    private mutating func ansiQuoted(into text: inout String.UnicodeScalarView) {
        while let scalar = peek {
            index += 1
            if scalar == "'" { return }
            guard scalar == "\\", let escape = peek else {
                text.append(scalar)
                continue
            }
            index += 1
            switch escape {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "x": number(radix: 16, most: 2, into: &text)
            case "u": number(radix: 16, most: 4, into: &text)
            case "U": number(radix: 16, most: 8, into: &text)
            case "0"..."7":
                index -= 1
                number(radix: 8, most: 3, into: &text)
            default: text.append(escape)
            }
        }
    }

    private mutating func number(radix: Int, most: Int, into text: inout String.UnicodeScalarView) {
        var value: UInt32 = 0
        var count = 0
        while count < most, let digit = peek.flatMap({ Character($0).hexDigitValue }), digit < radix {
            value = value &* UInt32(radix) &+ UInt32(digit)
            index += 1
            count += 1
        }
        text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }
}
