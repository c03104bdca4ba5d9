// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What is known of the arguments of one program, or of one of its sub-commands.
struct ArgumentRules: Sendable {
    /// A little language of its own in one of the operands.
    enum Script: String, Sendable {
        case sed, awk, test, printf
    }

    /// It runs or changes whatever it is told to: no stored rule can allow it.
    var runsAnything = false
    /// A shell, an interpreter, an editor or the like: its arguments and input are code.
    var isInterpreter = false
    /// Only options listed as harmless pass, and operands are looked at like those of unknown programs.
    var isStrict = false
    /// Long options have one dash, and letters cannot be put together (find, java).
    var hasSingleDashNames = false
    /// The first word holds option letters, with or without a dash (tar).
    var firstWordIsLetters = false
    /// What it does depends on files in the working folder, such as hooks, scripts and settings.
    var dependsOnFolder = false
    /// An allow rule has to name a sub-command.
    var needsSubcommand = false
    /// Sub-commands no rule can allow.
    var neverSubcommands: Set<String> = []
    /// Sub-commands that are known, when unknown ones may be anything (aliases, plug-ins).
    var knownSubcommands: Set<String>?
    /// The most words that are not options.
    var mostOperands: Int?
    var script: Script?
    /// Options, with their dashes, or words.
    var risks: [String: ArgumentRisk] = [:]
    /// Beginnings of operands.
    var riskyPrefixes: [(String, ArgumentRisk)] = []
    /// What an operand with a colon does, such as `host:file`.
    var colonRisk: ArgumentRisk?
    /// Options that take the next word, or the rest of their own, as a harmless value.
    var valued: Set<String> = []
    /// Options without a value that are harmless.
    var flags: Set<String> = []
}

extension ArgumentRules {
    /// The first argument that makes the call another kind of call, or nil.
    ///
    /// - Parameter arguments: The words behind the program and its sub-command.
    func finding(in arguments: ArraySlice<String>) -> ArgumentFinding? {
        var rest = arguments
        var operands: [String] = []
        var isPastOptions = false
        if firstWordIsLetters, let first = rest.first, !first.hasPrefix("-"), let found = cluster(first[...]).finding { return found }
        if firstWordIsLetters, rest.first?.hasPrefix("-") == false { rest = rest.dropFirst() }
        while let word = rest.first {
            rest = rest.dropFirst()
            if isPastOptions || !word.hasPrefix("-") || word == "-" {
                if let found = operand(word, at: operands.count) { return found }
                operands.append(word)
                continue
            }
            if word == "--", !hasSingleDashNames {
                if let risk = risks["--"] { return ArgumentFinding(word: word, risk: risk) }
                isPastOptions = true
                continue
            }
            if word.hasPrefix("--") || hasSingleDashNames {
                let name = String(word.prefix(while: { $0 != "=" }))
                if let found = long(name, word) { return found }
                if valued.contains(name), name.utf8.count == word.utf8.count {
                    rest = rest.dropFirst()
                }
            } else {
                let (found, takesNext) = cluster(word.dropFirst())
                if let found { return ArgumentFinding(word: word, risk: found.risk) }
                if takesNext { rest = rest.dropFirst() }
            }
        }
        guard let script else { return nil }
        return ScriptCheck.finding(script, operands: operands, options: Array(arguments))
    }

    private func operand(_ word: String, at place: Int) -> ArgumentFinding? {
        if let most = mostOperands, place >= most { return ArgumentFinding(word: word, risk: .unknown) }
        if let risk = risks[word] { return ArgumentFinding(word: word, risk: risk) }
        if let colonRisk, word.contains(":") { return ArgumentFinding(word: word, risk: colonRisk) }
        for (prefix, risk) in riskyPrefixes where word.hasPrefix(prefix) { return ArgumentFinding(word: word, risk: risk) }
        return isStrict && SuspiciousWord.isSuspicious(word) ? ArgumentFinding(word: word, risk: .unknown) : nil
    }

    /// A name with its dashes. Programs accept abbreviations of long options, so a beginning of a risky one is risky.
    private func long(_ name: String, _ word: String) -> ArgumentFinding? {
        if let risk = risks[name] { return ArgumentFinding(word: word, risk: risk) }
        for (prefix, risk) in riskyPrefixes where prefix.hasPrefix("-") && word.hasPrefix(prefix) { return ArgumentFinding(word: word, risk: risk) }
        if valued.contains(name) || flags.contains(name) { return nil }
        if name.hasPrefix("--") {
            for (risky, risk) in risks where name.utf8.count >= 3 && risky.hasPrefix(name) { return ArgumentFinding(word: word, risk: risk) }
        } else if hasSingleDashNames, let risk = risks["-" + name] ?? risks[String(name.dropFirst())] {
            return ArgumentFinding(word: word, risk: risk)
        }
        return isStrict ? ArgumentFinding(word: word, risk: .unknown) : nil
    }

    /// Letters behind one dash: flags, up to one that takes the rest or the next word.
    private func cluster(_ letters: Substring) -> (finding: ArgumentFinding?, takesNext: Bool) {
        var rest = letters
        while let letter = rest.first {
            rest = rest.dropFirst()
            let option = "-\(letter)"
            if let risk = risks[option] { return (ArgumentFinding(word: String(letters), risk: risk), false) }
            if valued.contains(option) { return (nil, rest.isEmpty) }
            if isStrict, !flags.contains(option), !letter.isNumber { return (ArgumentFinding(word: String(letters), risk: .unknown), false) }
            // What follows is no letter any more, so it is the value of an option nobody listed.
            if let next = rest.first, !next.isASCII || !(next.isLetter || next.isNumber) { return (nil, false) }
        }
        return (nil, false)
    }
}
