// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// One pass over shell text: lists, pipelines, groups and simple commands. Words are read in `ShellParser+Words.swift`.
///
/// It accepts more than a shell does and never gives up: what it cannot place makes the command incomplete, and it reads on so that
/// commands further right are still seen.
struct ShellParser {
    enum End { case text, parenthesis }

    /// The most characters of one text that are read.
    static let longestText = 100_000
    static let deepest = 12

    let scalars: [Unicode.Scalar]
    var index = 0
    let depth: Int
    var found: ShellFindings
    var nesting = 0
    private var hereDocuments: [HereDocument] = []

    private struct HereDocument {
        var delimiter: String
        var stripsTabs: Bool
        var isLiteral: Bool
        var program: String
    }

    /// Reads a whole text and adds what it finds.
    static func parse(_ scalars: [Unicode.Scalar], depth: Int, into found: inout ShellFindings) {
        guard depth < deepest, found.budget >= scalars.count else {
            found.isIncomplete = true
            return
        }
        found.budget -= scalars.count + 64
        // Swapped, not copied: a text of thousands of substitutions would copy what was found as often.
        var parser = ShellParser(scalars: scalars, depth: depth, found: ShellFindings())
        swap(&parser.found, &found)
        parser.list(until: .text)
        swap(&parser.found, &found)
    }

    private init(scalars: [Unicode.Scalar], depth: Int, found: ShellFindings) {
        self.scalars = scalars
        self.depth = depth
        self.found = found
    }

    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
    func peek(_ offset: Int) -> Unicode.Scalar? { index + offset < scalars.count ? scalars[index + offset] : nil }

    /// The simple command being read.
    private struct Current {
        var words: [String] = []
        var hereStrings: [String] = []
        var isDiscarded = false
        var sawAnything = false
        var afterPipe = false
    }

    mutating func list(until end: End) {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting + depth < 40 else {
            found.isIncomplete = true
            index = scalars.count
            return
        }
        var current = Current()
        var isDangling = false
        while true {
            skipBlanks()
            guard let next = peek else {
                finish(&current)
                if isDangling || end == .parenthesis { found.isIncomplete = true }
                if !hereDocuments.isEmpty { found.isIncomplete = true }
                return
            }
            switch next {
            case "\n":
                index += 1
                if current.sawAnything { isDangling = false }
                finish(&current)
                readHereDocuments()
            case ";":
                index += 1
                if peek == ";" || !current.sawAnything { found.isIncomplete = true }
                while peek == ";" || peek == "&" { index += 1 }
                isDangling = false
                finish(&current)
            case "&" where peek(1) == ">":
                redirection(&current)
            case "&", "|":
                if !current.sawAnything { found.isIncomplete = true }
                let isPair = peek(1) == next
                let isPipe = next == "|" && !isPair
                index += isPair || (isPipe && peek(1) == "&") ? 2 : 1
                isDangling = isPair || next == "|"
                finish(&current)
                current.afterPipe = isPipe
            case "(":
                index += 1
                if !current.words.isEmpty || peek == "(" {
                    // A function definition, an array, an extended glob or arithmetic.
                    found.isIncomplete = true
                    if peek == ")" {
                        index += 1
                        finish(&current, discard: true)
                        continue
                    }
                }
                current.sawAnything = true
                isDangling = false
                list(until: .parenthesis)
            case ")":
                index += 1
                finish(&current)
                if isDangling { found.isIncomplete = true }
                if end == .parenthesis { return }
                found.isIncomplete = true
            case "#":
                while let scalar = peek, scalar != "\n" { _ = scalar; index += 1 }
            case "<" where peek(1) == "(", ">" where peek(1) == "(":
                found.isIncomplete = true
                index += 2
                list(until: .parenthesis)
                current.words.append("<(…)")
                current.sawAnything = true
            case "<", ">":
                redirection(&current)
            default:
                if takeWord(&current) { isDangling = false }
            }
        }
    }

    // MARK: - Simple commands

    /// Reads a word and puts it where it belongs. Returns whether it counts as a command.
    private mutating func takeWord(_ current: inout Current) -> Bool {
        let word = self.word()
        if let after = peek, after == "<" || after == ">", !word.isQuoted, !word.text.isEmpty,
            word.text.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) })
        {
            redirection(&current)
            return true
        }
        current.sawAnything = true
        if current.words.isEmpty, !current.isDiscarded {
            if !word.isQuoted, let kind = ShellWords.reserved[word.text] {
                switch kind {
                case .group: return word.text != "!"
                case .control: found.isIncomplete = true
                case .header:
                    found.isIncomplete = true
                    current.isDiscarded = true
                }
                return true
            }
            if word.isAssignment {
                found.hasAssignments = true
                return true
            }
            if word.text.unicodeScalars.contains(where: { $0.value > 0x7F }) {
                found.add(.ask, "look-alike", "The program's name has letters outside ASCII; it may only look like the one you know.")
            }
        } else if !word.isQuoted, CharacterScan.mixesAlphabets(word.text) {
            found.add(.ask, "look-alike", "A word mixes alphabets whose letters look alike.")
        }
        current.words.append(word.text)
        return true
    }

    private mutating func finish(_ current: inout Current, discard: Bool = false) {
        defer { current = Current() }
        guard !discard, !current.isDiscarded, !current.words.isEmpty else { return }
        record(current.words, afterPipe: current.afterPipe)
        if ShellWords.shells.contains(ShellWords.baseName(current.words[0])) {
            for text in current.hereStrings { nested(text) }
        }
    }

    /// Adds a simple command and what it would run in turn.
    mutating func record(_ words: [String], afterPipe: Bool = false, wrapping: Int = 0) {
        guard let first = words.first else { return }
        found.add(words)
        let program = ShellWords.baseName(first)
        if afterPipe, ShellWords.interpreters.contains(program) {
            found.add(.ask, "pipe-to-interpreter", "It feeds the output of another command to \(program), which runs it.")
        }
        guard wrapping < Self.deepest else {
            found.isIncomplete = true
            return
        }
        for body in Unwrapper.bodies(of: words) {
            found.isIncomplete = true
            switch body {
            case .words(let inner): record(inner, wrapping: wrapping + 1)
            case .text(let text): nested(text)
            case .assignment: found.hasAssignments = true
            case .unknown: break
            }
        }
    }

    mutating func nested(_ text: String) {
        Self.parse(Array(text.unicodeScalars), depth: depth + 1, into: &found)
    }

    // MARK: - Redirections

    private mutating func redirection(_ current: inout Current) {
        current.sawAnything = true
        var symbol = ""
        while let scalar = peek, "<>&|-".unicodeScalars.contains(scalar), symbol.unicodeScalars.count < 3 {
            if scalar == "-", symbol != "<<" { break }
            if scalar == "|", symbol != ">" { break }
            if scalar == "&", symbol != "", symbol != "<", symbol != ">" { break }
            if (scalar == ">" && symbol == ">&") || symbol == ">|" || symbol == "<<-" { break }
            if scalar == "<", symbol.hasPrefix(">") || symbol == "<&" || symbol == "<>" { break }
            symbol.unicodeScalars.append(scalar)
            index += 1
        }
        skipBlanks()
        guard let next = peek, !"\n;|&()<>".unicodeScalars.contains(next) else {
            found.isIncomplete = true
            return
        }
        let target = word()
        switch symbol {
        case "<<", "<<-":
            found.isIncomplete = true
            found.hasRedirections = true
            let program = current.words.first.map { ShellWords.baseName($0) } ?? ""
            hereDocuments.append(
                HereDocument(delimiter: target.text, stripsTabs: symbol == "<<-", isLiteral: target.isQuoted, program: program))
        case "<<<":
            found.isIncomplete = true
            found.hasRedirections = true
            current.hereStrings.append(target.text)
        case "<&", ">&":
            let isDescriptor = target.text == "-" || (target.text.count == 1 && target.text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 })
            if !isDescriptor { found.hasRedirections = true }
        default:
            if target.text != "/dev/null" { found.hasRedirections = true }
        }
    }

    private mutating func readHereDocuments() {
        let documents = hereDocuments
        hereDocuments = []
        for document in documents {
            var body = String.UnicodeScalarView()
            var isClosed = false
            while index < scalars.count, !isClosed {
                var line = String.UnicodeScalarView()
                while let scalar = peek, scalar != "\n" {
                    line.append(scalar)
                    index += 1
                }
                index += 1
                if document.stripsTabs { line = String.UnicodeScalarView(line.drop(while: { $0 == "\t" })) }
                if String(line) == document.delimiter { isClosed = true } else { body.append(contentsOf: line); body.append("\n") }
            }
            index = min(index, scalars.count)
            if !isClosed { found.isIncomplete = true }
            if ShellWords.shells.contains(document.program) {
                nested(String(body))
            } else if !document.isLiteral {
                expansions(in: String(body))
            }
        }
    }

    private mutating func skipBlanks() {
        while let scalar = peek {
            if scalar == " " || scalar == "\t" {
                index += 1
            } else if scalar == "\\", peek(1) == "\n" {
                index += 2
            } else {
                return
            }
        }
    }
}
