// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Services, processes, accounts, packages, the machine itself.
enum SystemRules {
    private static let guardians = ["sshd", "ssh", "firewalld", "ufw", "iptables", "nftables", "auditd", "apparmor", "fail2ban", "networking", "NetworkManager", "systemd-networkd", "systemd-journald", "rsyslog", "cron", "docker", "kubelet"]

    static func service(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp else { return }
        let operands = call.operands(short: "MHpnotPs").map(\.text)
        switch call.program {
        case "systemctl":
            guard let verb = operands.first else { return }
            let names = operands.dropFirst().map { $0.hasSuffix(".service") ? String($0.dropLast(8)) : $0 }
            switch verb {
            case "stop", "disable", "mask", "kill", "isolate", "revert":
                report.add(RuleCatalog.serviceStop, names.contains(where: guardians.contains) || verb == "isolate" || verb == "mask" ? .ask : .warn, call.span)
            case "poweroff", "reboot", "halt", "kexec", "suspend", "hibernate", "emergency", "rescue", "soft-reboot": report.add(RuleCatalog.shutdown, .ask, call.span)
            case "enable", "link", "edit", "set-default":
                if names.contains(where: { $0.contains("/") }) || verb == "link" { report.add(RuleCatalog.persistence, .ask, call.span) }
            case "set-environment", "import-environment": report.add(RuleCatalog.persistence, .warn, call.span)
            default: return
            }
        case "service", "rc-service":
            if operands.contains("stop") { report.add(RuleCatalog.serviceStop, operands.contains(where: guardians.contains) ? .ask : .warn, call.span) }
        case "launchctl":
            if ["unload", "bootout", "disable", "remove", "stop"].contains(operands.first) { report.add(RuleCatalog.serviceStop, .warn, call.span) }
            if ["load", "bootstrap", "submit"].contains(operands.first) { report.add(RuleCatalog.persistence, .ask, call.span) }
        case "sc", "net": if operands.contains("stop") || operands.contains("delete") { report.add(RuleCatalog.serviceStop, operands.contains("delete") ? .ask : .warn, call.span) }
        case "chkconfig", "update-rc.d", "rc-update":
            if operands.contains("off") || operands.contains("remove") || operands.contains("disable") || operands.contains("del") { report.add(RuleCatalog.serviceStop, .warn, call.span) }
        case "pm2", "supervisorctl": if operands.first == "delete" || operands.first == "kill" || operands.first == "stop" && operands.contains("all") { report.add(RuleCatalog.serviceStop, .warn, call.span) }
        default: return
        }
    }

    static func power(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp, !call.has("c") || call.program != "shutdown" else { return }
        if call.program == "init" || call.program == "telinit" {
            guard let level = call.operands().first?.text, ["0", "6", "1", "s", "S"].contains(level) else { return }
        }
        report.add(RuleCatalog.shutdown, .ask, call.span)
    }

    static func kill(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.has("lL", "list", "table") else { return }
        switch call.program {
        case "kill":
            // Signals come first, as -9, -KILL, -s KILL or -n 9; a number behind them that is negative is a group, -1 is everyone.
            var numbers = call.arguments.map(\.text)
            if let first = numbers.first, first.hasPrefix("-") {
                if first == "-s" || first == "-n" { numbers = Array(numbers.dropFirst(2)) } else { numbers.removeFirst() }
            } else if numbers.count == 1, numbers[0] == "-1" {
                return report.add(RuleCatalog.processKill, .block, call.span)
            }
            if numbers.first == "--" { numbers.removeFirst() }
            if numbers.contains("-1") { report.add(RuleCatalog.processKill, .block, call.span) }
            if numbers.contains("1") || numbers.contains("0") { report.add(RuleCatalog.processKill, .ask, call.span) }
            if call.hasUnseenOperands { report.add(RuleCatalog.processKill, .warn, call.span) }
        case "killall5": report.add(RuleCatalog.processKill, .block, call.span)
        case "pkill", "killall", "taskkill":
            let isWide = call.has("u", "user", "euid", "uid") || call.contains(".", ".*", "-1") || call.arguments.contains { ["-u", "-U", "-g", "-t"].contains($0.text) }
            let names = call.operands(short: "ugtGUPsnox").map(\.text)
            let isShort = names.contains { $0.utf8.count <= 2 || guardians.contains($0) || $0 == "init" || $0 == "systemd" || $0 == "launchd" }
            if isWide || isShort { report.add(RuleCatalog.processKill, .ask, call.span) }
        default: return
        }
    }

    static func account(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp else { return }
        switch call.program {
        case "userdel", "deluser", "groupdel", "delgroup", "vipw", "visudo", "vigr", "chpasswd", "newusers", "pwconv", "dscl", "sysadminctl":
            if call.program == "visudo", call.has("c", "check") { return }
            if call.program == "dscl", !call.contains("delete", "-delete", "passwd", "-passwd", "append", "-append", "create", "-create") { return }
            report.add(RuleCatalog.accounts, .ask, call.span)
        case "passwd": if call.has("dlue", "delete", "lock", "expire") { report.add(RuleCatalog.accounts, .ask, call.span) } else if call.command.stage > 0 { report.add(RuleCatalog.accounts, .ask, call.span) }
        case "usermod", "gpasswd", "adduser", "useradd", "groupadd":
            let becomesRoot = call.arguments.contains { word in word.text.split(separator: ",").contains { ["sudo", "wheel", "root", "docker", "admin", "adm", "disk", "shadow", "lxd"].contains($0) } } || call.values(["-u", "--uid"]).contains { $0.text == "0" } || call.has("o")
            if becomesRoot || call.program == "usermod" && call.has("Ldu", "lock") { report.add(RuleCatalog.accounts, .ask, call.span) }
        default: return
        }
    }

    static func protection(_ call: Invocation, _ report: inout GuardReport) {
        let words = call.arguments.map { $0.text.lowercased() }
        let isRisky: Bool =
            switch call.program {
            case "iptables", "ip6tables", "ebtables", "arptables":
                call.arguments.contains { $0.text == "-F" || $0.text == "--flush" || $0.text == "-X" || $0.text == "-D" } || (call.arguments.contains { $0.text == "-P" } && call.arguments.contains { $0.text == "ACCEPT" })
            case "nft": words.contains("flush") || words.contains("delete")
            case "ufw": words.contains("disable") || words.contains("reset")
            case "firewall-cmd": words.contains { $0.hasPrefix("--remove") || $0 == "--panic-off" || $0 == "--complete-reload" }
            case "pfctl": call.has("dF")
            case "setenforce": words.contains("0") || words.contains("permissive")
            case "aa-disable", "aa-teardown", "aa-complain": true
            case "auditctl": call.has("De")
            case "csrutil", "spctl": words.contains("disable") || words.contains("--master-disable") || words.contains("--global-disable")
            case "netsh": words.contains("off") || words.contains("delete") || words.contains("reset")
            case "swapoff": false
            case "ip": words.contains("flush") || words.contains("del") && words.contains("default") || words.contains("down")
            case "ifconfig", "ifdown": call.program == "ifdown" || words.contains("down")
            case "route": words.contains("del") || words.contains("flush")
            case "sysctl": words.contains { $0.hasPrefix("kernel.core_pattern") || $0.hasPrefix("kernel.randomize_va_space") || $0.hasPrefix("kernel.yama") }
            case "insmod", "rmmod", "modprobe", "kextload": call.program != "modprobe" || call.has("r")
            case "mount": words.contains { $0.contains("remount") } && words.contains { $0 == "/" || $0 == "/usr" || $0 == "/boot" }
            default: false
            }
        if isRisky { report.add(RuleCatalog.firewall, .ask, call.span) }
        if call.program == "umount", call.contains("/", "-a", "--all") { report.add(RuleCatalog.firewall, .ask, call.span) }
    }

    static func package(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp, !call.isDryRun, !call.has("s", "simulate", "just-print") || call.program == "pacman" else { return }
        let verbs = call.verbs(2, short: "ocfC")
        guard let verb = verbs.first else { return pacman(call, &report) }
        switch call.program {
        case "apt", "apt-get", "aptitude":
            if ["purge", "full-upgrade", "dist-upgrade", "autoremove", "autopurge", "remove"].contains(verb), verb.hasSuffix("upgrade") == false {
                let isVital = call.operands().contains { ["linux-image", "libc6", "systemd", "sudo", "apt", "dpkg", "bash", "coreutils", "openssh-server", "*"].contains($0.text) || $0.dynamics.contains(.glob) }
                report.add(RuleCatalog.packageRemove, isVital || call.contains("--allow-remove-essential") ? .ask : .warn, call.span)
            }
        case "dpkg": if call.has("rP", "remove", "purge") { report.add(RuleCatalog.packageRemove, call.arguments.contains { $0.text.hasPrefix("--force") } ? .ask : .warn, call.span) }
        case "yum", "dnf", "zypper", "tdnf", "microdnf", "apk", "pkg", "pkg_delete", "emerge", "xbps-remove", "snap", "flatpak", "port":
            if ["remove", "erase", "autoremove", "rm", "del", "delete", "uninstall", "purge", "module"].contains(verb), verb != "module" { report.add(RuleCatalog.packageRemove, .warn, call.span) }
        case "rpm": if call.has("e", "erase") { report.add(RuleCatalog.packageRemove, call.has("", "nodeps") ? .ask : .warn, call.span) }
        case "npm", "yarn", "pnpm":
            if verb == "unpublish" || verb == "owner" && verbs.contains("rm") { report.add(RuleCatalog.packagePublish, .ask, call.span) }
            if verb == "deprecate" || verb == "publish" && call.has("f", "force") { report.add(RuleCatalog.packagePublish, .warn, call.span) }
            if verb == "cache", verbs.contains("clean"), call.has("", "force") { return }
        case "cargo": if verb == "yank" || verb == "owner" && call.contains("--remove", "-r") { report.add(RuleCatalog.packagePublish, .ask, call.span) }
        case "gem": if verb == "yank" { report.add(RuleCatalog.packagePublish, .ask, call.span) }
        case "brew": if verb == "uninstall" || verb == "remove" || verb == "rm" { if call.has("", "force", "zap", "ignore-dependencies") { report.add(RuleCatalog.packageRemove, .warn, call.span) } }
        case "pip", "pip3", "pipx", "conda", "mamba":
            if verb == "uninstall", call.has("r", "requirement") || verbs.contains("uninstall-all") || call.hasUnseenOperands { report.add(RuleCatalog.packageRemove, .warn, call.span) }
            if verb == "env", call.contains("remove") { report.add(RuleCatalog.packageRemove, .ask, call.span) }
        case "pacman": pacman(call, &report)
        default: return
        }
    }

    private static func pacman(_ call: Invocation, _ report: inout GuardReport) {
        guard call.program == "pacman", let option = call.arguments.first(where: { $0.text.hasPrefix("-R") || $0.text == "--remove" }) else { return }
        report.add(RuleCatalog.packageRemove, option.text.contains("dd") ? .ask : .warn, call.span)
    }

    static func schedule(_ call: Invocation, _ report: inout GuardReport) {
        guard call.program == "crontab" else { return }
        if call.has("r") { return report.add(RuleCatalog.scheduleRemove, .ask, call.span) }
        guard !call.has("l"), !call.has("e") else { return }
        if call.command.stage > 0 || !call.command.redirections.isEmpty || !call.operands(short: "u").isEmpty {
            report.add(RuleCatalog.persistence, .ask, call.span)
        }
    }

    static func history(_ call: Invocation, _ report: inout GuardReport) {
        switch call.program {
        case "history": if call.has("c") || call.contains("clear") { report.add(RuleCatalog.historyClear, .warn, call.span) }
        case "unset": if call.contains("HISTFILE", "HISTSIZE") { report.add(RuleCatalog.historyClear, .ask, call.span) }
        case "export", "declare": if call.arguments.contains(where: { $0.text == "HISTFILE=/dev/null" || $0.text == "HISTSIZE=0" || $0.text == "HISTFILESIZE=0" || $0.text == "HISTFILE=" }) { report.add(RuleCatalog.historyClear, .ask, call.span) }
        case "journalctl": if call.arguments.contains(where: { $0.text.hasPrefix("--vacuum") }) { report.add(RuleCatalog.historyClear, .ask, call.span) }
        case "wevtutil": if call.contains("cl", "clear-log") { report.add(RuleCatalog.historyClear, .block, call.span) }
        case "clear-eventlog", "remove-eventlog": report.add(RuleCatalog.historyClear, .block, call.span)
        case "dmesg": if call.has("cC", "clear") { report.add(RuleCatalog.historyClear, .warn, call.span) }
        default: return
        }
    }
}

/// Owners, rights and becoming someone else.
enum PermissionRules {
    static func change(_ call: Invocation, _ report: inout GuardReport) {
        let isRecursive = call.has("R", "recursive")
        let operands = call.operands(long: ["from"])
        let hasReference = call.arguments.contains { $0.text.hasPrefix("--reference") }
        // `chmod -x file`: the mode may look like an option.
        let modeLooksLikeOption = call.program == "chmod" && operands.count >= 1 && call.arguments.first.map { $0.text.hasPrefix("-") && $0.text.dropFirst().allSatisfy { "rwxXst".contains($0) } } == true
        let mode = call.program == "chmod" ? (modeLooksLikeOption ? call.arguments.first?.text : operands.first?.text) ?? "" : ""
        let paths = hasReference || modeLooksLikeOption ? operands : Array(operands.dropFirst())
        let isOpen = isWorldWritable(mode)
        for path in paths {
            let reach = PathReach.of(path)
            let isBroad = reach == .root || reach == .system || reach == .home && path.pattern.split(separator: "/").count < 2
            if isRecursive, isBroad {
                report.add(RuleCatalog.permissionSystem, .block, path.span)
            } else if isRecursive, reach == .inSystem, !path.pattern.hasPrefix("/var/www") {
                report.add(RuleCatalog.permissionSystem, .ask, path.span)
            } else if isOpen, isBroad || reach == .inSystem {
                report.add(RuleCatalog.permissionSystem, .ask, path.span)
            } else if isRecursive, isOpen {
                report.add(RuleCatalog.permissionOpen, .warn, path.span)
            }
        }
        if isSetuid(mode) { report.add(RuleCatalog.permissionSetuid, .ask, call.span) } else if isOpen { report.add(RuleCatalog.permissionOpen, .warn, call.span) }
    }

    private static func isWorldWritable(_ mode: String) -> Bool {
        let digits = mode.utf8
        if !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }), digits.count >= 3 {
            // The sticky bit makes it a shared folder like /tmp.
            if digits.count == 4, digits.first == 0x31 { return false }
            return digits.last.map { ($0 - 0x30) & 2 == 2 } ?? false
        }
        for part in mode.split(separator: ",") {
            let who = part.prefix { "ugoa".contains($0) }
            guard who.contains("o") || who.contains("a"), let sign = part.dropFirst(who.count).first, sign == "+" || sign == "=" else { continue }
            if part.dropFirst(who.count + 1).contains("w") { return true }
        }
        return false
    }

    private static func isSetuid(_ mode: String) -> Bool {
        let digits = mode.utf8
        if digits.count == 4, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }), let first = digits.first { return (first - 0x30) & 6 != 0 }
        return mode.split(separator: ",").contains { part in
            let who = part.prefix { "ugoa".contains($0) }
            let rest = part.dropFirst(who.count)
            return (rest.first == "+" || rest.first == "=") && rest.contains("s")
        }
    }

    static func capabilities(_ call: Invocation, _ report: inout GuardReport) {
        if call.program == "setcap", !call.has("rv") { report.add(RuleCatalog.permissionSetuid, .ask, call.span) }
        if call.program == "setfacl", call.has("R"), call.operands(short: "mxM").contains(where: { PathReach.of($0) >= .inSystem }) { report.add(RuleCatalog.permissionSystem, .ask, call.span) }
        if call.program == "chattr", call.has("R") || call.contains("-i", "-a") { report.add(RuleCatalog.permissionTree, .warn, call.span) }
    }

    private static let secretNames = ["SECRET", "TOKEN", "PASSWORD", "PASSWD", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIAL", "AUTH"]
    static func isSecretName(_ name: String) -> Bool {
        let upper = name.uppercased()
        return secretNames.contains { upper.contains($0) } && !upper.hasSuffix("_FILE") && upper != "SSH_AUTH_SOCK"
    }

    static func elevate(_ call: Invocation, _ report: inout GuardReport) {
        let words = call.words
        let start = ShellReader.operand(words, from: 1, short: "ughpCTrtURD", long: ["user", "group", "host", "prompt", "chdir", "chroot", "role", "type", "other-user"])
        let options = words[1..<min(start, words.count)]
        let wantsShell = options.contains { word in
            word.text == "--login" || word.text == "--shell" || (word.text.hasPrefix("-") && !word.text.hasPrefix("--") && word.text.dropFirst().prefix { !"ughpCTrtURD".contains($0) }.contains { $0 == "i" || $0 == "s" })
        }
        if wantsShell, start >= words.count { report.add(RuleCatalog.privilegedShell, .ask, call.span) }
        for option in options where option.text.hasPrefix("--preserve-env=") {
            if option.text.dropFirst(15).split(separator: ",").contains(where: { isSecretName(String($0)) }) { report.add(RuleCatalog.privilegedEnvironment, .ask, option.span) }
        }
        if options.contains(where: { $0.text == "-E" || $0.text == "--preserve-env" }), call.script.commands.contains(where: { command in
            command.assignments.contains { isSecretName($0.name) } || (command.words.first?.text == "export" && command.words.dropFirst().contains { word in isSecretName(String(word.text.prefix { $0 != "=" })) && word.text.contains("=") })
        }) {
            report.add(RuleCatalog.privilegedEnvironment, .ask, call.span)
        }
        guard start < words.count else { return }
        if options.contains(where: { $0.text == "-e" || $0.text == "--edit" }) || call.program == "sudoedit" {
            for word in words[start...] where WriteRules.isStartup(word.pattern) { report.add(RuleCatalog.startupFile, .ask, word.span) }
        }
    }

    /// A shell without anything to do, run as someone else.
    static func shell(_ call: Invocation, _ report: inout GuardReport) {
        guard call.isPrivileged else { return }
        let operands = call.words.dropFirst()
        let hasBody = operands.contains { !$0.text.hasPrefix("-") && !$0.text.hasPrefix("+") } || call.command.redirections.contains { $0.operation.hasPrefix("<") }
        if !hasBody, call.command.stage == 0 { report.add(RuleCatalog.privilegedShell, .ask, call.span) }
    }

    static func switchUser(_ call: Invocation, _ report: inout GuardReport) {
        guard call.isPrivileged, !call.has("c", "command") else { return }
        report.add(RuleCatalog.privilegedShell, .ask, call.span)
    }
}
