// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ShellReader {
    // MARK: - Shells

    static func dialect(of program: String) -> ShellDialect {
        switch program {
        case "fish": .fish
        case "zsh": .zsh
        case "powershell", "pwsh": .powershell
        case "cmd": .cmd
        case "bash": .bash
        default: .posix
        }
    }

    /// `sh -c TEXT`, `sh < text`, `powershell -Command …`, `cmd /c …`
    mutating func shell(_ index: Int, _ program: String) {
        let words = script.commands[index].words
        switch program {
        case "cmd": return commandProcessor(index, words, program)
        case "powershell", "pwsh": return powerShell(index, words, program)
        default: break
        }
        let dialect = Self.dialect(of: program)
        var at = 1
        var wantsText = false
        var readsInput = false
        while at < words.count {
            let text = words[at].text
            guard let sign = text.utf8.first, sign == 0x2D || sign == 0x2B, text.utf8.count > 1 else { break }
            at += 1
            if text == "--" { break }
            if text.hasPrefix("--") {
                if text == "--command" { wantsText = true }
                if text == "--rcfile" || text == "--init-file" || text == "--init-command" { at += 1 }
                if text.hasPrefix("--command=") || text.hasPrefix("--init-command=") {
                    read(index, text: String(words[at - 1].pattern.drop { $0 != "=" }.dropFirst()), span: words[at - 1].span, program: program, dialect: dialect)
                    return
                }
                continue
            }
            if sign == 0x2D, text.utf8.contains(0x63) { wantsText = true }
            if sign == 0x2D, text.utf8.contains(0x73) { readsInput = true }
            if dialect == .fish, text.hasPrefix("-c"), text.utf8.count > 2 {
                read(index, text: String(words[at - 1].pattern.dropFirst(2)), span: words[at - 1].span, program: program, dialect: dialect)
                return
            }
            if text.hasSuffix("o") || text.hasSuffix("O"), at < words.count, !words[at].text.hasPrefix("-") { at += 1 }
        }
        if wantsText {
            guard at < words.count else { return }
            read(index, word: words[at], program: program, dialect: dialect)
            return
        }
        if at < words.count, !readsInput {
            let operand = words[at]
            if operand.dynamics.contains(.process) { return process(index, place: at, program: program, dialect: dialect) }
            guard operand.text == "-" || operand.text == "/dev/stdin" || operand.text == "/proc/self/fd/0" || operand.text == "/dev/fd/0" else { return }
        }
        if let input = input(of: index) {
            read(index, text: input.text, span: input.span, isVerbatim: input.isVerbatim, program: program, origin: .input, dialect: dialect)
        }
    }

    /// `sh <(echo text)`
    private mutating func process(_ index: Int, place: Int, program: String, dialect: ShellDialect) {
        let command = script.commands[index]
        for substitution in command.substitutions where substitution.place == place && substitution.isProcess {
            if let text = LiteralOutput.output(of: substitution.commands, in: script) {
                read(index, text: text, span: command.words[place].span, program: program, origin: .input, dialect: dialect)
            }
        }
    }

    /// What a command reads from its standard input, when that is known.
    func input(of index: Int) -> (text: String, span: Range<Int>, isVerbatim: Bool)? {
        var at = index
        var steps = 0
        while at >= 0, steps < 64 {
            steps += 1
            let command = script.commands[at]
            for redirection in command.redirections where redirection.descriptor ?? 0 == 0 {
                switch redirection.operation {
                case "<<":
                    let word = redirection.target
                    return (word.pattern, word.span, word.isLiteral && word.span.count == word.text.utf8.count)
                case "<<<": return (redirection.target.pattern, redirection.target.span, false)
                case "<": return nil
                default: continue
                }
            }
            if command.stage > 0 { return feed(command.pipeline, command.stage) }
            if command.origin == .wrapped {
                at = command.parent
                continue
            }
            // The group around it may be fed.
            var pipeline = command.pipeline
            var level = 0
            while script.pipelines.indices.contains(pipeline), level < 64 {
                level += 1
                let outer = script.pipelines[pipeline]
                if outer.outer < 0 { break }
                if outer.outerStage > 0 { return feed(outer.outer, outer.outerStage) }
                pipeline = outer.outer
            }
            return nil
        }
        return nil
    }

    /// The output of the stages of a pipeline in front of one of them.
    private func feed(_ pipeline: Int, _ stage: Int) -> (text: String, span: Range<Int>, isVerbatim: Bool)? {
        let start = script.pipelines[pipeline].start
        var range: Range<Int>?
        var at = start
        while at < script.commands.count, at - start < 32 {
            let command = script.commands[at]
            if command.pipeline == pipeline, command.stage < stage {
                range = (range?.lowerBound ?? at)..<at + 1
            } else if command.pipeline == pipeline {
                break
            }
            at += 1
        }
        guard let range, range.count == stage, let text = LiteralOutput.output(of: range, in: script) else { return nil }
        let first = script.commands[range.lowerBound].span
        let last = script.commands[range.upperBound - 1].span
        return (text, min(first.lowerBound, last.lowerBound)..<max(first.upperBound, last.upperBound), false)
    }

    private mutating func commandProcessor(_ index: Int, _ words: [ShellWord], _ program: String) {
        guard let option = words.firstIndex(where: { ["/c", "/k", "/C", "/K", "-c", "/r"].contains($0.text) || $0.text.lowercased().hasPrefix("/c") }) else { return }
        var rest = Array(words[(option + 1)...])
        if words[option].text.utf8.count > 2 {
            var first = words[option]
            first.text = String(first.text.dropFirst(2))
            first.pattern = String(first.pattern.dropFirst(2))
            rest.insert(first, at: 0)
        }
        read(index, joining: rest[...], program: program, dialect: .cmd)
    }

    private mutating func powerShell(_ index: Int, _ words: [ShellWord], _ program: String) {
        var at = 1
        while at < words.count {
            let text = words[at].text
            let lower = text.lowercased()
            guard lower.utf8.first == 0x2D || lower.utf8.first == 0x2F, lower.utf8.count > 1 else { break }
            at += 1
            var name = String(lower.dropFirst())
            if let cut = name.firstIndex(where: { $0 == ":" || $0 == "=" }) { name = String(name[..<cut]) }
            if "command".hasPrefix(name), name != "co" || true, name.hasPrefix("c"), !"configurationname".hasPrefix(name) || name == "c" {
                if at < words.count, words[at].text != "-" { read(index, joining: words[at...], program: program, dialect: .powershell) }
                return
            }
            if name == "e" || name == "ec" || (name.hasPrefix("en") && "encodedcommand".hasPrefix(name)) {
                guard at < words.count else { return }
                encoded(index, words[at], program)
                return
            }
            if name.hasPrefix("f"), "file".hasPrefix(name) { return }
            let valued = ["executionpolicy", "ep", "ex", "exec", "windowstyle", "w", "version", "inputformat", "outputformat", "workingdirectory", "configurationname", "psconsolefile"]
            if valued.contains(where: { $0.hasPrefix(name) }), !text.contains(":"), !text.contains("="), at < words.count { at += 1 }
        }
        guard at < words.count else {
            if let input = input(of: index) {
                read(index, text: input.text, span: input.span, isVerbatim: input.isVerbatim, program: program, origin: .input, dialect: .powershell)
            }
            return
        }
        if words[at].text == "-" { return }
        if program == "powershell" || !words[at].text.hasSuffix(".ps1") { read(index, joining: words[at...], program: program, dialect: .powershell) }
    }

    /// `-EncodedCommand`: base64 of UTF-16, low byte first.
    private mutating func encoded(_ index: Int, _ word: ShellWord, _ program: String) {
        guard word.text.utf8.count <= 65_536, let bytes = Base64Text.decode(word.text.utf8) else {
            gap(index, "An encoded command cannot be read.", .body, word.span)
            return
        }
        var units: [UInt16] = []
        var at = 0
        while at + 1 < bytes.count {
            units.append(UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)
            at += 2
        }
        read(index, text: String(decoding: units, as: UTF16.self), span: word.span, program: program, dialect: .powershell)
    }

    // MARK: - Interpreters of other languages

    mutating func interpreter(_ index: Int, _ language: ForeignLanguage, _ program: String) {
        let words = script.commands[index].words
        var at = 1
        if program == "deno", at < words.count, words[at].text == "eval" {
            let code = Self.operand(words, from: 2, short: "", long: [])
            if code < words.count { foreign(index, words[code], language) }
            return
        }
        var found = false
        while at < words.count {
            let word = words[at]
            guard word.text.utf8.first == 0x2D, word.text.utf8.count > 1 else { break }
            at += 1
            if word.text == "--" { break }
            if word.text.hasPrefix("--") {
                let name = word.text.dropFirst(2).prefix { $0 != "=" }
                if language.longCodeOptions.contains(String(name)) {
                    if word.text.contains("=") {
                        var code = word
                        code.text = String(word.text.drop { $0 != "=" }.dropFirst())
                        foreign(index, code, language)
                    } else if at < words.count {
                        foreign(index, words[at], language)
                        at += 1
                    }
                    found = true
                }
                continue
            }
            var letters = word.text.utf8.dropFirst()
            while let letter = letters.popFirst() {
                if language.codeOptions.utf8.contains(letter) {
                    found = true
                    if letters.isEmpty {
                        if at < words.count {
                            foreign(index, words[at], language)
                            at += 1
                        }
                    } else {
                        var code = word
                        code.text = String(decoding: Array(letters), as: UTF8.self)
                        foreign(index, code, language)
                    }
                    break
                }
                if language.valuedOptions.utf8.contains(letter) {
                    if letter == 0x6D, language == .python { return }
                    if letters.isEmpty, letter != 0x69, letter != 0x30, letter != 0x6C { at += 1 }
                    break
                }
            }
            if found, language == .python { break }
        }
        guard !found else { return }
        if at < words.count, words[at].text != "-", words[at].text != "/dev/stdin" { return }
        if let input = input(of: index) {
            body(index, input.text, input.span, language)
        }
    }

    mutating func foreign(_ index: Int, _ word: ShellWord, _ language: ForeignLanguage) {
        body(index, word.text, word.span, language)
    }

    /// Looks into program text and reads what it hands to shells.
    mutating func body(_ index: Int, _ text: String, _ span: Range<Int>, _ language: ForeignLanguage) {
        script.constructs.insert(.nested)
        guard script.work + text.utf8.count <= Self.workLimit(length) else {
            gap(index, "There is too much to read.", .limit, span)
            return
        }
        script.work += text.utf8.count
        let scanner = ForeignScanner(text, language: language)
        script.foreignBodies.append(.init(command: index, language: language, text: text, span: span, traits: scanner.traits))
        let program = ProgramName.of(script.commands[index].words[0].text)
        for body in scanner.bodies {
            switch body {
            case .text(let text): read(index, text: text, span: span, program: program, origin: .foreign, dialect: .posix)
            case .words(let words):
                add(index, words: words.map { ShellWord(text: $0, span: span) }, program: program, origin: .foreign)
            }
        }
    }
}
