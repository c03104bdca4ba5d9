// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ShellReader {
    /// Programs whose way of running others fits no table.
    mutating func special(_ index: Int, _ program: String) {
        let words = script.commands[index].words
        switch program {
        case "env": environment(index, words)
        case "command":
            guard words.count > 1, !words[1].text.hasPrefix("-v"), !words[1].text.hasPrefix("-V") else { return }
            add(index, words: Array(words[Self.operand(words, from: 1, short: "", long: [])...]), program: program)
        case "busybox", "toybox":
            guard words.count > 1, !words[1].text.hasPrefix("-") else { return }
            add(index, words: Array(words[1...]), program: program)
        case "watch":
            let start = Self.operand(words, from: 1, short: "nq", long: ["interval", "equexit"])
            let runsProgram = words[1..<min(start, words.count)].contains { $0.text == "-x" || $0.text == "--exec" || ($0.text.hasPrefix("-") && !$0.text.hasPrefix("--") && $0.text.contains("x")) }
            guard start < words.count else { return }
            if runsProgram { add(index, words: Array(words[start...]), program: program) } else { read(index, joining: words[start...], program: program) }
        case "trap":
            let at = Self.operand(words, from: 1, short: "", long: [])
            guard at < words.count, !words[at].text.isEmpty, words[at].text != "-", words.count > at + 1 || words[at].text.contains(" ") else { return }
            read(index, word: words[at], program: program, origin: .stored)
        case "alias":
            for word in words.dropFirst() {
                guard let equals = word.pattern.firstIndex(of: "=") else { continue }
                read(index, text: String(word.pattern[word.pattern.index(after: equals)...]), span: word.span, program: program, origin: .stored)
            }
        case "find", "fd", "fdfind": executed(index, words, program)
        case "ssh", "autossh": secureShell(index, words, program)
        case "sg", "ksu": if let at = words.firstIndex(where: { $0.text == "-c" || $0.text == "-e" }), at + 1 < words.count { read(index, joining: words[(at + 1)...], program: program) } else if program == "sg", words.count > 2 { read(index, joining: words[2...], program: program) }
        case "crontab", "at", "batch":
            if let input = input(of: index) { stored(index, input, program) }
        case "git": git(index, words)
        case "tar": archive(index, words)
        case "rsync":
            for (at, word) in words.enumerated() {
                if word.text == "-e" || word.text == "--rsh", at + 1 < words.count { read(index, word: words[at + 1], program: program) }
                if word.text.hasPrefix("--rsh=") { read(index, text: String(word.pattern.dropFirst(6)), span: word.span, program: program) }
            }
        case "hyperfine": for word in words.dropFirst() where !word.text.hasPrefix("-") { read(index, word: word, program: program) }
        case "awk", "gawk", "mawk", "nawk", "original-awk":
            let at = Self.operand(words, from: 1, short: "FvfeiElLo", long: ["field-separator", "assign", "file", "source", "include"])
            for (place, word) in words.enumerated() where place > 0 && (word.text == "-e" || word.text == "--source") && place + 1 < words.count {
                foreign(index, words[place + 1], .awk)
            }
            let readsFile = words[1..<min(at, words.count)].contains { $0.text.hasPrefix("-f") || $0.text.hasPrefix("-e") || $0.text.hasPrefix("--file") || $0.text.hasPrefix("-E") }
            if at < words.count, !readsFile { foreign(index, words[at], .awk) }
        case "sed": streamEditor(index, words)
        case "hash":
            if words.contains(where: { $0.text == "-p" }) { gap(index, "A name is given to another program.", .program) }
        case "psql", "vim", "vi", "ex", "nvim", "gdb", "man", "ed", "sqlite3", "mysql", "mariadb": escapes(index, words, program)
        case "source", ".":
            guard words.count > 1 else { return }
            if words[1].dynamics.contains(.process) || words[1].text == "/dev/stdin" || words[1].text == "-" {
                if let input = input(of: index) {
                    read(index, text: input.text, span: input.span, isVerbatim: input.isVerbatim, program: program, origin: .input)
                }
                for substitution in script.commands[index].substitutions where substitution.isProcess {
                    if let text = LiteralOutput.output(of: substitution.commands, in: script) {
                        read(index, text: text, span: words[1].span, program: program, origin: .input)
                    }
                }
            }
        case "nc", "ncat", "netcat":
            for (at, word) in words.enumerated() where at + 1 < words.count {
                if word.text == "-e" || word.text == "--exec" || word.text == "-c" || word.text == "--sh-exec" { read(index, word: words[at + 1], program: program) }
            }
        case "ansible":
            guard words.contains(where: { $0.text == "shell" || $0.text == "command" || $0.text == "raw" }) || !words.contains(where: { $0.text == "-m" }) else { return }
            if let at = words.firstIndex(where: { $0.text == "-a" || $0.text == "--args" }), at + 1 < words.count { read(index, word: words[at + 1], program: program) }
        case "start":
            if words.count > 1 { add(index, words: Array(words[1...].drop { $0.text.hasPrefix("/") || $0.text.isEmpty }), program: program) }
        default: return
        }
    }

    private mutating func environment(_ index: Int, _ words: [ShellWord]) {
        var at = 1
        var assignments: [(name: String, value: ShellWord)] = []
        while at < words.count {
            let word = words[at]
            let text = word.text
            if text == "-S" || text == "--split-string" || text == "-vS" {
                let rest = words[(at + 1)...]
                return read(index, joining: rest, program: "env")
            }
            for prefix in ["--split-string=", "-vS", "-iS", "-S"] where text.hasPrefix(prefix) {
                let cut = String(word.pattern.dropFirst(prefix.count))
                let span = word.span.lowerBound..<(words.last?.span.upperBound ?? word.span.upperBound)
                let joined = ([cut] + words[(at + 1)...].map(\.pattern)).joined(separator: " ")
                return read(index, text: joined, span: min(span.lowerBound, span.upperBound)..<max(span.lowerBound, span.upperBound), program: "env")
            }
            if text == "-u" || text == "--unset" || text == "-C" || text == "--chdir" {
                at += 2
            } else if text.hasPrefix("-") {
                at += 1
            } else if let assignment = Self.assignment(word) {
                assignments.append(assignment)
                at += 1
            } else {
                break
            }
        }
        guard at < words.count || !assignments.isEmpty else { return }
        add(index, words: at < words.count ? Array(words[at...]) : [], program: "env", assignments: assignments)
    }

    /// `find … -exec program … ;`
    private mutating func executed(_ index: Int, _ words: [ShellWord], _ program: String) {
        var at = 1
        while at < words.count {
            defer { at += 1 }
            switch words[at].text {
            case "-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch": break
            // A blank is missing in front of it; what was meant is plain.
            case let text where words[at].isQuoted && program == "find" && (text.hasSuffix("-exec") || text.hasSuffix("-execdir")): break
            default: continue
            }
            if program == "find", words[at].text.hasPrefix("--") || words[at].text.count == 2 { continue }
            var inner: [ShellWord] = []
            at += 1
            while at < words.count, words[at].text != ";", words[at].text != "+" || inner.last?.text != "{}" {
                inner.append(words[at])
                at += 1
            }
            if let last = inner.last, inner.count > 1, last.text == "" || last.text == " ;" || last.text == "\\;" || last.text == "\n" { inner.removeLast() }
            add(index, words: inner, program: program)
        }
    }

    private mutating func secureShell(_ index: Int, _ words: [ShellWord], _ program: String) {
        for (at, word) in words.enumerated() where at > 0 {
            var option = word
            if word.text == "-o", at + 1 < words.count { option = words[at + 1] } else if word.text.hasPrefix("-o") {
                option.text = String(word.text.dropFirst(2))
                option.pattern = String(word.pattern.dropFirst(2))
            } else {
                continue
            }
            let lower = option.text.lowercased()
            for name in ["proxycommand", "localcommand", "knownhostscommand"] where lower.hasPrefix(name) {
                let command = String(option.pattern.dropFirst(name.count + 1)).trimming("=")
                if command != "none" { read(index, text: command, span: option.span, program: program) }
            }
        }
        var at = Self.operand(words, from: 1, short: "bcDEeFIiJLlmOopQRSWwBM", long: []) + 1
        // Options may stand behind the host too.
        if at < words.count, words[at].text.hasPrefix("-") { at = Self.operand(words, from: at, short: "bcDEeFIiJLlmOopQRSWwB", long: []) }
        if at < words.count {
            read(index, joining: words[at...], program: program, dialect: .posix)
        } else if at == words.count, let input = input(of: index) {
            read(index, text: input.text, span: input.span, isVerbatim: input.isVerbatim, program: program, origin: .input, dialect: .posix)
        }
    }

    /// Lines of a crontab or of a job: the times in front are dropped.
    private mutating func stored(_ index: Int, _ input: (text: String, span: Range<Int>, isVerbatim: Bool), _ program: String) {
        for line in input.text.split(separator: "\n").prefix(64) {
            var command = line[...]
            if program == "crontab" {
                if line.hasPrefix("@") { command = line.drop { $0 != " " } } else {
                    var fields = 0
                    while fields < 5, let first = command.first, "0123456789*/,-".contains(first) {
                        command = command.drop { $0 != " " && $0 != "\t" }.drop { $0 == " " || $0 == "\t" }
                        fields += 1
                    }
                }
            }
            read(index, text: String(command), span: input.span, program: program, origin: .stored)
        }
    }

    private mutating func git(_ index: Int, _ words: [ShellWord]) {
        var at = 1
        while at < words.count, words[at].text.hasPrefix("-") {
            let isValued = words[at].text == "-c" || words[at].text == "-C" || words[at].text == "--git-dir" || words[at].text == "--work-tree"
            if words[at].text == "-c", at + 1 < words.count, let equals = words[at + 1].pattern.firstIndex(of: "=") {
                let name = words[at + 1].pattern[..<equals].lowercased()
                let value = words[at + 1].pattern[words[at + 1].pattern.index(after: equals)...]
                if name.hasPrefix("alias."), value.hasPrefix("!") {
                    read(index, text: String(value.dropFirst()), span: words[at + 1].span, program: "git")
                } else if Self.gitCommandSettings.contains(name), value != "true", value != "false" {
                    read(index, text: String(value), span: words[at + 1].span, program: "git")
                }
            }
            at += isValued ? 2 : 1
        }
        guard at < words.count else { return }
        let rest = words[(at + 1)...]
        switch words[at].text {
        case "submodule":
            if let verb = rest.firstIndex(where: { $0.text == "foreach" }) {
                let start = words[(verb + 1)...].firstIndex { !$0.text.hasPrefix("-") } ?? words.endIndex
                read(index, joining: words[start...], program: "git")
            }
        case "bisect": if rest.first?.text == "run" { add(index, words: Array(rest.dropFirst()), program: "git") }
        case "rebase":
            for (place, word) in zip(rest.indices, rest) where (word.text == "-x" || word.text == "--exec") && place + 1 < words.count {
                read(index, word: words[place + 1], program: "git")
            }
        case "filter-branch":
            for (place, word) in zip(rest.indices, rest) where word.text.hasSuffix("-filter") && place + 1 < words.count {
                read(index, word: words[place + 1], program: "git")
            }
        case "config":
            if let name = rest.firstIndex(where: { $0.text.lowercased().hasPrefix("alias.") }), name + 1 < words.count, words[name + 1].text.hasPrefix("!") {
                read(index, text: String(words[name + 1].pattern.dropFirst()), span: words[name + 1].span, program: "git", origin: .stored)
            }
        default: return
        }
    }

    static let gitCommandSettings: Set<String> = [
        "core.pager", "core.editor", "core.sshcommand", "core.fsmonitor", "core.hookspath", "sequence.editor", "diff.external", "core.askpass",
        "gpg.program", "credential.helper",
    ]

    private mutating func archive(_ index: Int, _ words: [ShellWord]) {
        for (at, word) in words.enumerated() where at > 0 {
            for option in ["--checkpoint-action=exec=", "--to-command=", "--use-compress-program=", "--info-script=", "--new-volume-script=", "--rsh-command="]
            where word.text.hasPrefix(option) {
                read(index, text: String(word.pattern.dropFirst(option.count)), span: word.span, program: "tar")
            }
            if ["-I", "--use-compress-program", "--to-command", "-F", "--checkpoint-action"].contains(word.text), at + 1 < words.count {
                let text = words[at + 1].pattern
                read(index, text: text.hasPrefix("exec=") ? String(text.dropFirst(5)) : text, span: words[at + 1].span, program: "tar")
            }
        }
    }

    /// sed's `e` command.
    private mutating func streamEditor(_ index: Int, _ words: [ShellWord]) {
        for word in words.dropFirst() {
            var text = word.pattern[...].drop { ("0"..."9").contains($0) || $0 == "$" || $0 == "," }
            if text.hasPrefix("e "), text.utf8.count > 2, word.pattern != "e" {
                text = text.dropFirst(2)
                read(index, text: String(text), span: word.span, program: "sed")
            }
        }
    }

    /// `-c ':!command'`, `-c '\! command'`, `-ex '!command'`, `-P command`
    private mutating func escapes(_ index: Int, _ words: [ShellWord], _ program: String) {
        for (at, word) in words.enumerated() where at > 0 {
            let text = word.pattern
            if program == "man" {
                if word.text == "-P" || word.text == "--pager" || word.text == "-H", at + 1 < words.count { read(index, word: words[at + 1], program: program) }
                continue
            }
            escape(index, text[...], word.span, program)
        }
        guard program != "man", let input = input(of: index) else { return }
        for line in input.text.split(separator: "\n").prefix(64) { escape(index, line, input.span, program) }
    }

    private mutating func escape(_ index: Int, _ text: Substring, _ span: Range<Int>, _ program: String) {
        for prefix in ["+:!", "+!", ":!", "!", "\\!", "shell ", ".shell ", ".system "] where text.hasPrefix(prefix) && text.utf8.count > prefix.utf8.count {
            return read(index, text: String(text.dropFirst(prefix.count)), span: span, program: program)
        }
    }
}
