// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One pass over the text of a POSIX-like shell: lists, pipelines, groups and simple commands.
///
/// It accepts more than a shell does and never gives up: what it cannot place becomes a gap, and it reads on so that commands
/// further right are still seen. Words are read in `ShellParser+Words.swift`, expansions in `ShellParser+Expansions.swift`,
/// control flow in `ShellParser+Compounds.swift`.
struct ShellParser {
    /// Where a text stands in the outermost text.
    enum Placement {
        /// Byte for byte from this offset on.
        case exact(Int)
        /// Somewhere within.
        case inside(Range<Int>)
    }

    /// What the text is part of.
    struct Context {
        var depth = 0
        /// Texts handed to shells around it.
        var bodies = 0
        var wrappers: [String] = []
        var parent = -1
        var origin = ShellCommand.Origin.top
        var pipeline = -1
        var stage = 0
        /// Parentheses and the like around it, as far as they are read on the same stack.
        var nesting = 0

        /// A command in it, still without words.
        func command(in dialect: ShellDialect, pipeline: Int, stage: Int) -> ShellCommand {
            var command = ShellCommand()
            command.pipeline = pipeline
            command.stage = stage
            command.depth = depth
            command.wrappers = wrappers
            command.parent = parent
            command.origin = origin
            command.dialect = dialect
            command.bodies = bodies
            return command
        }
    }

    /// Parentheses, groups and substitutions inside each other.
    static let deepestNesting = 40

    let bytes: UnsafeBufferPointer<UInt8>
    let dialect: ShellDialect
    let placement: Placement
    var context: Context
    var script: ShellScript
    var variables: ShellVariables
    var position = 0
    var limit: Int
    var nesting = 0
    /// Loops and functions around the position: what stands in them may run again, with other values.
    var loops = 0
    /// Bytes of words being read; inner words are stacked on outer ones.
    var scratch: [UInt8] = []
    /// Substitutions of the words of the current command.
    var substitutions: [ShellCommand.Substitution] = []
    /// Where the next pipeline gets its input from.
    var outerPipeline: Int
    var outerStage: Int
    /// The command whose words are being read; -1 when there is none.
    var currentSlot = -1
    var hereDocuments: [HereDocument] = []

    struct HereDocument {
        var command: Int
        var redirection: Int
        var delimiter: [UInt8]
        var stripsTabs: Bool
        var isLiteral: Bool
    }

    /// Reads a whole text and adds what it finds.
    static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, dialect: ShellDialect, placement: Placement, context: Context, variables: inout ShellVariables,
        into script: inout ShellScript
    ) {
        var parser = ShellParser(bytes: bytes, dialect: dialect, placement: placement, context: context)
        // Swapped, not copied: a text of thousands of nested bodies would copy what was found as often.
        swap(&parser.script, &script)
        swap(&parser.variables, &variables)
        parser.script.work += bytes.count
        parser.list(until: 0)
        swap(&parser.script, &script)
        swap(&parser.variables, &variables)
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, dialect: ShellDialect, placement: Placement, context: Context) {
        self.bytes = bytes
        self.dialect = dialect
        self.placement = placement
        self.context = context
        script = ShellScript()
        variables = ShellVariables()
        limit = bytes.count
        outerPipeline = context.pipeline
        outerStage = context.stage
        nesting = context.nesting
    }

    // MARK: - Bytes

    @inline(__always) var atEnd: Bool { position >= limit }
    @inline(__always) func peek(_ offset: Int = 0) -> UInt8 { position + offset < limit ? bytes[position + offset] : 0 }

    func span(_ start: Int, _ end: Int) -> Range<Int> {
        switch placement {
        case .exact(let offset): offset + min(start, end)..<offset + max(start, end)
        case .inside(let range): range
        }
    }

    mutating func gap(_ reason: String, _ kind: ShellScript.Gap.Kind = .syntax, at start: Int? = nil) {
        guard script.gaps.count < 64 else { return }
        let place = min(start ?? position, limit)
        script.gaps.append(.init(reason: reason, span: span(place, min(limit, max(place, position) + (start == nil ? 1 : 0))), kind: kind))
    }

    /// Blanks, line continuations and the carriage return of a line end.
    @inline(__always) mutating func skipBlanks() {
        while position < limit {
            switch bytes[position] {
            case 0x20, 0x09: position += 1
            case 0x5C where peek(1) == 0x0A: position += 2
            case 0x5C where peek(1) == 0x0D && peek(2) == 0x0A: position += 3
            case 0x0D where position + 1 >= limit || bytes[position + 1] == 0x0A: position += 1
            default: return
            }
        }
    }

    mutating func skipLine() {
        while position < limit, bytes[position] != 0x0A { position += 1 }
    }

    // MARK: - Lists

    /// A group or control structure that is open.
    struct Frame {
        enum Kind { case brace, condition, loop, cases, block }
        var kind: Kind
        var pipeline: Int
        var stage: Int
        var outerPipeline: Int
        var outerStage: Int
        var start: Int
        var readsPattern = false
        var function: String?
        var functionStart = 0
    }

    /// The list and the simple command being read.
    struct State {
        var frames: [Frame] = []
        var pipeline = -1
        var stage = 0
        var slot = -1
        var words: [ShellWord] = []
        var assignments: [(name: String, value: ShellWord)] = []
        var redirections: [ShellRedirection] = []
        var substitutionStart = 0
        /// A compound command has just ended; only redirections may follow.
        var isAfterCompound = false
        /// An operator wants a command behind it.
        var isDangling = false
        var function: String?
        var sawAnything: Bool { slot >= 0 || isAfterCompound }
    }

    /// Reads up to the closing byte, which is taken, or to the end for 0.
    mutating func list(until closing: UInt8) {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.deepestNesting else {
            gap("It is nested too deeply.", .limit)
            position = limit
            return
        }
        var state = State()
        state.substitutionStart = substitutions.count
        let start = position
        while true {
            skipBlanks()
            if let last = state.frames.last, last.kind == .cases, last.readsPattern, state.slot < 0 {
                readCasePattern(&state)
                continue
            }
            guard position < limit else {
                finish(&state)
                if state.isDangling { gap("An operator has no command behind it.", at: start) }
                if closing != 0 { gap("A parenthesis is not closed.", at: max(0, start - 1)) }
                if let frame = state.frames.last { gap("A group or control structure is not closed.", at: frame.start) }
                while !state.frames.isEmpty { closeFrame(&state) }
                if closing == 0, limit == bytes.count { closeHereDocuments() }
                return
            }
            let byte = bytes[position]
            switch byte {
            case 0x0A:
                position += 1
                // Behind `|`, `&&` and `||` a line may end.
                if !state.isDangling || state.sawAnything { finish(&state) }
                if !hereDocuments.isEmpty { readHereDocuments() }
            case 0x3B:
                separator(&state)
            case 0x26, 0x7C:
                operation(byte, &state)
            case 0x28:
                if dialect == .fish { takeWord(&state) } else { parenthesis(&state) }
            case 0x29:
                position += 1
                finish(&state)
                if state.isDangling { gap("An operator has no command behind it.", at: position - 1) }
                if closing == 0x29 {
                    if let frame = state.frames.last { gap("A group or control structure is not closed.", at: frame.start) }
                    while !state.frames.isEmpty { closeFrame(&state) }
                    return
                }
                gap("A parenthesis is closed that was not opened.", at: position - 1)
            case 0x23:
                skipLine()
            case 0x3C, 0x3E:
                if peek(1) == 0x28 { takeWord(&state) } else { redirection(&state, descriptor: nil) }
            default:
                if ShellBytes.isDigit(byte), let descriptor = descriptor() {
                    redirection(&state, descriptor: descriptor)
                } else {
                    takeWord(&state)
                }
            }
        }
    }

    private mutating func separator(_ state: inout State) {
        let start = position
        position += 1
        if peek() == 0x3B || (peek() == 0x26 && peek(-1) == 0x3B) || peek() == 0x7C {
            while peek() == 0x3B || peek() == 0x26 || peek() == 0x7C { position += 1 }
            finish(&state)
            if let top = state.frames.indices.last, state.frames[top].kind == .cases {
                state.frames[top].readsPattern = true
            } else {
                gap("Two separators stand together.", at: start)
            }
            return
        }
        if !state.sawAnything, dialect != .fish { gap("A separator has no command in front of it.", at: start) }
        if state.isDangling, !state.sawAnything { state.isDangling = false }
        finish(&state)
    }

    private mutating func operation(_ byte: UInt8, _ state: inout State) {
        if byte == 0x26, peek(1) == 0x3E {
            redirection(&state, descriptor: nil)
            return
        }
        let start = position
        if !state.sawAnything { gap("An operator has no command in front of it.", at: start) }
        let isPair = peek(1) == byte
        let isPipe = byte == 0x7C && !isPair
        position += isPair || (isPipe && peek(1) == 0x26) ? 2 : 1
        if isPipe {
            let pipeline = pipelineNumber(&state)
            let stage = state.stage
            finish(&state)
            state.pipeline = pipeline
            state.stage = stage + 1
        } else {
            if byte == 0x26, !isPair {
                script.constructs.insert(.background)
                if state.slot >= 0 { script.commands[state.slot].isBackground = true }
            }
            finish(&state)
        }
        state.isDangling = isPair || isPipe
    }

    private mutating func parenthesis(_ state: inout State) {
        if state.words.count == 1, state.words[0].isLiteral, state.assignments.isEmpty {
            // NAME ( ) { …; }
            var ahead = position + 1
            while ahead < limit, bytes[ahead] == 0x20 || bytes[ahead] == 0x09 { ahead += 1 }
            if ahead < limit, bytes[ahead] == 0x29 {
                position = ahead + 1
                let name = state.words[0].text
                discard(&state)
                state.function = name
                script.constructs.insert(.function)
                state.isDangling = true
                while position < limit, bytes[position] == 0x0A || bytes[position] == 0x20 || bytes[position] == 0x09 || bytes[position] == 0x0D {
                    position += 1
                }
                return
            }
        }
        if state.slot >= 0, !state.words.isEmpty {
            gap("A parenthesis stands where none can.", at: position)
        }
        let isArithmetic = peek(1) == 0x28 && state.slot < 0 && dialect != .fish
        if isArithmetic, skipArithmetic(from: position + 2) {
            script.constructs.insert(.arithmetic)
            state.isAfterCompound = true
            state.isDangling = false
            return
        }
        let function = state.function
        state.function = nil
        let functionStart = script.commands.count
        finish(&state, keepsPipeline: true)
        let pipeline = pipelineNumber(&state)
        let saved = (outerPipeline, outerStage)
        outerPipeline = pipeline
        outerStage = state.stage
        position += 1
        list(until: 0x29)
        (outerPipeline, outerStage) = saved
        if let function { script.functions.append(.init(name: function, commands: functionStart..<script.commands.count)) }
        state.substitutionStart = substitutions.count
        state.isAfterCompound = true
        state.isDangling = false
    }

    // MARK: - Simple commands

    mutating func pipelineNumber(_ state: inout State) -> Int {
        if state.pipeline < 0 {
            state.pipeline = script.pipelines.count
            script.pipelines.append(.init(outer: outerPipeline, outerStage: outerStage, start: script.commands.count))
        }
        return state.pipeline
    }

    /// Makes room for the command being read, in front of the ones nested in it.
    mutating func begin(_ state: inout State) {
        guard state.slot < 0 else { return }
        let command = context.command(in: dialect, pipeline: pipelineNumber(&state), stage: state.stage)
        state.slot = script.commands.count
        currentSlot = state.slot
        script.commands.append(command)
    }

    private mutating func discard(_ state: inout State) {
        if state.slot >= 0, state.slot == script.commands.count - 1 { script.commands.removeLast() }
        state.slot = -1
        // Words read next belong to no command yet.
        currentSlot = -1
        state.words.removeAll(keepingCapacity: true)
        state.redirections.removeAll(keepingCapacity: true)
        state.assignments.removeAll(keepingCapacity: true)
        substitutions.removeLast(substitutions.count - state.substitutionStart)
    }

    mutating func finish(_ state: inout State, keepsPipeline: Bool = false) {
        if state.slot >= 0 {
            if !state.words.isEmpty || !state.assignments.isEmpty || !state.redirections.isEmpty { state.isDangling = false }
            if state.words.isEmpty {
                let isConditional = !state.frames.isEmpty || nesting > 1
                for (name, value) in state.assignments { variables.assign(name, value, isConditional: isConditional) }
            } else {
                variables.declare(state.words, isConditional: !state.frames.isEmpty || nesting > 1)
            }
            let slot = state.slot
            script.commands[slot].words = state.words
            state.words = []
            if !state.assignments.isEmpty {
                script.commands[slot].assignments = state.assignments
                state.assignments = []
            }
            if !state.redirections.isEmpty {
                script.commands[slot].redirections = state.redirections
                state.redirections = []
            }
            if substitutions.count > state.substitutionStart {
                script.commands[slot].substitutions = Array(substitutions[state.substitutionStart...])
                substitutions.removeLast(substitutions.count - state.substitutionStart)
            }
        } else if state.isAfterCompound {
            state.isDangling = false
        }
        if substitutions.count > state.substitutionStart { substitutions.removeLast(substitutions.count - state.substitutionStart) }
        state.slot = -1
        currentSlot = -1
        state.isAfterCompound = false
        if !keepsPipeline {
            state.pipeline = -1
            state.stage = 0
        }
    }
}
