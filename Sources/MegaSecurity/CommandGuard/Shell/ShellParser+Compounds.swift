// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ShellParser {
    /// Whether the text at the position is this word and nothing more.
    func isWord(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= limit else { return false }
        for offset in 0..<count where bytes[position + offset] != text.utf8Start[offset] { return false }
        let end = position + count
        return end >= limit || ShellBytes.endsWord(bytes[end]) || bytes[end] == 0x0D
    }

    /// Whether a reserved word stands at the position.
    func isKeyword() -> Bool {
        for word in ["fi", "done", "esac", "}", "then", "do", "else", "elif", "end"] as [StaticString] where isWord(word) { return true }
        return false
    }

    /// Takes a reserved word where a command may begin. Returns false when there is none.
    mutating func keyword(_ state: inout State) -> Bool {
        if dialect == .fish { return fishKeyword(&state) }
        let start = position
        switch bytes[position] {
        case 0x21:
            guard isWord("!") else { return false }
            position += 1
            state.isDangling = true
        case 0x7B:
            guard isWord("{") else { return false }
            position += 1
            open(.brace, &state, at: start)
        case 0x7D:
            guard isWord("}") else { return false }
            position += 1
            close(.brace, &state, at: start)
        case 0x5B:
            guard isWord("[[") else { return false }
            condition(&state)
        case 0x69:
            guard isWord("if") else { return false }
            position += 2
            control()
            open(.condition, &state, at: start)
        case 0x74:
            if isWord("then") {
                position += 4
                continuation(.condition, &state, at: start)
            } else if isWord("time") {
                position += 4
                skipBlanks()
                while peek() == 0x2D, peek(1) == 0x70 {
                    position += 2
                    skipBlanks()
                }
                script.constructs.insert(.nested)
                guard !atEnd, bytes[position] != 0x2D else {
                    position = start
                    return false
                }
            } else {
                return false
            }
        case 0x65:
            if isWord("else") || isWord("elif") {
                position += 4
                continuation(.condition, &state, at: start)
            } else if isWord("esac") {
                position += 4
                close(.cases, &state, at: start)
            } else if isWord("end"), dialect == .zsh {
                position += 3
                close(.loop, &state, at: start)
            } else {
                return false
            }
        case 0x66:
            if isWord("fi") {
                position += 2
                close(.condition, &state, at: start)
            } else if isWord("for") {
                position += 3
                loopHeader(&state, at: start)
            } else if isWord("foreach"), dialect == .zsh {
                position += 7
                loopHeader(&state, at: start)
            } else if isWord("function") {
                position += 8
                functionHeader(&state)
            } else {
                return false
            }
        case 0x77:
            guard isWord("while") else { return false }
            position += 5
            control()
            open(.loop, &state, at: start)
        case 0x75:
            guard isWord("until") else { return false }
            position += 5
            control()
            open(.loop, &state, at: start)
        case 0x64:
            if isWord("do") {
                position += 2
                continuation(.loop, &state, at: start)
            } else if isWord("done") {
                position += 4
                close(.loop, &state, at: start)
            } else {
                return false
            }
        case 0x73:
            guard isWord("select") else { return false }
            position += 6
            loopHeader(&state, at: start)
        case 0x63:
            if isWord("case") {
                position += 4
                caseHeader(&state, at: start)
            } else if isWord("coproc") {
                position += 6
                control()
                script.constructs.insert(.background)
                coprocessName()
            } else {
                return false
            }
        default: return false
        }
        return true
    }

    private mutating func control() { script.constructs.insert(.control) }

    // MARK: - Frames

    private mutating func open(_ kind: Frame.Kind, _ state: inout State, at start: Int) {
        var frame = Frame(
            kind: kind, pipeline: pipelineNumber(&state), stage: state.stage, outerPipeline: outerPipeline, outerStage: outerStage, start: start)
        frame.function = state.function
        frame.functionStart = script.commands.count
        state.function = nil
        if kind == .loop || kind == .block || frame.function != nil { loops += 1 }
        outerPipeline = frame.pipeline
        outerStage = frame.stage
        state.pipeline = -1
        state.stage = 0
        state.isDangling = false
        guard state.frames.count < Self.deepestNesting else {
            gap("It is nested too deeply.", .limit)
            position = limit
            if kind == .loop || kind == .block || frame.function != nil { loops -= 1 }
            return
        }
        state.frames.append(frame)
    }

    private mutating func close(_ kind: Frame.Kind, _ state: inout State, at start: Int) {
        if state.isDangling { gap("An operator has no command behind it.", at: start) }
        finish(&state)
        guard state.frames.last?.kind == kind else {
            gap("A group or control structure is closed that was not opened.", at: start)
            state.isAfterCompound = true
            return
        }
        closeFrame(&state)
    }

    mutating func closeFrame(_ state: inout State) {
        guard let frame = state.frames.popLast() else { return }
        state.pipeline = frame.pipeline
        state.stage = frame.stage
        outerPipeline = frame.outerPipeline
        outerStage = frame.outerStage
        if frame.kind == .loop || frame.kind == .block || frame.function != nil { loops -= 1 }
        if let function = frame.function {
            script.functions.append(.init(name: function, commands: frame.functionStart..<script.commands.count))
        }
        state.isAfterCompound = true
        state.isDangling = false
    }

    /// then, else, elif, do
    private mutating func continuation(_ kind: Frame.Kind, _ state: inout State, at start: Int) {
        control()
        finish(&state)
        if state.frames.last?.kind != kind { gap("A part of a control structure stands alone.", at: start) }
    }

    // MARK: - Headers

    private mutating func loopHeader(_ state: inout State, at start: Int) {
        control()
        skipBlanks()
        if peek() == 0x28, peek(1) == 0x28, skipArithmetic(from: position + 2) {
            script.constructs.insert(.arithmetic)
        } else if !atEnd, !ShellBytes.endsWord(bytes[position]) {
            var words: [ShellWord] = []
            readWord(into: &words, place: 0)
            let name = words.first?.text ?? ""
            words = []
            skipBlanksAndLines()
            if isWord("in") {
                position += 2
                skipBlanks()
                readWords(into: &words) { $0 == 0x0A || $0 == 0x3B }
                variables.loop(name, words)
            } else if peek() == 0x28 {
                position += 1
                readWords(into: &words) { $0 == 0x29 }
                position = min(limit, position + 1)
                variables.loop(name, words)
            }
        }
        substitutions.removeLast(substitutions.count - state.substitutionStart)
        open(.loop, &state, at: start)
        skipBlanks()
        if peek() == 0x3B { position += 1 }
    }

    private mutating func readWords(into words: inout [ShellWord], until isEnd: (UInt8) -> Bool) {
        while true {
            skipBlanks()
            guard position < limit, !isEnd(bytes[position]) else { return }
            if ShellBytes.endsWord(bytes[position]), !((bytes[position] == 0x3C || bytes[position] == 0x3E) && peek(1) == 0x28) {
                position += 1
            } else {
                readWord(into: &words, place: 0)
            }
        }
    }

    mutating func skipBlanksAndLines() {
        while true {
            skipBlanks()
            guard position < limit else { return }
            if bytes[position] == 0x0A {
                position += 1
            } else if bytes[position] == 0x23 {
                skipLine()
            } else {
                return
            }
        }
    }

    private mutating func caseHeader(_ state: inout State, at start: Int) {
        control()
        skipBlanks()
        var words: [ShellWord] = []
        if !atEnd, !ShellBytes.endsWord(bytes[position]) { readWord(into: &words, place: 0) }
        substitutions.removeLast(substitutions.count - state.substitutionStart)
        skipBlanksAndLines()
        if isWord("in") { position += 2 } else { gap("A case has no list of patterns.", at: start) }
        open(.cases, &state, at: start)
        if !state.frames.isEmpty { state.frames[state.frames.count - 1].readsPattern = true }
    }

    /// `pattern | pattern )` or `esac`.
    mutating func readCasePattern(_ state: inout State) {
        state.frames[state.frames.count - 1].readsPattern = false
        skipBlanksAndLines()
        let start = position
        if isWord("esac") {
            position += 4
            close(.cases, &state, at: start)
            return
        }
        if peek() == 0x28, !atEnd { position += 1 }
        var ignored: [ShellWord] = []
        while true {
            skipBlanksAndLines()
            guard position < limit else { return }
            if bytes[position] == 0x29 {
                position += 1
                break
            }
            if ShellBytes.endsWord(bytes[position]) {
                if bytes[position] == 0x3B {
                    gap("A case pattern does not end.", at: start)
                    break
                }
                position += 1
            } else {
                readWord(into: &ignored, place: 0)
                ignored.removeAll(keepingCapacity: true)
            }
        }
        substitutions.removeLast(substitutions.count - state.substitutionStart)
        finish(&state)
    }

    private mutating func functionHeader(_ state: inout State) {
        script.constructs.insert(.function)
        skipBlanks()
        var words: [ShellWord] = []
        if !atEnd, !ShellBytes.endsWord(bytes[position]) { readWord(into: &words, place: 0) }
        substitutions.removeLast(substitutions.count - state.substitutionStart)
        skipBlanks()
        if peek() == 0x28, peek(1) == 0x29 { position += 2 }
        state.function = words.first?.text ?? ""
        skipBlanksAndLines()
    }

    /// `coproc NAME { …; }`
    private mutating func coprocessName() {
        skipBlanks()
        var end = position
        while end < limit, ShellBytes.isName(bytes[end]) { end += 1 }
        var ahead = end
        while ahead < limit, bytes[ahead] == 0x20 { ahead += 1 }
        if end > position, ahead > end, ahead < limit, bytes[ahead] == 0x7B || bytes[ahead] == 0x28 { position = ahead }
    }

    /// `[[ … ]]`, reported as a command of that name.
    private mutating func condition(_ state: inout State) {
        script.constructs.insert(.condition)
        begin(&state)
        let start = position
        state.words.append(ShellWord(text: "[[", span: span(position, position + 2)))
        position += 2
        while true {
            skipBlanksAndLines()
            guard position < limit else {
                gap("A condition does not end.", at: start)
                return
            }
            if isWord("]]") {
                position += 2
                return
            }
            let byte = bytes[position]
            if ShellBytes.endsWord(byte), !((byte == 0x3C || byte == 0x3E) && peek(1) == 0x28) {
                position += 1
            } else {
                readWord(into: &state.words, place: state.words.count)
            }
        }
    }

    // MARK: - fish

    private mutating func fishKeyword(_ state: inout State) -> Bool {
        let start = position
        if isWord("and") || isWord("not") {
            position += 3
        } else if isWord("or") {
            position += 2
        } else if isWord("begin") {
            position += 5
            open(.block, &state, at: start)
        } else if isWord("if") {
            position += 2
            control()
            open(.block, &state, at: start)
        } else if isWord("while") {
            position += 5
            control()
            open(.block, &state, at: start)
        } else if isWord("else") {
            position += 4
            finish(&state)
            skipBlanks()
            if isWord("if") { position += 2 }
        } else if isWord("for") {
            position += 3
            loopHeader(&state, at: start)
            if !state.frames.isEmpty { state.frames[state.frames.count - 1].kind = .block }
        } else if isWord("switch") || isWord("function") {
            let isFunction = isWord("function")
            position += isFunction ? 8 : 6
            control()
            skipBlanks()
            var words: [ShellWord] = []
            readWords(into: &words) { $0 == 0x0A || $0 == 0x3B }
            substitutions.removeLast(substitutions.count - state.substitutionStart)
            if isFunction {
                state.function = words.first?.text
                script.constructs.insert(.function)
            }
            open(.block, &state, at: start)
            if peek() == 0x3B { position += 1 }
        } else if isWord("case"), !state.frames.isEmpty {
            position += 4
            var words: [ShellWord] = []
            readWords(into: &words) { $0 == 0x0A || $0 == 0x3B }
            substitutions.removeLast(substitutions.count - state.substitutionStart)
        } else if isWord("end") {
            position += 3
            close(.block, &state, at: start)
        } else {
            return false
        }
        return true
    }
}
