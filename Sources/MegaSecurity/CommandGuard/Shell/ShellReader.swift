// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Reads a text and everything it would run in turn: bodies handed to shells, wrappers, programs in other languages.
///
/// The work is bounded by the length of the text; what would take more becomes a gap.
struct ShellReader {
    /// The most bytes of one text that are read.
    static let longestText = 1 << 20
    /// The most texts handed to shells inside each other.
    static let deepestBody = 8
    /// The most wrappers around one command.
    static let deepestWrapper = 32
    /// The most commands that are reported.
    static let mostCommands = 50_000

    /// The most words that wrappers hand on, each counted once for every wrapper around it: 32 wrappers around a long list of words
    /// would otherwise be looked at 32 times.
    static func carriedLimit(_ words: Int) -> Int { 8_192 + 2 * words }

    /// The most bytes looked at for a text of this length, nested bodies counted again.
    static func workLimit(_ count: Int) -> Int { 262_144 + 16 * count }

    var script = ShellScript()
    private var variables = ShellVariables()
    let length: Int
    /// Words read from texts, and words that wrappers have handed on.
    private var words = (read: 0, carried: 0)

    /// Reads a text as it would be given to a shell of this kind.
    static func read(_ bytes: [UInt8], dialect: ShellDialect) -> ShellScript {
        var reader = ShellReader(length: bytes.count)
        bytes.withUnsafeBufferPointer { buffer in
            let part = UnsafeBufferPointer(rebasing: buffer[..<min(buffer.count, longestText)])
            reader.parse(part, dialect: dialect, placement: .exact(0), context: .init())
        }
        if bytes.prefix(longestText).contains(0) {
            reader.script.gaps.append(.init(reason: "It contains a zero byte.", span: 0..<min(bytes.count, longestText), kind: .syntax))
        }
        if bytes.count > longestText {
            reader.script.gaps.append(
                .init(reason: "It is longer than \(longestText) bytes.", span: longestText..<bytes.count, kind: .limit))
        }
        var index = 0
        while index < reader.script.commands.count {
            guard index < mostCommands else {
                reader.gap(index, "It has too many commands.", .limit)
                break
            }
            reader.expand(index)
            index += 1
        }
        return reader.script
    }

    private init(length: Int) { self.length = length }

    private mutating func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, dialect: ShellDialect, placement: ShellParser.Placement, context: ShellParser.Context
    ) {
        switch dialect {
        case .powershell, .cmd:
            WindowsShellParser.parse(bytes, dialect: dialect, placement: placement, context: context, into: &script)
        default:
            ShellParser.parse(bytes, dialect: dialect, placement: placement, context: context, variables: &variables, into: &script)
        }
    }

    mutating func gap(_ index: Int, _ reason: String, _ kind: ShellScript.Gap.Kind, _ span: Range<Int>? = nil) {
        guard script.gaps.count < 64, script.commands.indices.contains(index) else { return }
        script.gaps.append(.init(reason: reason, span: span ?? script.commands[index].span, kind: kind))
    }

    // MARK: - Nested commands

    private mutating func expand(_ index: Int) {
        guard let first = script.commands[index].words.first else { return }
        if script.commands[index].origin != .wrapped { words.read += script.commands[index].words.count }
        if ProgramName.isDynamic(first) {
            gap(index, "Which program runs is only known when it runs.", .program, first.span)
        }
        let program = ProgramName.of(first.text)
        if Self.arithmetic.contains(program) { evaluated(index) }
        guard let form = NestedPrograms.form(program) else { return }
        let start = script.commands.count
        defer { if script.commands.count > start { script.commands[index].nested = start..<script.commands.count } }
        switch form {
        case .wrapper(let shapes): wrapped(index, shapes, program)
        case .shell: shell(index, program)
        case .interpreter(let language): interpreter(index, language, program)
        case .special: special(index, program)
        }
    }

    /// Adds the words from `start` on as a command that the one at `index` runs.
    mutating func add(
        _ index: Int, words: [ShellWord], program: String, origin: ShellCommand.Origin = .wrapped,
        assignments: [(name: String, value: ShellWord)] = []
    ) {
        guard !words.isEmpty || !assignments.isEmpty else { return }
        let holder = script.commands[index]
        script.constructs.insert(.nested)
        guard holder.wrappers.count < Self.deepestWrapper else {
            gap(index, "It is wrapped too deeply.", .limit, words.first?.span)
            return
        }
        self.words.carried += words.count
        guard self.words.carried <= Self.carriedLimit(self.words.read) else {
            gap(index, "There is too much to read.", .limit, words.first?.span)
            return
        }
        var command = ShellCommand()
        command.words = words
        command.assignments = assignments
        command.pipeline = script.pipelines.count
        script.pipelines.append(.init(outer: holder.pipeline, outerStage: holder.stage, start: script.commands.count))
        command.depth = holder.depth + 1
        command.wrappers = holder.wrappers + [program]
        command.parent = index
        command.origin = origin
        command.dialect = holder.dialect
        command.bodies = holder.bodies
        script.commands.append(command)
    }

    /// Reads a text that the command at `index` hands to a shell.
    mutating func read(
        _ index: Int, text: String, span: Range<Int>, isVerbatim: Bool = false, program: String, origin: ShellCommand.Origin = .body,
        dialect: ShellDialect? = nil
    ) {
        let holder = script.commands[index]
        script.constructs.insert(.nested)
        guard holder.bodies < Self.deepestBody, holder.wrappers.count < Self.deepestWrapper else {
            gap(index, "It is nested too deeply.", .limit, span)
            return
        }
        var text = text
        let count = text.utf8.count
        guard script.work + count <= Self.workLimit(length) else {
            gap(index, "There is too much to read.", .limit, span)
            return
        }
        var context = ShellParser.Context()
        context.depth = holder.depth + 1
        context.bodies = holder.bodies + 1
        context.wrappers = holder.wrappers + [program]
        context.parent = index
        context.origin = origin
        context.pipeline = holder.pipeline
        context.stage = holder.stage
        let placement: ShellParser.Placement = isVerbatim ? .exact(span.upperBound - count) : .inside(span)
        text.withUTF8 { parse($0, dialect: dialect ?? (holder.dialect == .powershell || holder.dialect == .cmd ? .posix : holder.dialect), placement: placement, context: context) }
    }

    /// Reads the text of a word.
    mutating func read(
        _ index: Int, word: ShellWord, program: String, origin: ShellCommand.Origin = .body, dialect: ShellDialect? = nil
    ) {
        let count = word.pattern.utf8.count
        // The place of each byte is known when the word is bare or one quoted piece.
        if word.isLiteral, word.span.count == count, !word.isQuoted {
            read(index, text: word.pattern, span: word.span, isVerbatim: true, program: program, origin: origin, dialect: dialect)
        } else if word.isLiteral, word.span.count == count + 2, word.isQuoted {
            read(
                index, text: word.pattern, span: word.span.lowerBound + 1..<word.span.upperBound - 1, isVerbatim: true, program: program,
                origin: origin, dialect: dialect)
        } else {
            read(index, text: word.pattern, span: word.span, program: program, origin: origin, dialect: dialect)
        }
    }

    /// Reads words that are joined by blanks to one text.
    mutating func read(_ index: Int, joining words: ArraySlice<ShellWord>, program: String, dialect: ShellDialect? = nil) {
        guard let first = words.first, let last = words.last else { return }
        if words.count == 1 { return read(index, word: first, program: program, dialect: dialect) }
        let span = min(first.span.lowerBound, last.span.lowerBound)..<max(first.span.upperBound, last.span.upperBound)
        read(index, text: words.map(\.pattern).joined(separator: " "), span: span, program: program, dialect: dialect)
    }

    /// Commands that evaluate words as arithmetic or names, and so run substitutions inside of subscripts, quoted or not.
    private static let arithmetic: Set<String> = ["test", "[", "[[", "let", "declare", "typeset", "local", "export", "readonly", "unset", "read", "printf"]

    private mutating func evaluated(_ index: Int) {
        for word in script.commands[index].words.dropFirst() where word.isQuoted && word.text.holds("[") && (word.text.holds("$(") || word.text.holds("`")) {
            gap(index, "A subscript runs what stands in it.", .body, word.span)
        }
    }

    // MARK: - Wrappers

    private mutating func wrapped(_ index: Int, _ shapes: [NestedPrograms.Shape], _ program: String) {
        let words = script.commands[index].words
        for shape in shapes {
            guard let start = Self.verbs(shape.verbs, words) else { continue }
            return wrapped(index, shape, program, words, from: start)
        }
    }

    /// The index behind the verbs, options in front of them skipped; nil when the verbs are others.
    static func verbs(_ verbs: [String], _ words: [ShellWord]) -> Int? {
        var at = 1
        for verb in verbs {
            while at < words.count, words[at].text.hasPrefix("-") {
                // Options in front of the verb: those with values are told by the word behind not being the verb.
                at += 1
                if at + 1 < words.count, !matches(verb, words[at].text), matches(verb, words[at + 1].text) { at += 1 }
            }
            guard at < words.count, matches(verb, words[at].text) else { return nil }
            at += 1
        }
        return at
    }

    private static func matches(_ verb: String, _ text: String) -> Bool {
        verb == text || (verb.utf8.contains(0x7C) && verb.split(separator: "|").contains { $0 == text })
    }

    private mutating func wrapped(_ index: Int, _ shape: NestedPrograms.Shape, _ program: String, _ words: [ShellWord], from start: Int) {
        if !shape.textOptions.isEmpty || !shape.programOptions.isEmpty {
            var found = false
            var at = start
            while at < words.count {
                let text = words[at].text
                if at + 1 < words.count, shape.textOptions.contains(text) || (text.hasPrefix("-") && !text.hasPrefix("--") && text.hasSuffix("c") && shape.textOptions.first == "-c") {
                    read(index, word: words[at + 1], program: program)
                    found = true
                    at += 1
                } else if let option = shape.textOptions.first(where: { $0.hasPrefix("--") && text.hasPrefix($0 + "=") }) {
                    read(index, text: String(words[at].pattern.dropFirst(option.count + 1)), span: words[at].span, program: program)
                    found = true
                } else if at + 1 < words.count, shape.programOptions.contains(text) {
                    add(index, words: Array(words[(at + 1)...].prefix(1)), program: program)
                    found = true
                    at += 1
                }
                at += 1
            }
            if found { return }
        }
        var at: Int
        if shape.needsDashes {
            guard let dashes = words[start...].firstIndex(where: { $0.text == "--" }) else { return }
            at = dashes + 1
        } else {
            at = Self.operand(words, from: start, short: shape.short, long: shape.long)
            var skipped = 0
            while skipped < shape.leading, at < words.count {
                at += 1
                skipped += 1
                // Options may follow the first operand of most of these.
                if at < words.count, words[at].text == "--" { at += 1 }
            }
        }
        var assignments: [(name: String, value: ShellWord)] = []
        if shape.takesAssignments {
            while at < words.count, let assignment = Self.assignment(words[at]) {
                assignments.append(assignment)
                at += 1
            }
        }
        guard at < words.count else {
            if !assignments.isEmpty { add(index, words: [], program: program, assignments: assignments) }
            return
        }
        if shape.isText {
            if program == "eval", Self.isShellSetup(script, index, words[at...]) { return }
            read(index, joining: words[at...], program: program)
        } else if program == "parallel" || program == "sem" {
            parallel(index, words[at...], program)
        } else {
            add(index, words: Array(words[at...]), program: program, assignments: assignments)
        }
    }

    /// GNU parallel: the command ends at `:::`, and one quoted text is a command too.
    private mutating func parallel(_ index: Int, _ words: ArraySlice<ShellWord>, _ program: String) {
        let end = words.firstIndex { $0.text.hasPrefix(":::") } ?? words.endIndex
        let own = words[words.startIndex..<end]
        if own.isEmpty {
            for word in words[end...].dropFirst() { read(index, word: word, program: program) }
        } else if own.count == 1, own.first?.text.utf8.contains(0x20) == true {
            read(index, joining: own, program: program)
        } else {
            add(index, words: Array(own) + words[end...].dropFirst(), program: program)
        }
    }

    /// `NAME=value` as a word.
    static func assignment(_ word: ShellWord) -> (name: String, value: ShellWord)? {
        let text = word.text
        guard let first = text.utf8.first, ShellBytes.isNameStart(first), let equals = text.utf8.firstIndex(of: 0x3D),
            text.utf8[..<equals].allSatisfy({ ShellBytes.isName($0) })
        else { return nil }
        var value = word
        value.text = String(text[text.index(after: equals)...])
        if let equals = word.pattern.utf8.firstIndex(of: 0x3D) { value.pattern = String(word.pattern[word.pattern.index(after: equals)...]) }
        return (String(text[..<equals]), value)
    }

    /// The index of the first word that is no option.
    static func operand(_ words: [ShellWord], from start: Int, short: String, long: [String]) -> Int {
        var at = start
        while at < words.count {
            let text = words[at].text
            guard text.utf8.first == 0x2D, text.utf8.count > 1 else { return at }
            at += 1
            if text == "--" { return at }
            if text.hasPrefix("--") {
                if !text.utf8.contains(0x3D), long.contains(String(text.dropFirst(2))) { at += 1 }
                continue
            }
            var letters = text.utf8.dropFirst()
            while let letter = letters.popFirst() {
                guard short.utf8.contains(letter) else { continue }
                if letters.isEmpty { at += 1 }
                break
            }
        }
        return at
    }

    /// `eval "$(ssh-agent -s)"` and the like: programs known to print settings for the shell that runs them.
    private static func isShellSetup(_ script: ShellScript, _ index: Int, _ words: ArraySlice<ShellWord>) -> Bool {
        let command = script.commands[index]
        guard words.count == 1, let word = words.first, word.pattern == "$(…)", command.substitutions.count == 1,
            command.substitutions[0].commands.count == 1
        else { return false }
        let inner = script.commands[command.substitutions[0].commands.lowerBound]
        guard let program = inner.words.first, !ProgramName.isDynamic(program) else { return false }
        let name = ProgramName.of(program.text)
        let verbs = inner.words.dropFirst().map(\.text)
        switch name {
        case "ssh-agent", "dircolors", "gpg-agent", "keychain", "resize", "tset", "lesspipe", "fnm", "rbenv", "pyenv", "nodenv", "goenv", "jenv", "luarocks", "opam":
            return true
        default:
            return verbs.contains { ["hook", "init", "init-", "shellenv", "activate", "completion", "completions", "shell-init", "env", "virtualenv-init", "-"].contains($0) }
                && !["curl", "wget", "cat", "ssh", "python", "python3", "node", "perl", "ruby", "nc"].contains(name) && !NestedPrograms.isShell(name)
        }
    }
}

extension NestedPrograms {
    static func isShell(_ name: String) -> Bool {
        if case .shell = table[name] { true } else { false }
    }
}
