// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ShellParser {
    private static let unknownOutput = Array("$(…)".utf8)

    /// `$` and what follows it.
    mutating func dollar(_ word: inout WordBuilder, isQuoted: Bool) {
        let start = position
        position += 1
        guard position < limit else {
            scratch.append(0x24)
            return
        }
        switch bytes[position] {
        case 0x28:
            // The mark of an unknown output, as it stands in a nested body.
            if matches(Self.unknownOutput, at: start) {
                position = start + Self.unknownOutput.count
                omit(&word, Self.unknownOutput)
                word.dynamics.insert(.substitution)
                return
            }
            if peek(1) == 0x28, skipArithmetic(from: position + 2) {
                script.constructs.insert(.arithmetic)
                word.dynamics.insert(.arithmetic)
                omit(&word, Array("$((…))".utf8), isKnown: true)
                return
            }
            position += 1
            substitution(&word, isQuoted: isQuoted)
        case 0x7B where dialect != .fish: parameter(&word, isQuoted: isQuoted)
        case 0x5B where dialect != .fish:
            script.constructs.insert(.arithmetic)
            scratch.append(0x24)
        case 0x27 where !isQuoted:
            script.constructs.insert(.ansiQuote)
            word.isQuoted = true
            position += 1
            ansiQuoted()
        case 0x22 where !isQuoted:
            script.constructs.insert(.ansiQuote)
            word.isQuoted = true
            position += 1
            doubleQuoted(&word)
        case 0x40, 0x2A, 0x23, 0x3F, 0x2D, 0x24, 0x21, 0x30...0x39:
            script.constructs.insert(.expansion)
            position += 1
            word.dynamics.insert(.variable)
            omit(&word, Array(bytes[start..<position]))
        case let byte where ShellBytes.isNameStart(byte):
            script.constructs.insert(.expansion)
            while position < limit, ShellBytes.isName(bytes[position]) { position += 1 }
            let name = String(decoding: UnsafeBufferPointer(rebasing: bytes[(start + 1)..<position]), as: UTF8.self)
            // zsh and fish: an index.
            variable(name, &word, isQuoted: isQuoted, written: Array(bytes[start..<position]))
        default:
            scratch.append(0x24)
        }
    }

    private func matches(_ text: [UInt8], at start: Int) -> Bool {
        guard start + text.count <= limit else { return false }
        for offset in 0..<text.count where bytes[start + offset] != text[offset] { return false }
        return true
    }

    /// Writes what stands for something not known.
    mutating func omit(_ word: inout WordBuilder, _ shown: [UInt8], isKnown: Bool = false) {
        let from = scratch.count
        scratch.append(contentsOf: shown)
        word.omitted.append(from..<scratch.count)
        if !isKnown { word.dynamics.insert(.unknown) }
    }

    private mutating func variable(_ name: String, _ word: inout WordBuilder, isQuoted: Bool, written: [UInt8]) {
        word.dynamics.insert(.variable)
        if let value = variables[name] {
            if !value.isCertain || loops > 0 || (variables.splitsOddly && !isQuoted) { word.dynamics.insert(.unknown) }
            append(value.text, &word, isQuoted: isQuoted)
        } else if name == "IFS" {
            if isQuoted { scratch.append(0x20) } else { word.splits.append(scratch.count) }
        } else {
            omit(&word, written)
        }
    }

    /// A known value, broken into words when it is not quoted.
    mutating func append(_ value: String, _ word: inout WordBuilder, isQuoted: Bool) {
        guard !isQuoted, dialect != .zsh, dialect != .fish else {
            scratch.append(contentsOf: value.utf8)
            return
        }
        for byte in value.utf8 {
            if byte == 0x20 || byte == 0x09 || byte == 0x0A {
                word.splits.append(scratch.count)
            } else {
                if byte == 0x2A || byte == 0x3F { word.dynamics.insert(.glob) }
                scratch.append(byte)
            }
        }
    }

    // MARK: - Substitutions

    /// After `$(`, `<(` or `(`: the commands up to the closing parenthesis. Returns which they are.
    private mutating func nestedList(until closing: UInt8) -> Range<Int> {
        let first = script.commands.count
        let saved = (context.depth, context.origin, context.parent, outerPipeline, outerStage, currentSlot)
        context.depth += 1
        context.origin = .substitution
        if currentSlot >= 0 {
            context.parent = currentSlot
            outerPipeline = script.commands[currentSlot].pipeline
            outerStage = script.commands[currentSlot].stage
        }
        list(until: closing)
        (context.depth, context.origin, context.parent, outerPipeline, outerStage, currentSlot) = saved
        return first..<script.commands.count
    }

    mutating func substitution(_ word: inout WordBuilder, isQuoted: Bool) {
        script.constructs.insert(.substitution)
        let commands = nestedList(until: 0x29)
        finishSubstitution(&word, commands, isQuoted: isQuoted)
    }

    private mutating func finishSubstitution(_ word: inout WordBuilder, _ commands: Range<Int>, isQuoted: Bool) {
        substitutions.append(.init(place: word.place, isProcess: false, commands: commands))
        word.dynamics.insert(.substitution)
        if let output = LiteralOutput.output(of: commands, in: script, asSubstitution: true) {
            var output = output
            while output.hasSuffix("\n") { output.removeLast() }
            append(output, &word, isQuoted: isQuoted)
        } else {
            omit(&word, Self.unknownOutput)
        }
    }

    mutating func processSubstitution(_ word: inout WordBuilder, isOutput: Bool = false) {
        script.constructs.insert(.substitution)
        let commands = nestedList(until: 0x29)
        substitutions.append(.init(place: word.place, isProcess: true, isOutput: isOutput, commands: commands))
        word.dynamics.insert(.process)
        omit(&word, Array("<(…)".utf8))
    }

    mutating func backquote(_ word: inout WordBuilder, isQuoted: Bool) {
        script.constructs.insert(.substitution)
        let start = position
        position += 1
        var end = position
        var hasEscapes = false
        while end < limit, bytes[end] != 0x60 {
            if bytes[end] == 0x5C {
                if end + 1 < limit, bytes[end + 1] == 0x60 || bytes[end + 1] == 0x5C || bytes[end + 1] == 0x24 { hasEscapes = true }
                end += 1
            }
            end += 1
        }
        end = min(end, limit)
        let isClosed = end < limit
        if !isClosed { gap("A backquote is not closed.", at: start) }
        let first = script.commands.count
        if !hasEscapes {
            let outerLimit = limit
            limit = end
            _ = nestedList(until: 0)
            limit = outerLimit
        } else {
            escapedBackquote(position, end, start)
        }
        position = min(limit, isClosed ? end + 1 : end)
        finishSubstitution(&word, first..<script.commands.count, isQuoted: isQuoted)
    }

    private mutating func escapedBackquote(_ from: Int, _ end: Int, _ start: Int) {
        guard context.bodies < ShellReader.deepestBody else {
            gap("It is nested too deeply.", .limit, at: start)
            return
        }
        var body: [UInt8] = []
        var index = from
        while index < end {
            if bytes[index] == 0x5C, index + 1 < end, bytes[index + 1] == 0x60 || bytes[index + 1] == 0x5C || bytes[index + 1] == 0x24 {
                index += 1
            }
            body.append(bytes[index])
            index += 1
        }
        var inner = context
        inner.depth += 1
        inner.bodies += 1
        inner.nesting = nesting
        inner.origin = .substitution
        if currentSlot >= 0 {
            inner.parent = currentSlot
            inner.pipeline = script.commands[currentSlot].pipeline
            inner.stage = script.commands[currentSlot].stage
        }
        let place = span(start, end)
        body.withUnsafeBufferPointer {
            ShellParser.parse($0, dialect: dialect, placement: .inside(place), context: inner, variables: &variables, into: &script)
        }
    }

    // MARK: - Parameters

    /// `${…}`
    private mutating func parameter(_ word: inout WordBuilder, isQuoted: Bool) {
        let start = position - 1
        script.constructs.insert(.expansion)
        position += 1
        word.dynamics.insert(.variable)
        let nameStart = position
        while position < limit, ShellBytes.isName(bytes[position]) { position += 1 }
        let name = String(decoding: UnsafeBufferPointer(rebasing: bytes[nameStart..<position]), as: UTF8.self)
        if position < limit, bytes[position] == 0x7D, !name.isEmpty {
            position += 1
            variable(name, &word, isQuoted: isQuoted, written: [0x24] + Array(bytes[nameStart..<(position - 1)]))
            return
        }
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.deepestNesting else {
            gap("It is nested too deeply.", .limit)
            position = limit
            return
        }
        // `${NAME@P}` runs the substitutions in the value, as do some flags of zsh.
        if (peek() == 0x40 && peek(1) == 0x50) || (name.isEmpty && peek() == 0x28 && flagsEvaluate) {
            gap("A value is expanded once more, and what is in it runs.", .body, at: start)
        }
        // `${NAME:-word}`, `-`, `:=`, `=`: the word is what it is when the variable has no value.
        var hasDefault = false
        if !name.isEmpty, position < limit {
            let isColon = bytes[position] == 0x3A
            let sign = isColon ? peek(1) : bytes[position]
            if sign == 0x2D || sign == 0x3D {
                position += isColon ? 2 : 1
                hasDefault = true
            }
        }
        let mark = scratch.count
        let omittedMark = word.omitted.count
        rest(&word)
        let isShort = scratch.count - mark <= 256
        if hasDefault, let value = variables[name] {
            scratch.removeLast(scratch.count - mark)
            word.omitted.removeLast(word.omitted.count - omittedMark)
            append(value.text, &word, isQuoted: isQuoted)
            if !value.isCertain || loops > 0 { word.dynamics.insert(.unknown) }
        } else if hasDefault, isShort, scratch.count > mark {
            word.dynamics.insert(.unknown)
            if !isQuoted { splitBlanks(&word, from: mark) }
        } else {
            scratch.removeLast(scratch.count - mark)
            word.omitted.removeLast(word.omitted.count - omittedMark)
            omit(&word, [0x24] + (name.isEmpty ? Array("{…}".utf8) : Array(name.utf8)))
        }
        if position > limit { position = limit }
        if position <= start { position = start + 1 }
    }

    /// zsh: whether the flags in front of a name ask for another expansion, as `${(e)x}` and `${(%)x}` do.
    private var flagsEvaluate: Bool {
        var at = position + 1
        while at < limit, bytes[at] != 0x29, at - position < 32 {
            if bytes[at] == 0x65 || bytes[at] == 0x25 { return true }
            at += 1
        }
        return false
    }

    private mutating func splitBlanks(_ word: inout WordBuilder, from mark: Int) {
        for index in mark..<scratch.count where scratch[index] == 0x20 { word.splits.append(index) }
    }

    /// What stands in `${…}` up to the closing brace.
    private mutating func rest(_ word: inout WordBuilder) {
        let start = position
        while position < limit {
            let byte = bytes[position]
            switch byte {
            case 0x7D:
                position += 1
                return
            case 0x5C:
                position += 1
                if position < limit {
                    scratch.append(bytes[position])
                    position += 1
                }
            case 0x27: singleQuoted(&word)
            case 0x22:
                position += 1
                doubleQuoted(&word)
            case 0x24: dollar(&word, isQuoted: true)
            case 0x60: backquote(&word, isQuoted: true)
            default:
                scratch.append(byte)
                position += 1
            }
        }
        gap("A brace is not closed.", at: max(0, start - 2))
    }

    // MARK: - Arithmetic

    /// Reads `…))` when that is what stands there; substitutions inside are read. Returns false, and takes nothing, otherwise.
    mutating func skipArithmetic(from start: Int) -> Bool {
        var level = 2
        var end = start
        while end < limit, level > 0 {
            switch bytes[end] {
            case 0x28: level += 1
            case 0x29: level -= 1
            case 0x5C: end += 1
            case 0x27:
                end += 1
                while end < limit, bytes[end] != 0x27 { end += 1 }
            default: break
            }
            end += 1
            if level == 1, end < limit, bytes[end - 1] == 0x29, bytes[end] != 0x29 { break }
        }
        script.work += end - start
        guard level == 0, end <= limit else { return false }
        guard script.work <= ShellReader.workLimit(bytes.count) else {
            gap("There is too much to read.", .limit)
            position = limit
            return true
        }
        let outerLimit = limit
        limit = end - 2
        position = start
        var ignored = WordBuilder(base: scratch.count, start: start)
        nesting += 1
        if nesting <= Self.deepestNesting {
            while position < limit {
                switch bytes[position] {
                case 0x24: dollar(&ignored, isQuoted: true)
                case 0x60: backquote(&ignored, isQuoted: true)
                default: position += 1
                }
            }
        } else {
            gap("It is nested too deeply.", .limit)
        }
        nesting -= 1
        scratch.removeLast(scratch.count - ignored.base)
        limit = outerLimit
        position = end
        return true
    }

    // MARK: - $'…'

    private mutating func ansiQuoted() {
        let start = position
        while position < limit {
            let byte = bytes[position]
            position += 1
            if byte == 0x27 { return }
            guard byte == 0x5C, position < limit else {
                scratch.append(byte)
                continue
            }
            position += EscapeSequences.decode(bytes, position, limit, style: .ansi, into: &scratch)
        }
        gap("A quote is not closed.", at: max(0, start - 2))
    }
}
