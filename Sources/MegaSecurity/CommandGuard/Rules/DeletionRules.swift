// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Deleting and emptying files.
enum DeletionRules {
    static func remove(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp else { return }
        let operands = call.operands()
        if call.hasUnseenOperands {
            report.add(RuleCatalog.deleteUnseen, .ask, call.span)
        }
        let isRecursive = call.has("rR", "recursive", "recursiv", "recurs", "recu", "rec")
        let isForced = call.has("f", "force", "forc", "for")
        if call.contains("--no-preserve-root") { report.add(RuleCatalog.deleteSystem, .block, call.span) }
        for operand in operands {
            let reach = PathReach.of(operand)
            if isRecursive {
                recursive(call, operand, reach, isForced: isForced, &report)
            } else if reach == .root || reach == .system {
                report.add(RuleCatalog.deleteSystem, .block, operand.span)
            } else if reach == .inSystem || reach == .home {
                report.add(RuleCatalog.deleteSystem, .ask, operand.span)
            } else if reach == .everythingHere, isForced {
                report.add(RuleCatalog.deleteSystem, .warn, operand.span)
            }
            history(operand, &report)
        }
        // What it deletes stands elsewhere, if anywhere.
        if isRecursive, isForced, operands.isEmpty { report.add(RuleCatalog.deleteTree, .ask, call.span) }
    }

    private static func recursive(_ call: Invocation, _ operand: ShellWord, _ reach: PathReach, isForced: Bool, _ report: inout GuardReport) {
        switch reach {
        case .root, .system, .home: report.add(RuleCatalog.deleteSystem, .block, operand.span)
        case .everythingHere: report.add(RuleCatalog.deleteSystem, isForced ? .block : .ask, operand.span)
        case .inSystem: report.add(RuleCatalog.deleteSystem, .ask, operand.span)
        case .variable:
            let pattern = operand.pattern
            let isWhole = !pattern.utf8.contains(0x2F)
            report.add(isWhole ? RuleCatalog.deleteTree : RuleCatalog.deleteVariable, isForced || !isWhole ? .ask : .warn, operand.span)
        case .inHome, .elsewhere, .relative, .dependencies: report.add(RuleCatalog.deleteTree, isForced ? .ask : .warn, operand.span)
        // Root has no business in what a build makes again; what is a temporary folder's goes by itself some day.
        case .buildOutput: if call.isPrivileged { report.add(RuleCatalog.deleteTree, isForced ? .ask : .warn, operand.span) }
        case .temporary: break
        }
    }

    static func history(_ operand: ShellWord, _ report: inout GuardReport) {
        let name = operand.pattern.split(separator: "/").last.map(String.init) ?? ""
        if ["bash_history", "zsh_history", "history", "python_history", "mysql_history", "psql_history", "fish_history"].contains(where: { name == "." + $0 || name == $0 && $0 != "history" }) {
            report.add(RuleCatalog.historyClear, .ask, operand.span)
        }
    }

    /// unlink, rmdir: one thing, an empty folder.
    static func removeOne(_ call: Invocation, _ report: inout GuardReport) {
        if call.hasUnseenOperands { report.add(RuleCatalog.deleteUnseen, .ask, call.span) }
        for operand in call.operands() {
            let reach = PathReach.of(operand)
            if call.program != "rmdir", reach >= .inSystem { report.add(RuleCatalog.deleteSystem, .ask, operand.span) }
        }
    }

    static func shred(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp else { return }
        let isDisk = call.operands(short: "ns").contains { PathReach.isDisk($0.text) }
        report.add(isDisk ? RuleCatalog.diskWrite : RuleCatalog.shred, isDisk ? .block : .ask, call.span)
    }

    static func truncate(_ call: Invocation, _ report: inout GuardReport) {
        for operand in call.operands(short: "sr", long: ["size", "reference"]) {
            let reach = PathReach.of(operand)
            if operand.text.hasPrefix("/var/log") || operand.text.hasSuffix(".log") {
                report.add(RuleCatalog.historyClear, .ask, operand.span)
            } else if reach >= .inSystem || call.hasUnseenOperands {
                report.add(RuleCatalog.shred, .ask, operand.span)
            } else if reach != .temporary {
                report.add(RuleCatalog.shred, .warn, operand.span)
            }
        }
    }

    static func find(_ call: Invocation, _ report: inout GuardReport) {
        let words = call.words
        guard let delete = words.firstIndex(where: { $0.text == "-delete" }), delete > 0 else { return }
        var reach = PathReach.relative
        var at = 1
        while at < words.count, ["-H", "-L", "-P", "-O1", "-O2", "-O3", "-D"].contains(words[at].text) { at += 1 }
        var start = words[delete].span
        while at < words.count, !words[at].text.hasPrefix("-"), words[at].text != "(", words[at].text != "!" {
            let here = PathReach.of(words[at])
            if here > reach {
                reach = here
                start = words[at].span
            }
            at += 1
        }
        let isNarrowed = words[at...].contains { ["-name", "-iname", "-path", "-mtime", "-ctime", "-atime", "-newer", "-size", "-regex", "-empty", "-mmin", "-user", "-inum", "-samefile", "-perm"].contains($0.text) }
        switch reach {
        case .root, .system, .home: report.add(RuleCatalog.findDelete, isNarrowed ? .ask : .block, start)
        case .inSystem, .variable: report.add(RuleCatalog.findDelete, .ask, start)
        default: report.add(RuleCatalog.findDelete, .warn, words[delete].span)
        }
    }

    static func synchronize(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isDryRun, !call.has("n") else { return }
        if let option = call.arguments.first(where: {
            $0.text == "--del" || $0.text.hasPrefix("--delete") || $0.text == "--remove-source-files" || $0.text == "--mirror" || $0.text == "--delete-excluded"
        }) {
            let target = call.operands(short: "eTfB").last.map(PathReach.of) ?? .relative
            report.add(RuleCatalog.syncDelete, target >= .inSystem ? .block : .warn, option.span)
        }
    }

    /// mv and cp over a folder of the system, or everything into nothing.
    static func move(_ call: Invocation, _ report: inout GuardReport) {
        let operands = call.operands(short: "tS", long: ["target-directory", "suffix"])
        guard let target = operands.last else { return }
        if call.program == "mv" {
            for source in operands.dropLast() {
                let reach = PathReach.of(source)
                if reach == .root || reach == .system || reach == .home {
                    report.add(RuleCatalog.deleteSystem, .block, source.span)
                }
                if reach == .inSystem { report.add(RuleCatalog.systemWrite, .ask, source.span) }
            }
            if target.text == "/dev/null" { report.add(RuleCatalog.shred, .ask, target.span) }
        }
        if operands.count > 1 || !call.values(["-t", "--target-directory"]).isEmpty { WriteRules.target(call.values(["-t", "--target-directory"]).first ?? target, isAppending: false, call, &report) }
    }

    // MARK: - Windows

    /// del, erase, rd, rmdir of cmd.exe.
    static func commandProcessor(_ call: Invocation, _ report: inout GuardReport) {
        guard call.command.dialect == .cmd || call.command.wrappers.contains("cmd") else { return removeOne(call, &report) }
        let switches = Set(call.arguments.filter { $0.text.hasPrefix("/") }.flatMap { $0.text.lowercased().split(separator: "/").map(String.init) })
        let paths = call.arguments.filter { !$0.text.hasPrefix("/") }
        let isTree = switches.contains("s")
        let isForced = switches.contains("q") || switches.contains("f")
        let reach = paths.map(PathReach.of).max() ?? .relative
        if reach >= .inSystem {
            report.add(RuleCatalog.deleteSystem, isTree ? .block : .ask, call.span)
        } else if isForced || isTree {
            report.add(RuleCatalog.windowsDelete, .ask, call.span)
        }
    }

    static func removeItem(_ call: Invocation, _ report: inout GuardReport) {
        let options = call.arguments.filter { $0.text.hasPrefix("-") }.map { $0.text.lowercased() }
        guard !options.contains("-whatif") else { return }
        let isTree = options.contains { $0.count > 1 && "-recurse".hasPrefix($0) }
        let isForced = options.contains { $0.count > 2 && "-force".hasPrefix($0) }
        let reach = call.operands().map(PathReach.of).max() ?? .relative
        if isTree, reach == .root || reach == .system || reach == .home || reach == .everythingHere {
            report.add(RuleCatalog.deleteSystem, .block, call.span)
        } else if isTree || isForced || reach >= .inSystem {
            if reach == .buildOutput || reach == .temporary { return }
            report.add(RuleCatalog.windowsDelete, .ask, call.span)
        }
    }
}
