// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ShellParser {
    // MARK: - Redirections

    /// The digits in front of `<` or `>`, which are taken.
    mutating func descriptor() -> Int? {
        var end = position
        var value = 0
        while end < limit, ShellBytes.isDigit(bytes[end]), end - position < 4 {
            value = value * 10 + Int(bytes[end] - 0x30)
            end += 1
        }
        guard end < limit, bytes[end] == 0x3C || bytes[end] == 0x3E else { return nil }
        position = end
        return value
    }

    mutating func redirection(_ state: inout State, descriptor: Int?) {
        begin(&state)
        let start = position
        let operation: String
        if peek() == 0x26 {
            operation = peek(2) == 0x3E ? "&>>" : "&>"
            position += operation.utf8.count
        } else if peek() == 0x3C {
            switch (peek(1), peek(2)) {
            case (0x3C, 0x3C): operation = "<<<"
            case (0x3C, 0x2D): operation = "<<-"
            case (0x3C, _): operation = "<<"
            case (0x26, _): operation = "<&"
            case (0x3E, _): operation = "<>"
            default: operation = "<"
            }
            position += operation.utf8.count
        } else {
            switch peek(1) {
            case 0x3E: operation = ">>"
            case 0x26: operation = ">&"
            case 0x7C: operation = ">|"
            default: operation = ">"
            }
            position += operation.utf8.count
            if dialect == .zsh || dialect == .fish, peek() == 0x21 || peek() == 0x3F { position += 1 }
        }
        skipBlanks()
        guard position < limit, !ShellBytes.endsWord(bytes[position]) || peek(1) == 0x28 && (peek() == 0x3C || peek() == 0x3E) else {
            gap("A redirection has no target.", at: start)
            return
        }
        let place = -1 - state.redirections.count
        if operation == "<<" || operation == "<<-" {
            hereDocument(&state, descriptor: descriptor, stripsTabs: operation == "<<-")
            return
        }
        var targets: [ShellWord] = []
        readWord(into: &targets, place: place)
        guard var target = targets.first else { return }
        if targets.count > 1 {
            target.isLiteral = false
            target.dynamics.insert(.brace)
        }
        state.redirections.append(.init(operation: operation, descriptor: descriptor, target: target))
    }

    mutating func hereDocument(_ state: inout State, descriptor: Int?, stripsTabs: Bool) {
        let start = position
        script.constructs.insert(.hereDocument)
        var delimiter: [UInt8] = []
        var isLiteral = false
        loop: while position < limit {
            let byte = bytes[position]
            switch byte {
            case 0x27, 0x22:
                isLiteral = true
                position += 1
                while position < limit, bytes[position] != byte {
                    if byte == 0x22, bytes[position] == 0x5C, position + 1 < limit { position += 1 }
                    delimiter.append(bytes[position])
                    position += 1
                }
                position = min(limit, position + 1)
            case 0x5C:
                isLiteral = true
                position += 1
                if position < limit { delimiter.append(bytes[position]) }
                position = min(limit, position + 1)
            case 0x0D where peek(1) == 0x0A: break loop
            case _ where ShellBytes.endsWord(byte): break loop
            default:
                delimiter.append(byte)
                position += 1
            }
        }
        hereDocuments.append(
            HereDocument(
                command: state.slot, redirection: state.redirections.count, delimiter: delimiter, stripsTabs: stripsTabs, isLiteral: isLiteral))
        let word = ShellWord(text: "", span: span(start, position))
        state.redirections.append(.init(operation: "<<", descriptor: descriptor, target: word))
    }

    /// The bodies of the here-documents of the line that has just ended.
    mutating func readHereDocuments() {
        let documents = hereDocuments
        hereDocuments = []
        for document in documents {
            let start = position
            var body: [UInt8] = []
            var bodyEnd = limit
            var isClosed = false
            while position < limit, !isClosed {
                var line = position
                while position < limit, bytes[position] != 0x0A { position += 1 }
                var end = position
                if end > line, bytes[end - 1] == 0x0D { end -= 1 }
                if document.stripsTabs { while line < end, bytes[line] == 0x09 { line += 1 } }
                if matches(document.delimiter, line, end) {
                    isClosed = true
                    bodyEnd = min(line, position)
                } else if document.stripsTabs {
                    body.append(contentsOf: bytes[line..<position])
                    body.append(0x0A)
                }
                position = min(limit, position + 1)
            }
            if !isClosed { gap("A here-document does not end.", at: start) }
            let bodyStart = min(start, bodyEnd)
            if !document.stripsTabs { body = Array(bytes[bodyStart..<bodyEnd]) }
            guard script.commands.indices.contains(document.command),
                script.commands[document.command].redirections.indices.contains(document.redirection)
            else { continue }
            var target = ShellWord(text: String(decoding: body, as: UTF8.self), span: span(bodyStart, bodyEnd))
            target.isQuoted = document.isLiteral
            script.commands[document.command].redirections[document.redirection].target = target
            if !document.isLiteral, !document.stripsTabs {
                expandHereDocument(bodyStart, bodyEnd, document)
            } else if !document.isLiteral {
                hereDocumentExpansions(in: body, at: target.span, document)
            }
        }
    }

    private func matches(_ delimiter: [UInt8], _ start: Int, _ end: Int) -> Bool {
        guard end - start == delimiter.count else { return false }
        for offset in 0..<delimiter.count where bytes[start + offset] != delimiter[offset] { return false }
        return true
    }

    /// Here-documents whose body would start behind the end of the text.
    mutating func closeHereDocuments() {
        guard !hereDocuments.isEmpty else { return }
        hereDocuments = []
        gap("A here-document has no body.")
    }

    /// Reads the expansions in a here-document's body, which is read like text in double quotes, where it stands.
    private mutating func expandHereDocument(_ start: Int, _ end: Int, _ document: HereDocument) {
        let saved = (position, limit, substitutions.count)
        position = start
        limit = end
        currentSlot = document.command
        defer { currentSlot = -1 }
        let base = scratch.count
        var word = WordBuilder(base: base, start: start)
        word.place = -1 - document.redirection
        doubleQuoted(&word, isHereDocument: true)
        finishHereDocument(&word, document)
        scratch.removeLast(scratch.count - base)
        (position, limit) = (saved.0, saved.1)
        substitutions.removeLast(substitutions.count - saved.2)
    }

    private mutating func finishHereDocument(_ word: inout WordBuilder, _ document: HereDocument) {
        guard word.dynamics != [] else { return }
        let added = substitutions.filter { $0.place == word.place }
        script.commands[document.command].substitutions += added
        let built = self.word(word, until: scratch.count)
        script.commands[document.command].redirections[document.redirection].target.text = built.text
        script.commands[document.command].redirections[document.redirection].target.pattern = built.pattern
        script.commands[document.command].redirections[document.redirection].target.dynamics = built.dynamics
        script.commands[document.command].redirections[document.redirection].target.isLiteral = false
    }

    /// The same for a body whose tabs were stripped.
    private mutating func hereDocumentExpansions(in body: [UInt8], at place: Range<Int>, _ document: HereDocument) {
        guard body.contains(0x24) || body.contains(0x60) else { return }
        var inner = context
        inner.parent = document.command
        inner.nesting = nesting
        var quoted: [UInt8] = [0x3A, 0x20, 0x22]
        for byte in body {
            if byte == 0x22 { quoted.append(0x5C) }
            quoted.append(byte)
        }
        quoted.append(0x22)
        quoted.withUnsafeBufferPointer {
            ShellParser.parse($0, dialect: dialect, placement: .inside(place), context: inner, variables: &variables, into: &script)
        }
    }
}
