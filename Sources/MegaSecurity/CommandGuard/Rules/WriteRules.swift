// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Files that are written: redirections, tee, copies, links, downloads.
enum WriteRules {
    /// Below a home folder: files that are run or trusted by themselves.
    private static let startupFolders = [".ssh/", ".config/autostart/", ".config/systemd/", ".config/fish/", ".gnupg/", ".aws/", ".kube/", ".docker/", "Library/LaunchAgents/", ".local/share/systemd/", ".config/environment.d/", ".git/hooks/", ".config/git/", ".bashrc.d/", ".zsh/", ".oh-my-zsh/"]
    /// Of the system.
    private static let startupPaths = [
        "/etc/cron", "/etc/systemd/", "/lib/systemd/", "/usr/lib/systemd/", "/etc/profile", "/etc/bash.bashrc", "/etc/rc.local", "/etc/rc.d/", "/etc/init.d/", "/etc/init/", "/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/sudoers",
        "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/pam.d/", "/etc/ssh/", "/var/spool/cron", "/etc/environment", "/etc/zsh", "/etc/fish/", "/etc/xdg/autostart", "/Library/LaunchDaemons", "/Library/LaunchAgents", "/etc/udev/", "/etc/modules", "/etc/security/", "/etc/apt/", "/etc/yum.repos.d/", "/etc/hosts", "/etc/crypttab", "/etc/fstab", "/boot/", "/etc/update-motd.d/", "/etc/NetworkManager/dispatcher.d", "/etc/dbus-1/", "/etc/polkit-1/", "/etc/logrotate.d/", "/etc/anacrontab", "/etc/at.", "/usr/lib/python3/dist-packages/sitecustomize.py",
    ]

    static func isStartup(_ path: String) -> Bool {
        let plain = path
        if startupPaths.contains(where: { plain.hasPrefix($0) }) { return true }
        return homePart(plain).map(isHomeStartup) ?? plain.hasSuffix(".git/hooks") || plain.contains(".git/hooks/") || plain.hasSuffix("/.ssh/authorized_keys") || plain == ".ssh/authorized_keys"
    }

    /// The part behind the home folder.
    private static func homePart(_ path: String) -> String? {
        for prefix in ["~/", "$HOME/", "/root/", "%USERPROFILE%\\"] where path.hasPrefix(prefix) { return String(path.dropFirst(prefix.count)) }
        if path.hasPrefix("/home/") || path.hasPrefix("/Users/") {
            let parts = path.split(separator: "/", maxSplits: 2)
            return parts.count == 3 ? String(parts[2]) : nil
        }
        if path.hasPrefix("~"), let slash = path.firstIndex(of: "/") { return String(path[path.index(after: slash)...]) }
        return nil
    }

    private static func isHomeStartup(_ part: String) -> Bool {
        // Any hidden file right in the home folder: shells, editors and programs read them by themselves.
        if part.hasPrefix("."), !part.contains("/") { return true }
        return startupFolders.contains { part.hasPrefix($0) }
    }

    /// What is said about writing to a path.
    static func target(_ word: ShellWord, isAppending: Bool, _ call: Invocation, _ report: inout GuardReport) {
        let path = word.pattern
        guard !path.isEmpty, path != "/dev/null", !path.hasPrefix("/dev/std"), !path.hasPrefix("/dev/fd/"), path != "/dev/tty", !path.hasPrefix("/dev/tcp/"), !path.hasPrefix("/dev/udp/") else { return }
        if PathReach.isDisk(path) { return report.add(RuleCatalog.diskWrite, .block, word.span) }
        if isStartup(path) { return report.add(RuleCatalog.startupFile, .block, word.span) }
        if path.hasPrefix("/proc/sys") || path.hasPrefix("/proc/sysrq") || path.hasPrefix("/sys/") { return report.add(RuleCatalog.systemWrite, .ask, word.span) }
        if !isAppending, path.hasPrefix("/var/log/") { return report.add(RuleCatalog.historyClear, .ask, word.span) }
        if path.hasPrefix("/var/log/") || path.hasPrefix("/dev/") || path.hasPrefix("/var/www") || path.hasPrefix("/proc/") || path.hasPrefix("/var/lib/") || path.hasPrefix("/run/") || path.hasPrefix("/var/run/") { return }
        if PathReach.of(word) == .inSystem { report.add(RuleCatalog.systemWrite, .ask, word.span) }
        DeletionRules.history(word, &report)
    }

    static func redirections(_ call: Invocation, _ report: inout GuardReport) {
        for redirection in call.command.redirections {
            switch redirection.operation {
            case ">", ">|", "&>", "<>", ">&": target(redirection.target, isAppending: false, call, &report)
            case ">>", "&>>": target(redirection.target, isAppending: true, call, &report)
            default: continue
            }
            // `> file` and `: > file` with nothing that writes: the file is emptied.
            let isEmpty = call.words.isEmpty && call.command.assignments.isEmpty && call.command.substitutions.isEmpty || call.program == ":" || call.program == "true"
            if isEmpty, redirection.operation == ">" || redirection.operation == ">|", call.command.stage == 0, !redirection.target.text.isEmpty,
                PathReach.of(redirection.target) != .temporary, redirection.target.text != "/dev/null", isTruncation(call)
            {
                report.add(RuleCatalog.shred, .warn, redirection.target.span)
            }
        }
    }

    /// Whether the redirection belongs to nothing: not to a group that has just ended.
    private static func isTruncation(_ call: Invocation) -> Bool {
        guard call.words.isEmpty else { return true }
        // A group's own redirection shares the pipeline of the commands in it, as their outer one.
        return !call.script.pipelines.contains { $0.outer == call.command.pipeline }
    }

    static func tee(_ call: Invocation, _ report: inout GuardReport) {
        let isAppending = call.has("a", "append")
        for operand in call.operands() { target(operand, isAppending: isAppending, call, &report) }
    }

    static func install(_ call: Invocation, _ report: inout GuardReport) {
        let operands = call.operands(short: "mogtS", long: ["mode", "owner", "group", "target-directory", "suffix"])
        if let folder = call.values(["-t", "--target-directory"]).first { return target(folder, isAppending: false, call, &report) }
        if operands.count > 1, let last = operands.last { target(last, isAppending: false, call, &report) }
    }

    static func edit(_ call: Invocation, _ report: inout GuardReport) {
        // sed -i, perl -i, ed: the files are changed where they are.
        guard call.arguments.contains(where: { $0.text.hasPrefix("-i") || $0.text.hasPrefix("--in-place") || $0.text == "-pi" || $0.text.hasPrefix("-pi") || $0.text == "-ni" }) else { return }
        for operand in call.operands(short: "ef") where operand.pattern.hasPrefix("/") || operand.pattern.hasPrefix("~") || operand.pattern.hasPrefix("$HOME") {
            target(operand, isAppending: true, call, &report)
        }
    }

    /// Downloads that are saved.
    static func download(_ call: Invocation, _ report: inout GuardReport) {
        let targets = call.program == "wget" ? call.values(["-O", "--output-document", "-P", "--directory-prefix"]) : call.values(["-o", "--output", "--output-dir", "-OutFile", "-outfile"])
        for word in targets {
            if isStartup(word.pattern) { report.add(RuleCatalog.startupFile, .block, word.span) } else if PathReach.of(word) == .inSystem || PathReach.of(word) == .system, !word.pattern.hasPrefix("/dev/") {
                report.add(call.isPrivileged ? RuleCatalog.privilegedInstall : RuleCatalog.systemWrite, .ask, word.span)
            }
        }
    }

    static func archive(_ call: Invocation, _ report: inout GuardReport) {
        let target: ShellWord?
        switch call.program {
        case "tar", "bsdtar", "gtar":
            let first = call.arguments.first?.text ?? ""
            let extracts = call.has("x", "extract", "get") || (!first.hasPrefix("-") && first.contains("x") && first.utf8.count <= 8)
            guard extracts else { return }
            target = call.value("-C", "--directory", "--cd") ?? call.values(["-C"]).first
            if call.has("P", "absolute-names") { report.add(RuleCatalog.archive, .warn, call.span) }
        case "unzip": target = call.value("-d")
        case "7z", "7za", "7zz": target = call.arguments.first { $0.text.hasPrefix("-o") && $0.text.utf8.count > 2 }.map { word in
            var word = word
            word.text = String(word.text.dropFirst(2))
            word.pattern = String(word.pattern.dropFirst(2))
            return word
        }
        case "cpio": target = call.value("-D", "--directory")
        case "unrar": target = call.operands().last
        default: return
        }
        guard let target else { return }
        let reach = PathReach.of(target)
        if reach == .root || reach == .home || reach == .system || reach == .inSystem { report.add(RuleCatalog.archive, .warn, target.span) }
    }

    /// ssh-copy-id, systemd units and the like.
    static func persistence(_ call: Invocation, _ report: inout GuardReport) {
        switch call.program {
        case "schtasks": if call.arguments.contains(where: { $0.text.lowercased() == "/create" || $0.text.lowercased() == "/delete" }) { report.add(RuleCatalog.persistence, .ask, call.span) }
        case "reg":
            let words = call.arguments.map { $0.text.lowercased() }
            if words.first == "delete" { report.add(RuleCatalog.windowsDelete, .ask, call.span) }
            if words.first == "add", words.contains(where: { $0.contains("\\run") || $0.contains("currentversion") || $0.contains("policies") || $0.contains("services") || $0.contains("debugger") }) { report.add(RuleCatalog.persistence, .ask, call.span) }
        default: return
        }
    }
}
