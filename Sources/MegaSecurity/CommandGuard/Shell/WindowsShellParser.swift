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
    var nesting = 0

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

    struct State {
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

    var isPowerShell: Bool { dialect == .powershell }
    func peek(_ offset: Int = 0) -> UInt8 {
        let at = position + offset
        return at >= 0 && at < bytes.count ? bytes[at] : 0
    }

    func span(_ start: Int, _ end: Int) -> Range<Int> {
        switch placement {
        case .exact(let offset): offset + start..<offset + max(start, end)
        case .inside(let range): range
        }
    }

    mutating func gap(_ reason: String, _ kind: ShellScript.Gap.Kind = .syntax, at start: Int) {
        guard script.gaps.count < 64 else { return }
        let end = min(bytes.count, start + 1)
        script.gaps.append(.init(reason: reason, span: span(min(start, end), end), kind: kind))
    }

    // MARK: - Lists

    mutating func list(until closing: UInt8) {
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

    mutating func operation(_ byte: UInt8, _ state: inout State) {
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

    mutating func pipelineNumber(_ state: inout State) -> Int {
        if state.pipeline < 0 {
            state.pipeline = script.pipelines.count
            script.pipelines.append(.init(outer: context.pipeline, outerStage: context.stage, start: script.commands.count))
        }
        return state.pipeline
    }

    mutating func begin(_ state: inout State) {
        state.isDangling = false
        guard state.slot < 0 else { return }
        let command = context.command(in: dialect, pipeline: pipelineNumber(&state), stage: state.stage)
        state.slot = script.commands.count
        script.commands.append(command)
    }

    mutating func finish(_ state: inout State) {
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
    mutating func group(_ closing: UInt8, _ state: inout State) {
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

    mutating func nested(until closing: UInt8, _ state: State) -> Range<Int> {
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

    mutating func redirection(_ state: inout State, descriptor: Int?) {
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
}
