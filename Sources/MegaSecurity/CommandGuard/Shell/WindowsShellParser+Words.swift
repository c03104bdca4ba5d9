// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension WindowsShellParser {
    // MARK: - Words

    mutating func takeWord(_ state: inout State) {
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
    mutating func commandHeader(_ state: inout State) {
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

    mutating func readWord(into words: inout [ShellWord], _ state: inout State) {
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

    mutating func variable(_ pattern: inout [UInt8], _ dynamics: inout ShellWord.Dynamics) {
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
