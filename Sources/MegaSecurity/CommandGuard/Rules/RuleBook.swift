// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which rules look at which programs.
enum RuleBook {
    typealias Check = @Sendable (Invocation, inout GuardReport) -> Void

    static let checks: [String: [Check]] = {
        var table: [String: [Check]] = [:]
        func on(_ programs: String..., check: @escaping Check) { for program in programs { table[program, default: []].append(check) } }
        on("rm", "grm", "trash-empty") { DeletionRules.remove($0, &$1) }
        on("unlink") { DeletionRules.removeOne($0, &$1) }
        on("del", "erase", "rd", "rmdir", "deltree") { DeletionRules.commandProcessor($0, &$1) }
        on("remove-item", "ri") { DeletionRules.removeItem($0, &$1) }
        on("shred", "srm", "wipe", "scrub") { DeletionRules.shred($0, &$1) }
        on("truncate") { DeletionRules.truncate($0, &$1) }
        on("find", "gfind") { DeletionRules.find($0, &$1) }
        on("rsync", "lftp") { DeletionRules.synchronize($0, &$1) }
        on("mv", "cp", "gmv", "gcp") { DeletionRules.move($0, &$1) }
        on("dd", "dcfldd", "gdd") { DiskRules.dd($0, &$1) }
        on("wipefs", "mkfs", "mkswap", "newfs", "mke2fs", "mkdosfs") { DiskRules.format($0, &$1) }
        on("fdisk", "cfdisk", "parted", "gdisk", "cgdisk", "gparted") { DiskRules.partition($0, &$1) }
        on("lvremove", "vgremove", "pvremove", "blkdiscard", "badblocks", "mdadm", "hdparm", "sgdisk", "sfdisk", "zfs", "zpool", "btrfs", "lvm", "cryptsetup", "diskutil", "nvme", "dmsetup") { DiskRules.volume($0, &$1) }
        on("git") { GitRules.check($0, &$1) }
        on("docker", "podman", "nerdctl", "docker-compose") { ContainerRules.check($0, &$1) }
        on("terraform", "tofu", "pulumi", "terragrunt", "opentofu") { InfrastructureRules.check($0, &$1) }
        on("cdk", "sam", "serverless", "sls") { call, report in
            if call.verbs(1).first == "destroy", call.has("f", "force", "no-prompts") { report.add(RuleCatalog.infrastructureDestroy, .ask, call.span) }
        }
        on("curl", "wget", "curlie") { HTTPRules.curl($0, &$1); WriteRules.download($0, &$1) }
        on("http", "https", "xh", "xhs") { HTTPRules.httpie($0, &$1) }
        on("invoke-webrequest", "iwr", "invoke-restmethod", "irm") { HTTPRules.method($0.value("-Method", "-method"), $0, &$1); WriteRules.download($0, &$1) }
        on("psql", "mysql", "mariadb", "sqlite3", "sqlite", "sqlcmd", "sqlplus", "clickhouse-client", "clickhouse", "cqlsh", "duckdb", "usql", "pgcli", "mycli", "snowsql", "bq", "trino", "presto", "hive", "beeline", "impala-shell", "isql", "osql", "db2", "spanner-cli", "cockroach",
            "dropdb", "dropuser", "mysqladmin", "redis-cli", "valkey-cli", "mongo", "mongosh", "mongorestore", "pg_restore") { call, report in
            DatabaseRules.client(call, input(call), &report)
        }
        on("systemctl", "service", "rc-service", "launchctl", "sc", "net", "chkconfig", "update-rc.d", "rc-update", "pm2", "supervisorctl") { SystemRules.service($0, &$1) }
        on("shutdown", "reboot", "halt", "poweroff", "init", "telinit") { SystemRules.power($0, &$1) }
        on("kill", "pkill", "killall", "killall5", "taskkill") { SystemRules.kill($0, &$1) }
        on("userdel", "deluser", "groupdel", "delgroup", "vipw", "visudo", "vigr", "chpasswd", "newusers", "passwd", "usermod", "gpasswd", "adduser", "useradd", "groupadd", "dscl", "sysadminctl") { SystemRules.account($0, &$1) }
        on("iptables", "ip6tables", "ebtables", "arptables", "nft", "ufw", "firewall-cmd", "pfctl", "setenforce", "aa-disable", "aa-teardown", "aa-complain", "auditctl", "csrutil", "spctl", "netsh", "ip", "ifconfig", "ifdown", "route", "sysctl", "insmod", "rmmod", "modprobe", "kextload", "mount", "umount") { SystemRules.protection($0, &$1) }
        on("apt", "apt-get", "aptitude", "dpkg", "yum", "dnf", "zypper", "tdnf", "microdnf", "apk", "pkg", "pkg_delete", "emerge", "xbps-remove", "snap", "flatpak", "port", "rpm", "npm", "yarn", "pnpm", "cargo", "gem", "brew", "pip", "pip3", "pipx", "conda", "mamba", "pacman", "yay", "paru") { SystemRules.package($0, &$1) }
        on("crontab") { SystemRules.schedule($0, &$1) }
        on("history", "unset", "export", "declare", "journalctl", "wevtutil", "clear-eventlog", "remove-eventlog", "dmesg") { SystemRules.history($0, &$1) }
        on("chmod", "chown", "chgrp") { PermissionRules.change($0, &$1) }
        on("setcap", "setfacl", "chattr") { PermissionRules.capabilities($0, &$1) }
        on("sudo", "doas", "sudoedit") { PermissionRules.elevate($0, &$1) }
        on("su") { PermissionRules.switchUser($0, &$1) }
        on("tee", "sponge") { WriteRules.tee($0, &$1) }
        on("install", "ln") { WriteRules.install($0, &$1) }
        on("sed", "perl", "gsed") { WriteRules.edit($0, &$1) }
        on("tar", "bsdtar", "gtar", "unzip", "7z", "7za", "7zz", "cpio", "unrar") { WriteRules.archive($0, &$1) }
        on("schtasks", "reg") { WriteRules.persistence($0, &$1) }
        on("nc", "ncat", "netcat", "cryptcat", "pwncat", "socat", "socket", "xterm", "ztcp", "zmodload") { ConnectionRules.carrier($0, &$1) }
        on("set-executionpolicy", "powershell", "pwsh") { WindowsRules.policy($0, &$1) }
        on("powershell", "pwsh") { WindowsRules.encoded($0, &$1) }
        on("add-mppreference", "set-mppreference", "mpcmdrun") { WindowsRules.defender($0, &$1) }
        on("format", "diskpart", "format-volume", "clear-disk", "initialize-disk", "remove-partition", "vssadmin", "wbadmin", "bcdedit", "cipher", "stop-computer", "restart-computer", "stop-service", "disable-localuser", "remove-localuser", "remove-service", "stop-process", "clear-content", "clear-recyclebin", "register-scheduledtask", "new-service", "set-itemproperty", "new-itemproperty", "remove-itemproperty", "start-process", "mshta", "regsvr32", "rundll32", "wmic", "cscript", "wscript", "msiexec", "installutil", "certutil", "bitsadmin") { WindowsRules.system($0, &$1) }
        for (program, knowledge) in ManagementPrograms.table {
            table[program, default: []].append { ManagementRules.check($0, knowledge, &$1) }
        }
        on("java") { call, report in
            // Jenkins is managed by a program in a Java archive.
            guard let archive = call.words.firstIndex(where: { $0.text == "-jar" }), archive + 1 < call.words.count,
                call.words[archive + 1].text.hasSuffix("jenkins-cli.jar"), let knowledge = ManagementPrograms.table["jenkins-cli"]
            else { return }
            var command = call.command
            command.words = Array(call.words[(archive + 1)...])
            ManagementRules.check(Invocation(index: call.index, command: command, program: "jenkins-cli", script: call.script), knowledge, &report)
        }
        return table
    }()

    /// What a database client reads from its standard input, when that is known.
    private static func input(_ call: Invocation) -> String? {
        for redirection in call.command.redirections where redirection.operation == "<<" || redirection.operation == "<<<" { return redirection.target.pattern }
        guard call.command.stage > 0 else { return nil }
        let feeders = ExecutionRules.feeders(of: call.index, in: call.script)
        guard let first = feeders.first, let last = feeders.last, feeders.count == last - first + 1 else { return nil }
        return LiteralOutput.output(of: first..<last + 1, in: call.script)
    }

    /// Looks at everything a script would run.
    static func check(_ script: ShellScript, _ report: inout GuardReport) {
        for index in script.commands.indices {
            let command = script.commands[index]
            let program = command.words.first.map { ProgramName.of($0.text) } ?? ""
            let call = Invocation(index: index, command: command, program: program, script: script)
            if !command.redirections.isEmpty {
                WriteRules.redirections(call, &report)
                ConnectionRules.devices(call, &report)
            }
            guard !program.isEmpty || !command.substitutions.isEmpty else { continue }
            if let checks = checks[program] { for check in checks { check(call, &report) } }
            if program.hasPrefix("mkfs.") { DiskRules.format(call, &report) }
            if program.hasPrefix("kafka-"), program.hasSuffix(".sh"), let checks = self.checks[String(program.dropLast(3))] { for check in checks { check(call, &report) } }
            ExecutionRules.check(call, &report)
            ConnectionRules.pipeline(call, &report)
            ConnectionRules.sending(call, &report)
            ConnectionRules.reading(call, &report)
            if case .shell? = NestedPrograms.form(program) { PermissionRules.shell(call, &report) }
        }
        for body in script.foreignBodies { ForeignRules.check(body, &report) }
        ForkRules.check(script, &report)
        ExecutionRules.downloads(script, &report)
    }
}
