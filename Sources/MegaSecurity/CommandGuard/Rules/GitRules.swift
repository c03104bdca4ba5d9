// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// git commands that lose work or history.
enum GitRules {
    static func check(_ call: Invocation, _ report: inout GuardReport) {
        var at = 1
        let words = call.words
        while at < words.count, words[at].text.hasPrefix("-") {
            let text = words[at].text
            if text == "--help" || text == "--version" || text == "-v" || text == "-h" { return }
            if text == "-c", at + 1 < words.count { setting(words[at + 1], &report) }
            if text == "-c" || text == "-C" || text == "--git-dir" || text == "--work-tree" || text == "--namespace" || text == "--exec-path" || text == "--config-env" {
                at += 1
            }
            at += 1
        }
        guard at < words.count else { return }
        let verb = words[at].text
        let rest = Array(words[(at + 1)...])
        guard !rest.contains(where: { $0.text == "--help" || $0.text == "-h" }) else { return }
        let arguments = Arguments(words: rest)
        let span = call.span
        if arguments.has("--dry-run") { return }
        switch verb {
        case "reset":
            if arguments.has("--hard") { report.add(RuleCatalog.gitDiscard, .ask, span) }
            if arguments.has("--merge") || arguments.has("--keep") { report.add(RuleCatalog.gitDiscard, .ask, span) }
        case "clean":
            guard !arguments.letter("n"), arguments.letter("f") || arguments.has("--force") else { return }
            report.add(RuleCatalog.gitClean, .ask, span)
        case "checkout": checkout(arguments, span, &report)
        case "switch": if arguments.letter("f") || arguments.has("--force") || arguments.has("--discard-changes") { report.add(RuleCatalog.gitDiscard, .ask, span) }
        case "restore":
            let isStaged = arguments.letter("S") || arguments.has("--staged")
            let isWorktree = arguments.letter("W") || arguments.has("--worktree")
            if (!isStaged || isWorktree) && !rest.isEmpty { report.add(RuleCatalog.gitDiscard, .ask, span) }
        case "push": push(arguments, span, &report)
        case "branch":
            if arguments.letter("D") || (arguments.letter("d") || arguments.has("--delete")) && (arguments.letter("f") || arguments.has("--force")) {
                report.add(RuleCatalog.gitDeleteRef, .ask, span)
            } else if arguments.letter("M") || arguments.letter("C") || arguments.letter("f") || arguments.has("--force") {
                report.add(RuleCatalog.gitDeleteRef, .warn, span)
            }
        case "tag":
            if arguments.letter("d") || arguments.has("--delete") { report.add(RuleCatalog.gitDeleteRef, .warn, span) }
            if arguments.letter("f") || arguments.has("--force") { report.add(RuleCatalog.gitDeleteRef, .warn, span) }
        case "stash":
            let action = arguments.operands.first
            if action == "clear" || action == "drop" { report.add(RuleCatalog.gitStash, .ask, span) }
        case "reflog": if arguments.operands.first == "expire" || arguments.operands.first == "delete" { report.add(RuleCatalog.gitHistory, .ask, span) }
        case "gc": if arguments.words.contains(where: { $0.text.hasPrefix("--prune") && $0.text != "--prune=2.weeks.ago" }) { report.add(RuleCatalog.gitHistory, .ask, span) }
        case "prune": report.add(RuleCatalog.gitHistory, .ask, span)
        case "filter-branch", "filter-repo": report.add(RuleCatalog.gitHistory, .ask, span)
        case "update-ref": if arguments.letter("d") || arguments.has("--stdin") { report.add(RuleCatalog.gitDeleteRef, .ask, span) }
        case "worktree":
            if arguments.operands.first == "remove", arguments.letter("f") || arguments.has("--force") { report.add(RuleCatalog.gitDiscard, .ask, span) }
        case "submodule":
            if arguments.operands.first == "deinit", arguments.letter("f") || arguments.has("--force") { report.add(RuleCatalog.gitDiscard, .ask, span) }
        case "rm":
            if arguments.letter("f") || arguments.has("--force"), !arguments.has("--cached") { report.add(RuleCatalog.gitDiscard, arguments.letter("r") ? .ask : .warn, span) }
        case "remote": if ["remove", "rm", "prune"].contains(arguments.operands.first) { report.add(RuleCatalog.gitDeleteRef, .warn, span) }
        case "config": configuration(call, arguments, &report)
        case "replace": if arguments.letter("d") { report.add(RuleCatalog.gitHistory, .warn, span) }
        case "lfs": if arguments.operands.first == "prune", arguments.letter("f") || arguments.has("--force") { report.add(RuleCatalog.gitHistory, .warn, span) }
        case "read-tree": if arguments.has("--reset"), arguments.letter("u") { report.add(RuleCatalog.gitDiscard, .ask, span) }
        case "checkout-index": if arguments.letter("f"), arguments.letter("a") { report.add(RuleCatalog.gitDiscard, .ask, span) }
        default: break
        }
    }

    /// Programs that git is often told to use and that run nothing by themselves.
    private static let plainPrograms: Set<String> = [
        "", "true", "false", "cat", "less", "more", "head", "bat", "delta", "diff-so-fancy", "vim", "vi", "nvim", "nano", "emacs", "code", "ssh", "gpg",
        "gpg2", "/dev/null", "cache", "store", "manager", "osxkeychain", ":",
    ]

    /// `-c name=value`, when the name is that of a program to run.
    private static func setting(_ word: ShellWord, _ report: inout GuardReport) {
        guard let equals = word.pattern.firstIndex(of: "=") else { return }
        let name = word.pattern[..<equals].lowercased()
        let value = word.pattern[word.pattern.index(after: equals)...]
        let isAlias = name.hasPrefix("alias.") && value.hasPrefix("!")
        let isFilter = name.hasPrefix("filter.") && (name.hasSuffix(".clean") || name.hasSuffix(".smudge") || name.hasSuffix(".process"))
        guard isAlias || isFilter || ShellReader.gitCommandSettings.contains(name) else { return }
        let program = value.prefix { $0 != " " }
        if isAlias || !plainPrograms.contains(String(program)) || value.contains(";") || value.contains("|") || value.contains("$(") || value.contains("`") {
            report.add(RuleCatalog.gitConfig, .ask, word.span)
        }
    }

    private static func checkout(_ arguments: Arguments, _ span: Range<Int>, _ report: inout GuardReport) {
        if arguments.letter("b") || arguments.letter("B") || arguments.has("--orphan") || arguments.has("--track") || arguments.letter("t") {
            if arguments.letter("B") { report.add(RuleCatalog.gitDeleteRef, .warn, span) }
            return
        }
        if arguments.letter("f") || arguments.has("--force") { return report.add(RuleCatalog.gitDiscard, .ask, span) }
        if arguments.has("--ours") || arguments.has("--theirs") { return }
        if let dashes = arguments.words.firstIndex(where: { $0.text == "--" }), dashes + 1 < arguments.words.count {
            return report.add(RuleCatalog.gitDiscard, .ask, span)
        }
        if arguments.operands.contains(".") || arguments.operands.contains("*") || arguments.operands.contains(where: { $0.hasPrefix("./") || $0.hasPrefix(":/") }) {
            report.add(RuleCatalog.gitDiscard, .ask, span)
        }
    }

    private static func push(_ arguments: Arguments, _ span: Range<Int>, _ report: inout GuardReport) {
        guard !arguments.letter("n") else { return }
        let isLease = arguments.words.contains { $0.text.hasPrefix("--force-with-lease") || $0.text.hasPrefix("--force-if-includes") }
        let isForced = arguments.letter("f") || arguments.words.contains { $0.text == "--force" || $0.text.hasPrefix("--force=") }
        let hasPlus = arguments.operands.dropFirst().contains { $0.hasPrefix("+") }
        if isForced || hasPlus {
            report.add(RuleCatalog.gitForcePush, .ask, span)
        } else if isLease {
            report.add(RuleCatalog.gitLease, .warn, span)
        }
        if arguments.has("--mirror") || arguments.has("--prune") { report.add(RuleCatalog.gitForcePush, .ask, span) }
        if arguments.has("--delete") || arguments.letter("d") || arguments.operands.dropFirst().contains(where: { $0.hasPrefix(":") && $0.count > 1 }) {
            report.add(RuleCatalog.gitDeleteRef, .ask, span)
        }
    }

    private static func configuration(_ call: Invocation, _ arguments: Arguments, _ report: inout GuardReport) {
        guard let name = arguments.operands.first?.lowercased(), arguments.operands.count > 1 else { return }
        if name == "core.hookspath" || name == "core.fsmonitor" || name == "core.sshcommand" || name.hasPrefix("filter.") || name == "core.editor" && arguments.operands[1].contains(";") {
            report.add(RuleCatalog.gitConfig, .warn, call.span)
        }
    }

    /// The words behind the verb.
    struct Arguments {
        let words: [ShellWord]

        func has(_ name: String) -> Bool { words.prefix { $0.text != "--" }.contains { $0.text == name || $0.text.hasPrefix(name + "=") } }
        func letter(_ letter: Character) -> Bool {
            words.prefix { $0.text != "--" }.contains { word in
                word.text.hasPrefix("-") && !word.text.hasPrefix("--") && word.text.count <= 6 && word.text.dropFirst().contains(letter)
            }
        }
        var operands: [String] { words.filter { !$0.text.hasPrefix("-") }.map(\.text) }
    }
}
