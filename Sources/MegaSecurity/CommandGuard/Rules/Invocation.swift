// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One command as the rules look at it: its program's name and its words, options and operands told apart.
struct Invocation {
    let index: Int
    let command: ShellCommand
    let program: String
    let script: ShellScript

    var words: [ShellWord] { command.words }
    var arguments: ArraySlice<ShellWord> { command.words.dropFirst() }
    var span: Range<Int> { command.span }

    /// Whether a program of a loop over inputs runs it, which adds operands that cannot be seen.
    var hasUnseenOperands: Bool {
        command.wrappers.contains { $0 == "xargs" || $0 == "parallel" || $0 == "find" || $0 == "fd" || $0 == "fdfind" || $0 == "rush" }
    }

    /// Whether it runs as another user, usually root.
    var isPrivileged: Bool { command.wrappers.contains { $0 == "sudo" || $0 == "doas" || $0 == "pkexec" } }

    /// Whether an option stands among the arguments: letters alone or in a cluster, long names whole, abbreviated or with a value.
    func has(_ letters: String = "", _ names: String...) -> Bool { option(letters, names) != nil }

    /// The word of the first such option.
    func option(_ letters: String, _ names: [String]) -> ShellWord? {
        for word in arguments {
            let text = word.text
            guard text.utf8.first == 0x2D else { continue }
            if text == "--" { return nil }
            if text.hasPrefix("--") {
                let name = text.dropFirst(2).prefix { $0 != "=" }
                if names.contains(where: { $0 == name }) { return word }
            } else if !letters.isEmpty, text.utf8.dropFirst().contains(where: { letters.utf8.contains($0) }) {
                // A cluster of letters only; `-name` and numbers are something else.
                if text.utf8.dropFirst().allSatisfy({ ShellBytes.isNameStart($0) || ShellBytes.isDigit($0) }), text.utf8.count <= 8 { return word }
            }
        }
        return nil
    }

    /// Whether this very word stands among the arguments.
    func contains(_ texts: String...) -> Bool { arguments.contains { texts.contains($0.text) } }

    /// The value of an option, behind it or after its equals sign.
    func value(_ options: String...) -> ShellWord? { values(options).first }

    /// The values of an option that may come more than once.
    func values(_ options: [String]) -> [ShellWord] {
        var result: [ShellWord] = []
        for at in words.indices.dropFirst() {
            let text = words[at].text
            guard text.utf8.first == 0x2D else { continue }
            for option in options {
                if text == option {
                    if at + 1 < words.count { result.append(words[at + 1]) }
                } else if option.hasPrefix("--"), text.hasPrefix(option + "=") {
                    result.append(cut(words[at], option.utf8.count + 1))
                } else if !option.hasPrefix("--"), option.utf8.count == 2, text.hasPrefix(option), text.utf8.count > 2 {
                    result.append(cut(words[at], 2))
                }
            }
        }
        return result
    }

    private func cut(_ word: ShellWord, _ count: Int) -> ShellWord {
        var word = word
        word.text = String(decoding: word.text.utf8.dropFirst(count), as: UTF8.self)
        word.pattern = String(decoding: word.pattern.utf8.dropFirst(count), as: UTF8.self)
        return word
    }

    /// Arguments that are no options; `short` and `long` name options whose value is the next word.
    func operands(short: String = "", long: [String] = []) -> [ShellWord] {
        var result: [ShellWord] = []
        var at = 1
        var isOver = false
        while at < words.count {
            let text = words[at].text
            if isOver || text.utf8.first != 0x2D || text.utf8.count == 1 {
                result.append(words[at])
            } else if text == "--" {
                isOver = true
            } else if text.hasPrefix("--") {
                if !text.utf8.contains(0x3D), long.contains(String(text.dropFirst(2))) { at += 1 }
            } else if let last = text.utf8.last, short.utf8.contains(last) {
                at += 1
            }
            at += 1
        }
        return result
    }

    /// The first words that are no options, in small letters: `git push`, `aws s3 rm`.
    func verbs(_ count: Int, short: String = "", long: [String] = []) -> [String] {
        operands(short: short, long: long).prefix(count).map { $0.text.lowercased() }
    }

    /// Whether a dry run was asked for.
    var isDryRun: Bool {
        arguments.contains {
            $0.text == "--dry-run" || $0.text.hasPrefix("--dry-run=") && !$0.text.hasSuffix("=none") || $0.text == "--dryrun" || $0.text == "--simulate"
                || $0.text == "--just-print" || $0.text == "--check" && program == "ansible-playbook" || $0.text == "-WhatIf" || $0.text == "--noop"
        }
    }

    /// Whether it only shows its help or version.
    var isHelp: Bool {
        arguments.contains { $0.text == "--help" || $0.text == "--version" || $0.text == "-help" } || arguments.first?.text == "help"
    }
}
