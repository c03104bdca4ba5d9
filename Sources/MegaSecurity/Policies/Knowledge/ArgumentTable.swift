// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Reads the tables of what programs' arguments do.
///
/// One entry a line: names, `=`, clauses separated by `|`. A name is a program or `program/sub-command`. `#` begins a comment.
///
///     sort = writes -o --output | runs --compress-program | value -k -t
///
/// Clauses: a kind of ``ArgumentRisk`` with options or words (an operand's beginning ends
/// in `*`; `*:*` is an operand with a colon); `value` options whose value is
/// harmless; `flag` harmless options; `strict` (nothing else passes); `any` (no rule can allow it); `code` (as well, and its
/// arguments are code); `dash` (long names with one
/// dash); `letters` (the first word holds option letters); `folder` (depends on the working folder); `operands N` (at most);
/// `script KIND`; `sub` (rules name a sub-command); `never` sub-commands; `known` (only sub-commands with entries);
/// `like NAME` (begins as a copy of an earlier entry).
struct ArgumentTable: Sendable {
    private(set) var entries: [String: ArgumentRules] = [:]
    /// What could not be read; empty in a table that is right.
    private(set) var mistakes: [String] = []

    init(_ texts: [String]) {
        for text in texts {
            for line in text.split(separator: "\n") where !line.hasPrefix("#") { read(line) }
        }
        for (name, _) in entries {
            guard let slash = name.firstIndex(of: "/") else { continue }
            let program = String(name[..<slash])
            if entries[program]?.knownSubcommands != nil { entries[program]?.knownSubcommands?.insert(String(name[name.index(after: slash)...])) }
        }
    }

    private mutating func read(_ line: Substring) {
        guard let equals = line.range(of: " =") else {
            mistakes.append(String(line))
            return
        }
        var rules = ArgumentRules()
        for clause in line[equals.upperBound...].split(separator: "|") {
            let words = clause.split(separator: " ")
            guard let kind = words.first else { continue }
            apply(String(kind), words.dropFirst().map(String.init), to: &rules, line)
        }
        for name in line[..<equals.lowerBound].split(separator: " ") { entries[String(name)] = rules }
    }

    private mutating func apply(_ kind: String, _ words: [String], to rules: inout ArgumentRules, _ line: Substring) {
        if let risk = ArgumentRisk(rawValue: kind) {
            for word in words {
                if word == "*:*" { rules.colonRisk = risk } else if word.hasSuffix("*"), word.utf8.count > 1 { rules.riskyPrefixes.append((String(word.dropLast()), risk)) } else { rules.risks[word] = risk }
            }
            return
        }
        switch kind {
        case "value": rules.valued.formUnion(words)
        case "flag": rules.flags.formUnion(words)
        case "strict": rules.isStrict = true
        case "any": rules.runsAnything = true
        case "code":
            rules.runsAnything = true
            rules.isInterpreter = true
        case "dash": rules.hasSingleDashNames = true
        case "letters": rules.firstWordIsLetters = true
        case "folder": rules.dependsOnFolder = true
        case "sub": rules.needsSubcommand = true
        case "never": rules.neverSubcommands.formUnion(words)
        case "known": rules.knownSubcommands = []
        case "data": break
        case "operands": rules.mostOperands = words.first.flatMap { Int($0) }
        case "script": rules.script = words.first.flatMap { ArgumentRules.Script(rawValue: $0) }
        case "like":
            if let base = words.first.flatMap({ entries[$0] }) { rules = base } else { mistakes.append(String(line)) }
        default: mistakes.append("\(kind): \(line)")
        }
        if kind == "operands" && rules.mostOperands == nil || kind == "script" && rules.script == nil { mistakes.append(String(line)) }
    }
}

extension Substring {
    /// The first place of a text.
    fileprivate func range(of text: String) -> Range<Substring.Index>? {
        let wanted = Array(text.utf8)
        var start = startIndex
        while start < endIndex {
            if self[start...].utf8.starts(with: wanted) { return start..<(utf8.index(start, offsetBy: wanted.count)) }
            start = utf8.index(after: start)
        }
        return nil
    }
}
