// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One pass over PowerShell or cmd.exe text, as far as quoting and separators go: commands, pipelines, groups, redirections.
struct WindowsShellParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let dialect: ShellDialect
    let placement: ShellParser.Placement
    var context: ShellParser.Context
    var script = ShellScript()
    var position = 0
    private var nesting = 0

    static let deepestNesting = 48

    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, dialect: ShellDialect, placement: ShellParser.Placement, context: ShellParser.Context,
        into script: inout ShellScript
    ) {
        var parser = WindowsShellParser(bytes: bytes, dialect: dialect, placement: placement, context: context)
        swap(&parser.script, &script)
        parser.script.work += bytes.count
        parser.list(until: 0)
        swap(&parser.script, &script)
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, dialect: ShellDialect, placement: ShellParser.Placement, context: ShellParser.Context) {
        self.bytes = bytes
        self.dialect = dialect
        self.placement = placement
        self.context = context
    }

    private struct State {
        var command = ShellCommand()
        var slot = -1
        var pipeline = -1
        var stage = 0
        /// `&` or `.` stands in front: what follows is called, whatever it is.
        var isCalled = false
        /// A control word has been read; its parts are no command.
        var isHeader = false
        var isDangling = false
        var sawGroup = false
    }

    private var isPowerShell: Bool { dialect == .powershell }
    private func peek(_ offset: Int = 0) -> UInt8 {
        let at = position + offset
        return at >= 0 && at < bytes.count ? bytes[at] : 0
    }

    private func span(_ start: Int, _ end: Int) -> Range<Int> {
        switch placement {
        case .exact(let offset): offset + start..<offset + max(start, end)
        case .inside(let range): range
        }
    }

    private mutating func gap(_ reason: String, _ kind: ShellScript.Gap.Kind = .syntax, at start: Int) {
        guard script.gaps.count < 64 else { return }
        let end = min(bytes.count, start + 1)
        script.gaps.append(.init(reason: reason, span: span(min(start, end), end), kind: kind))
    }

    // MARK: - Lists

    private mutating func list(until closing: UInt8) {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.deepestNesting else {
            gap("It is nested too deeply.", .limit, at: position)
            position = bytes.count
            return
        }
        var state = State()
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == closing, closing != 0 {
                position += 1
                finish(&state)
                return
            }
            switch byte {
            case 0x20, 0x09: position += 1
            case 0x0D, 0x0A:
                position += 1
                if !state.isDangling { finish(&state) }
            case 0x3B where isPowerShell:
                position += 1
                finish(&state)
            case 0x7C, 0x26: operation(byte, &state)
            case 0x23 where isPowerShell: while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            case 0x3C where isPowerShell && peek(1) == 0x23:
                while position < bytes.count, !(bytes[position] == 0x23 && peek(1) == 0x3E && peek(-1) != 0x3C) { position += 1 }
                position = min(bytes.count, position + 2)
            case 0x28: group(0x29, &state)
            case 0x7B where isPowerShell: group(0x7D, &state)
            case 0x29 where isPowerShell, 0x7D where isPowerShell:
                position += 1
                finish(&state)
                gap("A parenthesis is closed that was not opened.", at: position - 1)
            case 0x3E, 0x3C: redirection(&state, descriptor: nil)
            case 0x30...0x39 where peek(1) == 0x3E: redirection(&state, descriptor: Int(byte - 0x30))
            case 0x2A where isPowerShell && peek(1) == 0x3E: redirection(&state, descriptor: nil)
            case 0x40 where !isPowerShell && state.slot < 0: position += 1
            case 0x2C where isPowerShell: position += 1
            default: takeWord(&state)
            }
        }
        finish(&state)
        if state.isDangling { gap("An operator has no command behind it.", at: start) }
        if closing != 0 { gap("A parenthesis is not closed.", at: max(0, start - 1)) }
    }

    private mutating func operation(_ byte: UInt8, _ state: inout State) {
        if byte == 0x26, peek(1) != 0x26, isPowerShell, state.slot < 0, !state.sawGroup {
            // The call operator.
            position += 1
            state.isCalled = true
            return
        }
        let isPair = peek(1) == byte
        let start = position
        position += isPair ? 2 : 1
        if state.slot < 0, !state.sawGroup { gap("An operator has no command in front of it.", at: start) }
        if byte == 0x7C, !isPair {
            let pipeline = pipelineNumber(&state)
            let stage = state.stage
            finish(&state)
            state.pipeline = pipeline
            state.stage = stage + 1
            state.isDangling = true
        } else {
            finish(&state)
            state.isDangling = byte == 0x7C || isPair
        }
    }

    private mutating func pipelineNumber(_ state: inout State) -> Int {
        if state.pipeline < 0 {
            state.pipeline = script.pipelines.count
            script.pipelines.append(.init(outer: context.pipeline, outerStage: context.stage, start: script.commands.count))
        }
        return state.pipeline
    }

    private mutating func begin(_ state: inout State) {
        state.isDangling = false
        guard state.slot < 0 else { return }
        var command = ShellCommand()
        command.pipeline = pipelineNumber(&state)
        command.stage = state.stage
        command.depth = context.depth
        command.wrappers = context.wrappers
        command.parent = context.parent
        command.origin = context.origin
        command.dialect = dialect
        command.bodies = context.bodies
        state.slot = script.commands.count
        script.commands.append(command)
    }

    private mutating func finish(_ state: inout State) {
        if state.slot >= 0 {
            script.commands[state.slot].words = state.command.words
            script.commands[state.slot].redirections = state.command.redirections
            script.commands[state.slot].substitutions = state.command.substitutions
        }
        let isDangling = state.isDangling
        state = State()
        state.isDangling = isDangling
    }

    /// `( … )` or `{ … }`: commands whose output, or which themselves, belong to the command being read.
    private mutating func group(_ closing: UInt8, _ state: inout State) {
        let start = position
        let isHeader = state.isHeader
        begin(&state)
        state.sawGroup = true
        position += 1
        let commands = nested(until: closing, state)
        if isHeader { return }
        state.command.substitutions.append(.init(place: state.command.words.count, isProcess: false, commands: commands))
        // `(…).Member`
        while position < bytes.count, bytes[position] == 0x2E || ShellBytes.isName(bytes[position]) { position += 1 }
        if closing == 0x29, isPowerShell, !state.command.words.isEmpty {
            state.command.words.append(
                ShellWord(
                    text: "", span: span(start, position), isLiteral: false, pattern: "$(…)", dynamics: [.substitution, .unknown]))
        }
    }

    private mutating func nested(until closing: UInt8, _ state: State) -> Range<Int> {
        let first = script.commands.count
        let saved = context
        context.depth += 1
        context.origin = .substitution
        if state.slot >= 0 {
            context.parent = state.slot
            context.pipeline = script.commands[state.slot].pipeline
            context.stage = script.commands[state.slot].stage
        }
        list(until: closing)
        context = saved
        return first..<script.commands.count
    }

    private mutating func redirection(_ state: inout State, descriptor: Int?) {
        begin(&state)
        if descriptor != nil || bytes[position] == 0x2A { position += 1 }
        let start = position
        let isInput = bytes[position] == 0x3C
        position += 1
        var operation = isInput ? "<" : ">"
        if peek() == 0x3E {
            position += 1
            operation = ">>"
        } else if peek() == 0x26 {
            position += 1
            operation += "&"
        }
        while peek() == 0x20 || peek() == 0x09 { position += 1 }
        var words: [ShellWord] = []
        if position < bytes.count { readWord(into: &words, &state) }
        guard let target = words.first else {
            gap("A redirection has no target.", at: start)
            return
        }
        state.command.redirections.append(.init(operation: operation, descriptor: descriptor, target: target))
    }

    // MARK: - Words

    private mutating func takeWord(_ state: inout State) {
        let wasEmpty = state.command.words.isEmpty
        begin(&state)
        var words = state.command.words
        state.command.words = []
        readWord(into: &words, &state)
        state.command.words = words
        guard wasEmpty, let word = state.command.words.first, state.command.words.count == 1 else {
            if !isPowerShell, state.isHeader { commandHeader(&state) }
            return
        }
        if isPowerShell { powerShellStart(word, &state) } else { commandStart(word, &state) }
    }

    private mutating func powerShellStart(_ word: ShellWord, _ state: inout State) {
        let lower = word.text.lowercased()
        if !word.isQuoted, ["if", "elseif", "else", "foreach", "for", "while", "do", "until", "switch", "function", "filter", "try", "catch", "finally", "param", "return", "begin", "process", "end", "throw"].contains(lower) {
            script.constructs.insert(.control)
            state.command.words.removeAll()
            if lower == "function" || lower == "filter" {
                while peek() == 0x20 { position += 1 }
                while position < bytes.count, ShellBytes.isName(bytes[position]) || bytes[position] == 0x2D || bytes[position] == 0x3A { position += 1 }
            }
            return
        }
        if word.text == ".", !word.isQuoted {
            state.command.words.removeAll()
            state.isCalled = true
            return
        }
        if word.dynamics.contains(.variable), !state.isCalled, !word.isQuoted {
            // An expression; `$x = command` runs the command.
            while peek() == 0x20 || peek() == 0x09 { position += 1 }
            if peek() == 0x3D || (peek(1) == 0x3D && "+-*/".utf8.contains(peek())) {
                position += peek() == 0x3D ? 1 : 2
            }
            state.command.words.removeAll()
            return
        }
        if word.isQuoted, !state.isCalled {
            // A string on its own is printed: it acts as echo.
            state.command.words.insert(ShellWord(text: "Write-Output", span: word.span), at: 0)
        }
    }

    private mutating func commandStart(_ word: ShellWord, _ state: inout State) {
        switch word.text.lowercased() {
        case "if", "for":
            script.constructs.insert(.control)
            state.isHeader = true
        case "else", "do":
            state.command.words.removeAll()
        case "rem", "::":
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
        default: break
        }
    }

    /// `if [/i] [not] exist X command`, `for %i in (…) do command`: the command begins behind the header.
    private mutating func commandHeader(_ state: inout State) {
        let words = state.command.words
        let kind = words[0].text.lowercased()
        guard let last = words.last?.text.lowercased() else { return }
        if kind == "for" {
            guard last == "do" else { return }
        } else {
            let own = words.dropFirst().map { $0.text.lowercased() }.filter { $0 != "not" && $0 != "/i" }
            let isDone = own.count == 2 && ["exist", "defined", "errorlevel", "cmdextversion"].contains(own[0])
                || own.count == 1 && own[0].contains("==") || own.count == 3 && ["==", "equ", "neq", "lss", "leq", "gtr", "geq"].contains(own[1])
            guard isDone else { return }
        }
        state.command.words.removeAll()
        state.isHeader = false
    }

    private mutating func readWord(into words: inout [ShellWord], _ state: inout State) {
        let start = position
        var text: [UInt8] = []
        var pattern: [UInt8] = []
        var dynamics: ShellWord.Dynamics = []
        var isQuoted = false
        func put(_ byte: UInt8) {
            text.append(byte)
            pattern.append(byte)
        }
        scan: while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D, 0x7C, 0x3C, 0x3E: break scan
            case 0x26: break scan
            case _ where isPowerShell && (byte == 0x3B || byte == 0x7B || byte == 0x7D || byte == 0x2C): break scan
            case 0x28:
                if isPowerShell, pattern.last == 0x24 || pattern.last == 0x40 {
                    text.removeLast()
                    pattern.removeLast()
                    position += 1
                    let commands = nested(until: 0x29, state)
                    state.command.substitutions.append(.init(place: words.count, isProcess: false, commands: commands))
                    dynamics.formUnion([.substitution, .unknown])
                    pattern.append(contentsOf: "$(…)".utf8)
                    continue
                }
                break scan
            case 0x29: break scan
            case 0x60 where isPowerShell, 0x5E where !isPowerShell:
                position += 1
                if position < bytes.count, bytes[position] != 0x0A {
                    put(bytes[position])
                    position += 1
                } else {
                    position = min(bytes.count, position + 1)
                }
                isQuoted = isQuoted || isPowerShell && text.isEmpty
            case 0x27 where isPowerShell:
                isQuoted = true
                let isHere = pattern.last == 0x40
                if isHere {
                    text.removeLast()
                    pattern.removeLast()
                }
                position += 1
                while position < bytes.count {
                    if bytes[position] == 0x27, !isHere || peek(1) == 0x40 {
                        if !isHere, peek(1) == 0x27 { position += 1 } else { break }
                    }
                    put(bytes[position])
                    position += 1
                }
                if position >= bytes.count { gap("A quote is not closed.", at: start) }
                position = min(bytes.count, position + (isHere ? 2 : 1))
            case 0x22:
                isQuoted = true
                let isHere = isPowerShell && pattern.last == 0x40
                if isHere {
                    text.removeLast()
                    pattern.removeLast()
                }
                position += 1
                while position < bytes.count {
                    let inner = bytes[position]
                    if inner == 0x22, !isHere || peek(1) == 0x40 {
                        if isPowerShell, !isHere, peek(1) == 0x22 { position += 1 } else { break }
                    } else if isPowerShell, inner == 0x60, position + 1 < bytes.count {
                        position += 1
                    } else if isPowerShell, inner == 0x24, peek(1) == 0x28 {
                        position += 2
                        let commands = nested(until: 0x29, state)
                        state.command.substitutions.append(.init(place: words.count, isProcess: false, commands: commands))
                        dynamics.formUnion([.substitution, .unknown])
                        pattern.append(contentsOf: "$(…)".utf8)
                        continue
                    } else if isPowerShell, inner == 0x24, ShellBytes.isNameStart(peek(1)) || peek(1) == 0x7B {
                        variable(&pattern, &dynamics)
                        continue
                    }
                    guard position < bytes.count else { break }
                    put(bytes[position])
                    position += 1
                }
                if position >= bytes.count { gap("A quote is not closed.", at: start) }
                position = min(bytes.count, position + (isHere ? 2 : 1))
            case 0x24 where isPowerShell && (ShellBytes.isNameStart(peek(1)) || peek(1) == 0x7B):
                variable(&pattern, &dynamics)
            case 0x25 where !isPowerShell:
                var end = position + 1
                while end < bytes.count, ShellBytes.isName(bytes[end]) || bytes[end] == 0x28 || bytes[end] == 0x29 { end += 1 }
                if end < bytes.count, bytes[end] == 0x25, end > position + 1 {
                    dynamics.formUnion([.variable, .unknown])
                    pattern.append(contentsOf: bytes[position...end])
                    position = end + 1
                } else {
                    put(byte)
                    position += 1
                }
            case 0x2A, 0x3F:
                dynamics.insert(.glob)
                put(byte)
                position += 1
            default:
                put(byte)
                position += 1
            }
        }
        if position == start { position += 1 }
        words.append(
            ShellWord(
                text: String(decoding: text, as: UTF8.self), span: span(start, position), isLiteral: dynamics == [],
                pattern: String(decoding: pattern, as: UTF8.self), dynamics: dynamics, isQuoted: isQuoted))
    }

    private mutating func variable(_ pattern: inout [UInt8], _ dynamics: inout ShellWord.Dynamics) {
        dynamics.formUnion([.variable, .unknown])
        pattern.append(0x24)
        position += 1
        if peek() == 0x7B {
            while position < bytes.count, bytes[position] != 0x7D {
                pattern.append(bytes[position])
                position += 1
            }
            position = min(bytes.count, position + 1)
            return
        }
        while position < bytes.count, ShellBytes.isName(bytes[position]) || (bytes[position] == 0x3A && ShellBytes.isNameStart(peek(1))) {
            pattern.append(bytes[position])
            position += 1
        }
    }
}
