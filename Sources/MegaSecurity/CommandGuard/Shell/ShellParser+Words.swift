// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ShellParser {
    /// A word being read; its bytes are the parser's scratch bytes from `base` on.
    struct WordBuilder {
        let base: Int
        let start: Int
        var place = 0
        var dynamics: ShellWord.Dynamics = []
        var isQuoted = false
        /// Parts of the scratch bytes that stand for something unknown.
        var omitted: [Range<Int>] = []
        /// Where unquoted values break into words.
        var splits: [Int] = []
        /// The first unquoted `=` that follows a name.
        var equals = -1
        var sawBracket = false
        var sawBrace = false
        var sawBraceList = false

        init(base: Int, start: Int) {
            self.base = base
            self.start = start
        }
    }

    /// Reads a word where a command or one of its words may stand.
    mutating func takeWord(_ state: inout State) {
        if state.words.isEmpty, state.assignments.isEmpty, state.redirections.isEmpty {
            if state.isAfterCompound {
                let wasDangling = state.isDangling
                if !isKeyword() { gap("A command follows a group without a separator.") }
                finish(&state)
                state.isDangling = wasDangling
            }
            if keyword(&state) { return }
        }
        let isFirst = state.words.isEmpty
        let place = state.words.count
        begin(&state)
        let equals = readWord(into: &state.words, place: place)
        guard isFirst, equals > 0, state.words.count == 1 else { return }
        var value = state.words.removeLast()
        let name = String(decoding: value.text.utf8.prefix(equals), as: UTF8.self)
        value.text = String(decoding: value.text.utf8.dropFirst(equals + 1), as: UTF8.self)
        value.pattern = String(decoding: value.pattern.utf8.dropFirst(equals + 1), as: UTF8.self)
        state.assignments.append((name, value))
        for index in state.substitutionStart..<substitutions.count where substitutions[index].place == place {
            substitutions[index].place = ShellCommand.Substitution.assignment
        }
    }

    /// Reads one word, which braces and values can make several. Returns the length of `NAME` in `NAME=…`, or 0.
    @discardableResult mutating func readWord(into words: inout [ShellWord], place: Int) -> Int {
        let start = position
        var end = position
        var equals = -1
        while end < limit, ShellBytes.isPlain(bytes[end]) {
            if bytes[end] == 0x3D, equals < 0 { equals = end - start }
            end += 1
        }
        let isDone = end >= limit || (ShellBytes.endsWord(bytes[end]) && !(end + 1 < limit && bytes[end + 1] == 0x28 && bytes[end] != 0x28)
            && bytes[end] != 0x28)
        if isDone, end > start {
            position = end
            words.append(
                ShellWord(
                    text: String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self), span: span(start, end)))
            return equals > 0 && isName(start, start + equals) ? equals : 0
        }
        return readBuiltWord(into: &words, start: start, plainEnd: end, equals: equals, place: place)
    }

    private func isName(_ start: Int, _ end: Int) -> Bool {
        guard end > start, ShellBytes.isNameStart(bytes[start]) else { return false }
        var index = start + 1
        while index < end, ShellBytes.isName(bytes[index]) { index += 1 }
        return index == end || (bytes[index] == 0x2B && index + 1 == end) || (bytes[index] == 0x5B)
    }

    private mutating func readBuiltWord(into words: inout [ShellWord], start: Int, plainEnd: Int, equals: Int, place: Int) -> Int {
        var word = WordBuilder(base: scratch.count, start: start)
        word.place = place
        if equals > 0, isName(start, start + equals) { word.equals = equals }
        if plainEnd > start {
            scratch.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<plainEnd]))
            position = plainEnd
        }
        parts(&word)
        if position == start { position += 1 }
        if let array = arrayAssignment(word, words: &words) { return array }
        let end = scratch.count
        if !word.splits.isEmpty {
            var from = word.base
            var isFirst = true
            for cut in word.splits + [end] {
                if cut > from || (isFirst && word.equals > 0) {
                    var piece = word
                    piece.splits = []
                    words.append(self.word(piece, from: from, until: cut))
                    isFirst = false
                }
                from = cut
            }
            if isFirst, words.isEmpty || word.isQuoted { words.append(self.word(word, until: end)) }
        } else if word.sawBraceList {
            braceExpansion(word, into: &words)
        } else {
            words.append(self.word(word, until: end))
        }
        scratch.removeLast(scratch.count - word.base)
        return word.equals > 0 ? word.equals : 0
    }

    /// The unquoted parts of a word up to its end.
    private mutating func parts(_ word: inout WordBuilder) {
        while position < limit {
            let byte = bytes[position]
            if ShellBytes.isPlain(byte) {
                if byte == 0x3D, word.equals < 0, word.splits.isEmpty, isAssignmentName(word) { word.equals = scratch.count - word.base }
                scratch.append(byte)
                position += 1
                continue
            }
            switch byte {
            case 0x27: singleQuoted(&word)
            case 0x22:
                word.isQuoted = true
                position += 1
                doubleQuoted(&word)
            case 0x5C:
                word.isQuoted = true
                position += 1
                guard position < limit else {
                    gap("A backslash has nothing behind it.", at: position - 1)
                    return
                }
                if bytes[position] == 0x0A {
                    position += 1
                } else {
                    scratch.append(bytes[position])
                    position += 1
                }
            case 0x24: dollar(&word, isQuoted: false)
            case 0x60 where dialect != .fish: backquote(&word, isQuoted: false)
            case 0x2A, 0x3F:
                // An extended glob's parenthesis belongs to it.
                word.dynamics.insert(.glob)
                scratch.append(byte)
                position += 1
                extendedGlob(&word)
            case 0x5B:
                word.sawBracket = true
                scratch.append(byte)
                position += 1
            case 0x5D:
                if word.sawBracket, scratch.count > word.base + 1 { word.dynamics.insert(.glob) }
                scratch.append(byte)
                position += 1
            case 0x7E:
                let isLeading = scratch.count == word.base || scratch[scratch.count - 1] == 0x3D || scratch[scratch.count - 1] == 0x3A
                if isLeading { word.dynamics.insert(.tilde) }
                scratch.append(byte)
                position += 1
            case 0x7B:
                word.sawBrace = true
                scratch.append(byte)
                position += 1
            case 0x7D:
                if word.sawBrace {
                    var index = scratch.count - 1
                    while index >= word.base, scratch[index] != 0x7B {
                        if scratch[index] == 0x2C { word.sawBraceList = true }
                        if scratch[index] == 0x2E, index > word.base, scratch[index - 1] == 0x2E { word.dynamics.insert(.brace) }
                        index -= 1
                        if scratch.count - index > 4096 { break }
                    }
                }
                scratch.append(byte)
                position += 1
            case 0x23:
                scratch.append(byte)
                position += 1
            case 0x3C, 0x3E:
                guard peek(1) == 0x28, dialect != .fish else { return }
                position += 2
                processSubstitution(&word, isOutput: byte == 0x3E)
            case 0x28:
                if dialect == .fish {
                    position += 1
                    substitution(&word, isQuoted: false)
                    continue
                }
                if scratch.count > word.base, "?*+@!".utf8.contains(scratch[scratch.count - 1]), !word.isQuoted {
                    extendedGlob(&word)
                    continue
                }
                if scratch.count > word.base, scratch[scratch.count - 1] == 0x3D, word.equals > 0 { return }
                if scratch.count == word.base + 1, scratch[word.base] == 0x3D, dialect == .zsh {
                    scratch.removeLast()
                    position += 1
                    processSubstitution(&word)
                    continue
                }
                return
            case 0x0D where position + 1 < limit && bytes[position + 1] != 0x0A:
                scratch.append(byte)
                position += 1
            case _ where ShellBytes.endsWord(byte) || byte == 0x0D: return
            default:
                scratch.append(byte)
                position += 1
            }
        }
    }

    private func isAssignmentName(_ word: WordBuilder) -> Bool {
        guard !word.isQuoted, word.dynamics.subtracting(.glob) == [], scratch.count > word.base, ShellBytes.isNameStart(scratch[word.base]) else {
            return false
        }
        var index = word.base + 1
        while index < scratch.count, ShellBytes.isName(scratch[index]) { index += 1 }
        return index == scratch.count || (scratch[index] == 0x2B && index + 1 == scratch.count)
            || (scratch[index] == 0x5B && (scratch[scratch.count - 1] == 0x5D || scratch[scratch.count - 1] == 0x2B))
    }

    /// `@(a|b)` and its kin: up to the closing parenthesis, as a glob.
    private mutating func extendedGlob(_ word: inout WordBuilder) {
        guard position < limit, bytes[position] == 0x28 else { return }
        word.dynamics.insert(.glob)
        // zsh: the qualifiers `e` and `+` run code.
        if dialect == .zsh, peek(1) == 0x65 || peek(1) == 0x2B { gap("A pattern runs code.", .body) }
        var depth = 0
        while position < limit {
            let byte = bytes[position]
            switch byte {
            case 0x28: depth += 1
            case 0x29: depth -= 1
            case 0x24:
                dollar(&word, isQuoted: true)
                continue
            case 0x60:
                backquote(&word, isQuoted: true)
                continue
            case 0x27:
                singleQuoted(&word)
                continue
            case 0x5C where position + 1 < limit: position += 1
            case 0x0A:
                gap("A pattern's parenthesis is not closed.")
                return
            default: break
            }
            scratch.append(bytes[position])
            position += 1
            if depth == 0 { return }
        }
        gap("A pattern's parenthesis is not closed.")
    }

    /// `NAME=(a b c)`: the values are read and left out.
    private mutating func arrayAssignment(_ word: WordBuilder, words: inout [ShellWord]) -> Int? {
        guard word.equals > 0, position < limit, bytes[position] == 0x28, scratch.last == 0x3D, dialect != .fish else { return nil }
        script.constructs.insert(.array)
        position += 1
        nesting += 1
        defer { nesting -= 1 }
        if nesting > Self.deepestNesting {
            gap("It is nested too deeply.", .limit)
            position = limit
        }
        var ignored: [ShellWord] = []
        while position < limit, bytes[position] != 0x29 {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D, 0x3B, 0x26, 0x7C, 0x28: position += 1
            case 0x3C where peek(1) != 0x28, 0x3E where peek(1) != 0x28: position += 1
            case 0x23 where peek(-1) == 0x20 || peek(-1) == 0x0A: skipLine()
            default: readWord(into: &ignored, place: word.place)
            }
        }
        if position >= limit { gap("An array is not closed.", at: word.start) }
        position = min(limit, position + 1)
        var built = self.word(word, until: scratch.count)
        built.span = span(word.start, position)
        built.isLiteral = false
        built.dynamics.insert(.unknown)
        built.dynamics.insert(.variable)
        words.append(built)
        scratch.removeLast(scratch.count - word.base)
        return word.equals
    }

    /// The word made of the scratch bytes from `from` on, unknown parts left out of its text.
    func word(_ word: WordBuilder, from: Int? = nil, until end: Int) -> ShellWord {
        let from = from ?? word.base
        let pattern = text(from, end)
        var text = pattern
        if !word.omitted.isEmpty {
            var kept: [UInt8] = []
            var index = from
            for range in word.omitted where range.lowerBound >= index && range.upperBound <= end {
                kept.append(contentsOf: scratch[index..<range.lowerBound])
                index = range.upperBound
            }
            kept.append(contentsOf: scratch[index..<end])
            text = String(decoding: kept, as: UTF8.self)
        }
        return ShellWord(
            text: text, span: span(word.start, position), isLiteral: word.dynamics == [], pattern: pattern, dynamics: word.dynamics,
            isQuoted: word.isQuoted)
    }

    private func text(_ start: Int, _ end: Int) -> String {
        scratch.withUnsafeBufferPointer { String(decoding: UnsafeBufferPointer(rebasing: $0[start..<end]), as: UTF8.self) }
    }

    // MARK: - Quotes

    mutating func singleQuoted(_ word: inout WordBuilder) {
        word.isQuoted = true
        let start = position
        position += 1
        let from = position
        if dialect == .fish {
            while position < limit, bytes[position] != 0x27 {
                if bytes[position] == 0x5C, peek(1) == 0x27 || peek(1) == 0x5C { position += 1 }
                scratch.append(bytes[position])
                position += 1
            }
        } else {
            while position < limit, bytes[position] != 0x27 { position += 1 }
            scratch.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[from..<position]))
        }
        if position >= limit { gap("A quote is not closed.", at: start) } else { position += 1 }
    }

    /// After the opening quote, up to and with the closing one; a here-document's body has none.
    mutating func doubleQuoted(_ word: inout WordBuilder, isHereDocument: Bool = false) {
        let start = position
        while position < limit {
            let byte = bytes[position]
            switch byte {
            case 0x22 where !isHereDocument:
                position += 1
                return
            case 0x5C:
                let next = peek(1)
                if next == 0x24 || next == 0x60 || next == 0x22 || next == 0x5C {
                    scratch.append(next)
                    position += 2
                } else if next == 0x0A, position + 1 < limit {
                    position += 2
                } else {
                    scratch.append(byte)
                    position += 1
                }
            case 0x24: dollar(&word, isQuoted: true)
            case 0x60 where dialect != .fish: backquote(&word, isQuoted: true)
            default:
                scratch.append(byte)
                position += 1
            }
        }
        if !isHereDocument { gap("A quote is not closed.", at: max(0, start - 1)) }
    }

    // MARK: - Braces

    private mutating func braceExpansion(_ word: WordBuilder, into words: inout [ShellWord]) {
        var whole = self.word(word, until: scratch.count)
        whole.dynamics.insert(.brace)
        whole.isLiteral = false
        guard !word.isQuoted, word.omitted.isEmpty, scratch.count - word.base <= 512 else {
            words.append(whole)
            return
        }
        var budget = 64
        let expanded = Braces.expand(Array(scratch[word.base...]), budget: &budget, depth: 0)
        guard let expanded, expanded.count > 1 else {
            words.append(whole)
            return
        }
        for bytes in expanded {
            var one = whole
            one.text = String(decoding: bytes, as: UTF8.self)
            one.pattern = one.text
            words.append(one)
        }
    }
}
