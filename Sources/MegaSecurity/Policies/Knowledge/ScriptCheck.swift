// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Looks into operands that are programs in a little language: whatever is not plainly harmless is a finding.
enum ScriptCheck {
    static func finding(_ kind: ArgumentRules.Script, operands: [String], options: [String]) -> ArgumentFinding? {
        switch kind {
        case .sed: sed(operands, options)
        case .awk: operands.first.flatMap(AwkCheck.finding) ?? (operands.isEmpty && !options.isEmpty ? ArgumentFinding(word: options[0], risk: .unknown) : nil)
        case .test: test(operands + options)
        case .printf: options.first.flatMap { $0.hasPrefix("-v") ? ArgumentFinding(word: $0, risk: .changes) : nil }
        }
    }

    /// The scripts are the values of `-e`, else the first operand.
    private static func sed(_ operands: [String], _ options: [String]) -> ArgumentFinding? {
        var scripts: [String] = []
        for (index, word) in options.enumerated() {
            if word == "--" { break }
            if word.hasPrefix("--") {
                guard word.utf8.count >= 4, "--expression".hasPrefix(word.prefix(while: { $0 != "=" })) else { continue }
                if let equals = word.firstIndex(of: "=") { scripts.append(String(word[word.index(after: equals)...])) } else if index + 1 < options.count { scripts.append(options[index + 1]) }
            } else if word.hasPrefix("-") {
                var letters = word.dropFirst()
                // `l` takes the rest as its value, `e` as a script.
                while let letter = letters.first, letter != "e", letter != "l" { letters = letters.dropFirst() }
                guard letters.first == "e" else { continue }
                let rest = letters.dropFirst()
                if !rest.isEmpty { scripts.append(String(rest)) } else if index + 1 < options.count { scripts.append(options[index + 1]) }
            }
        }
        if scripts.isEmpty { scripts = operands.first.map { [$0] } ?? [] }
        for script in scripts { if let found = SedCheck.finding(script) { return found } }
        return nil
    }

    /// Bash evaluates the subscripts of array names in tests, so that a substitution hidden in quotes runs.
    private static func test(_ words: [String]) -> ArgumentFinding? {
        for word in words {
            if word == "-v" || word == "-R" { return ArgumentFinding(word: word, risk: .runs) }
            if word.contains("["), word.count > 1, word.contains("$") || word.contains("`") || word.contains("(") { return ArgumentFinding(word: word, risk: .runs) }
        }
        return nil
    }
}

/// Reads a sed script as its manual describes it.
struct SedCheck {
    private let bytes: [UInt8]
    private var index = 0

    private init(_ script: String) { bytes = Array(script.utf8) }

    /// The command that runs, writes or reads something, or is not understood; nil when the script only edits what passes through.
    static func finding(_ script: String) -> ArgumentFinding? {
        var check = SedCheck(script)
        return check.scan().map { ArgumentFinding(word: script, risk: $0) }
    }

    private mutating func scan() -> ArgumentRisk? {
        while index < bytes.count {
            skip(" \t\n;}")
            guard index < bytes.count else { return nil }
            if bytes[index] == UInt8(ascii: "#") {
                skipLine()
                continue
            }
            guard address() else { return .unknown }
            if peek == UInt8(ascii: ",") {
                index += 1
                skip(" ")
                if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "~") { index += 1 }
                guard address() else { return .unknown }
            }
            skip(" \t!")
            guard let command = peek else { return .unknown }
            index += 1
            if let risk = run(command) { return risk }
        }
        return nil
    }

    private mutating func run(_ command: UInt8) -> ArgumentRisk? {
        switch command {
        case UInt8(ascii: "{"): return nil
        case UInt8(ascii: "e"): return .runs
        case UInt8(ascii: "w"), UInt8(ascii: "W"): return .writes
        case UInt8(ascii: "r"), UInt8(ascii: "R"): return .reads
        case UInt8(ascii: "a"), UInt8(ascii: "i"), UInt8(ascii: "c"), UInt8(ascii: ":"), UInt8(ascii: "v"):
            skipLine()
            return nil
        case UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "T"):
            while let byte = peek, byte != UInt8(ascii: ";"), byte != 0x0A, byte != UInt8(ascii: "}") { index += 1; _ = byte }
            return nil
        case UInt8(ascii: "s"), UInt8(ascii: "y"):
            guard let mark = peek, mark != 0x0A, mark != UInt8(ascii: "\\") else { return .unknown }
            index += 1
            guard through(mark, isPattern: true), through(mark, isPattern: false) else { return .unknown }
            return command == UInt8(ascii: "s") ? flags() : end()
        case UInt8(ascii: "q"), UInt8(ascii: "Q"), UInt8(ascii: "l"), UInt8(ascii: "L"):
            skip(" ")
            while let byte = peek, isDigit(byte) { index += 1; _ = byte }
            return end()
        case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "d"), UInt8(ascii: "D"), UInt8(ascii: "="), UInt8(ascii: "n"), UInt8(ascii: "N"),
            UInt8(ascii: "h"), UInt8(ascii: "H"), UInt8(ascii: "g"), UInt8(ascii: "G"), UInt8(ascii: "x"), UInt8(ascii: "z"), UInt8(ascii: "F"):
            return end()
        default: return .unknown
        }
    }

    /// Flags of `s`: `e` runs the result, `w` writes it.
    private mutating func flags() -> ArgumentRisk? {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "e"): return .runs
            case UInt8(ascii: "w"): return .writes
            case UInt8(ascii: "g"), UInt8(ascii: "p"), UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "m"), UInt8(ascii: "M"), 0x30...0x39: index += 1
            default: return end()
            }
        }
        return nil
    }

    /// Nothing more may stand behind a command.
    private mutating func end() -> ArgumentRisk? {
        skip(" \t")
        guard let byte = peek else { return nil }
        return byte == UInt8(ascii: ";") || byte == 0x0A || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "#") ? nil : .unknown
    }

    /// A number, `$`, `first~step` or a pattern; also none at all.
    private mutating func address() -> Bool {
        guard let byte = peek else { return true }
        switch byte {
        case 0x30...0x39:
            while let next = peek, isDigit(next) || next == UInt8(ascii: "~") { index += 1; _ = next }
            return true
        case UInt8(ascii: "$"):
            index += 1
            return true
        case UInt8(ascii: "/"), UInt8(ascii: "\\"):
            index += byte == UInt8(ascii: "/") ? 0 : 1
            guard let mark = peek else { return false }
            index += 1
            guard through(mark, isPattern: true) else { return false }
            while peek == UInt8(ascii: "I") || peek == UInt8(ascii: "M") { index += 1 }
            return true
        default: return true
        }
    }

    /// Up to and with the unescaped mark; in a pattern, brackets hide it.
    private mutating func through(_ mark: UInt8, isPattern: Bool) -> Bool {
        var isInBrackets = false
        while let byte = peek {
            index += 1
            if byte == UInt8(ascii: "\\") { index += 1; continue }
            if isPattern, byte == UInt8(ascii: "["), !isInBrackets {
                isInBrackets = true
                if peek == UInt8(ascii: "^") { index += 1 }
                if peek == UInt8(ascii: "]") { index += 1 }
                continue
            }
            // Whether brackets hide the mark differs between implementations: then nothing is certain.
            if byte == mark { return !isInBrackets }
            if byte == UInt8(ascii: "]") { isInBrackets = false }
        }
        return false
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }
    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private mutating func skip(_ some: StaticString) {
        while let byte = peek, some.withUTF8Buffer({ $0.contains(byte) }) { index += 1; _ = byte }
    }

    private mutating func skipLine() {
        while let byte = peek, byte != 0x0A { index += 1; _ = byte }
    }
}

/// Reads an awk program as POSIX describes the language, as far as is needed to tell what it could reach.
struct AwkCheck {
    private static let telling: Set<String> = ["system", "getline", "extension", "close", "fflush"]

    /// The part that runs, reads or writes something, or is not understood; nil when the program only prints.
    static func finding(_ program: String) -> ArgumentFinding? {
        risk(Array(program.utf8)).map { ArgumentFinding(word: program, risk: $0) }
    }

    private static func risk(_ bytes: [UInt8]) -> ArgumentRisk? {
        var index = 0
        var isPrinting = false
        var parentheses = 0
        // Where a slash begins a pattern and is no division.
        var expectsOperand = true
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "/"):
                // A slash in any other place divides.
                guard byte == UInt8(ascii: "\"") || expectsOperand else {
                    index += 1
                    expectsOperand = true
                    continue
                }
                guard let end = closing(byte, bytes, index + 1) else { return .unknown }
                index = end + 1
                expectsOperand = false
                continue
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
                continue
            case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "\\"): return .unknown
            case UInt8(ascii: "|"):
                guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "|") else { return .runs }
                index += 1
                expectsOperand = true
            case UInt8(ascii: ">"):
                if isPrinting, parentheses == 0 { return .writes }
                expectsOperand = true
            case UInt8(ascii: "("):
                parentheses += 1
                expectsOperand = true
            case UInt8(ascii: ")"):
                parentheses = max(0, parentheses - 1)
                expectsOperand = false
            case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"), 0x0A:
                isPrinting = false
                parentheses = 0
                expectsOperand = true
            case UInt8(ascii: "]"): expectsOperand = false
            case 0x20, 0x09: break
            case 0x30...0x39, UInt8(ascii: "$"): expectsOperand = false
            case UInt8(ascii: "_"), 0x41...0x5A, 0x61...0x7A:
                var end = index
                while end < bytes.count, bytes[end] == UInt8(ascii: "_") || (0x30...0x39).contains(bytes[end]) || (0x41...0x5A).contains(bytes[end]) || (0x61...0x7A).contains(bytes[end]) {
                    end += 1
                }
                let name = String(decoding: bytes[index..<end], as: UTF8.self)
                if telling.contains(name) { return .runs }
                if name == "print" || name == "printf" { isPrinting = true }
                expectsOperand = ["print", "printf", "return", "in", "case"].contains(name)
                index = end
                continue
            case 0x00..<0x20, 0x7F...: return .unknown
            default: expectsOperand = true
            }
            index += 1
        }
        return nil
    }

    private static func closing(_ mark: UInt8, _ bytes: [UInt8], _ start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\") { index += 2; continue }
            if bytes[index] == mark { return index }
            if bytes[index] == 0x0A { return nil }
            index += 1
        }
        return nil
    }
}
