// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Shells tied to connections, and data that leaves the machine.
enum ConnectionRules {
    private static let carriers: Set<String> = ["nc", "ncat", "netcat", "socat", "telnet", "openssl", "cryptcat", "pwncat", "websocat", "rlwrap-nc"]

    /// Redirections to `/dev/tcp/…` and `/dev/udp/…`.
    static func devices(_ call: Invocation, _ report: inout GuardReport) {
        for redirection in call.command.redirections {
            let path = redirection.target.pattern
            if path.hasPrefix("/dev/tcp/") || path.hasPrefix("/dev/udp/") { report.add(RuleCatalog.reverseShell, .block, redirection.target.span) }
        }
    }

    static func carrier(_ call: Invocation, _ report: inout GuardReport) {
        switch call.program {
        case "nc", "ncat", "netcat", "cryptcat", "pwncat":
            if call.words.contains(where: { ["--exec", "--sh-exec", "--lua-exec"].contains(String($0.text.prefix { $0 != "=" })) }) || executes(call) { report.add(RuleCatalog.reverseShell, .block, call.span) }
        case "socat":
            if call.arguments.contains(where: { word in
                let lower = word.text.lowercased()
                return lower.holds("exec:") || lower.holds("system:") || lower.holds("shell:")
            }) { report.add(RuleCatalog.reverseShell, .block, call.span) }
        case "socket": if call.has("p") { report.add(RuleCatalog.reverseShell, .block, call.span) }
        case "xterm": if call.contains("-display"), call.arguments.contains(where: { $0.text.contains(":") && !$0.text.hasPrefix(":") && !$0.text.hasPrefix("localhost") }) { report.add(RuleCatalog.reverseShell, .block, call.span) }
        case "ztcp", "zmodload": if call.program == "ztcp" || call.contains("zsh/net/tcp") { report.add(RuleCatalog.reverseShell, .ask, call.span) }
        default: return
        }
    }

    /// -e and -c of nc, alone or at the end of a cluster; in OpenBSD's nc -c is something else and takes no program.
    private static func executes(_ call: Invocation) -> Bool {
        for at in call.words.indices.dropFirst() {
            let text = call.words[at].text
            guard text.hasPrefix("-"), !text.hasPrefix("--"), text.utf8.count <= 6, text.utf8.dropFirst().allSatisfy({ ShellBytes.isNameStart($0) }) else { continue }
            if text.hasSuffix("e") || text.hasSuffix("c") {
                if at + 1 < call.words.count, !call.words[at + 1].text.hasPrefix("-") { return true }
            }
        }
        return false
    }

    /// A shell in a pipeline with a connection.
    static func pipeline(_ call: Invocation, _ report: inout GuardReport) {
        guard case .shell? = NestedPrograms.form(call.program), call.command.pipeline < call.script.pipelines.count else { return }
        let start = call.script.pipelines[call.command.pipeline].start
        for at in start..<min(call.script.commands.count, start + 64) {
            let other = call.script.commands[at]
            guard other.pipeline == call.command.pipeline, at != call.index, let first = other.words.first else { continue }
            let name = ProgramName.of(first.text)
            guard carriers.contains(name), name != "openssl" || other.words.contains(where: { $0.text == "s_client" || $0.text == "s_server" }) else { continue }
            let span = min(call.span.lowerBound, other.span.lowerBound)..<max(call.span.upperBound, other.span.upperBound)
            report.add(RuleCatalog.reverseShell, .block, span)
        }
    }

    // MARK: - Leaving data

    /// Parts of paths, each beginning at a slash.
    private static let secretParts: [[UInt8]] = [
        "/.ssh/", "/.aws/", "/.gnupg/", "/.kube/config", "/.docker/config.json", "/.config/gcloud", "/.azure/", "/.netrc", "/.pgpass", "/.my.cnf",
        "/.git-credentials", "/.npmrc", "/.pypirc", "/etc/passwd", "/etc/shadow", "/etc/sudoers", "/etc/gshadow", "/proc/self/environ",
        "/etc/krb5.keytab", "/.config/gh/hosts", "/.vault-token", "/.terraform.d/credentials", "/.cargo/credentials", "/.bash_history",
        "/.zsh_history", "/var/run/secrets/", "/run/secrets/", "/etc/ssl/private/", "/etc/kubernetes/admin.conf", "/.electrum", "/.bitcoin/",
        "/.mozilla/", "/Login Data", "/.password-store/", "/.config/op/", "/.fly/", "/.heroku", "/.s3cfg", "/.boto", "/.rclone.conf",
    ].map { Array($0.utf8) }

    /// Folders, named without a slash at the end.
    private static let secretFolders = ["/.ssh", "/.aws", "/.gnupg", "/.kube", "/.azure", "/.password-store"]

    private static let secretNames: Set<String> = [
        "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa", ".env", "wallet.dat", "secrets.yml", "secrets.yaml", "secrets.json", "credentials.json",
        "service-account.json", "key4.db", "cookies.sqlite", "logins.json",
    ]

    /// Whether a path names a file with credentials.
    static func isSecretFile(_ path: String) -> Bool {
        let count = path.utf8.count
        guard count > 3, count < 1024, path.utf8.contains(where: { $0 == 0x2F || $0 == 0x2E || $0 == 0x5F }) else { return false }
        if path.hasSuffix(".pub") || path.hasSuffix("/known_hosts") || path.hasSuffix(".example") || path.hasSuffix(".ssh/config") { return false }
        if path.utf8.contains(0x2F), hasSecretPart(path) || secretFolders.contains(where: { path.hasSuffix($0) }) { return true }
        let name = path.utf8.lastIndex(of: 0x2F).map { String(path[path.utf8.index(after: $0)...]) } ?? path
        if secretNames.contains(name) { return true }
        if name.hasPrefix(".env.") { return !name.hasSuffix(".sample") && !name.hasSuffix(".template") }
        return name.hasSuffix(".pem") && !name.holds("cert") && !name.holds("ca")
    }

    private static func hasSecretPart(_ path: String) -> Bool {
        let bytes = Array(path.utf8)
        for at in bytes.indices where bytes[at] == 0x2F {
            for part in secretParts where bytes.count - at >= part.count && bytes[at + 1] == part[1] {
                var matched = 2
                while matched < part.count, bytes[at + matched] == part[matched] { matched += 1 }
                if matched == part.count { return true }
            }
        }
        return false
    }

    private static let senders: Set<String> = ["curl", "wget", "http", "https", "xh", "nc", "ncat", "netcat", "socat", "telnet", "scp", "rsync", "sftp", "ftp", "rclone", "mail", "mailx", "sendmail", "mutt", "dig", "nslookup", "host", "ping", "openssl", "aws", "gsutil", "gh", "websocat"]

    static func sending(_ call: Invocation, _ report: inout GuardReport) {
        guard senders.contains(call.program), !goesNowhere(call) else { return }
        let target = ["scp", "rsync", "sftp"].contains(call.program) ? call.operands(short: "PiFoceSlJ").last : nil
        for (place, word) in call.words.enumerated() where place > 0 {
            if carries(call, place, word, to: target) {
                report.add(RuleCatalog.exfiltration, .block, word.span)
            } else if word.text.holds("?"), call.program == "curl" || call.program == "wget", hasSecretVariable(word) {
                // Many services want it there; but addresses end up in logs.
                report.add(RuleCatalog.exfiltration, .warn, word.span)
            }
        }
        for substitution in call.command.substitutions where substitution.place != ShellCommand.Substitution.assignment && ExecutionRules.running(Array(substitution.commands), call.script).contains(where: readsSecret) {
            report.add(RuleCatalog.exfiltration, .block, call.span)
        }
        let readsInput: Bool =
            switch call.program {
            case "curl": call.arguments.contains { $0.text == "@-" || $0.text.hasSuffix("=@-") || $0.text == "-T-" || $0.text == "-d@-" } || call.value("-T", "--upload-file")?.text == "-"
            case "nc", "ncat", "netcat", "socat", "telnet", "openssl", "http", "https", "xh", "mail", "mailx", "sendmail", "mutt", "websocat": true
            case "wget": call.value("--post-file", "--body-file").map { $0.text == "-" || $0.text == "/dev/stdin" } ?? false
            case "aws", "gsutil", "gh", "rclone": call.contains("-") || call.contains("rcat")
            default: false
            }
        guard readsInput else { return }
        for redirection in call.command.redirections where redirection.operation == "<" && isSecretFile(redirection.target.pattern) { report.add(RuleCatalog.exfiltration, .block, redirection.target.span) }
        let feeders = ExecutionRules.feeders(of: call.index, in: call.script)
        if ExecutionRules.running(feeders, call.script).contains(where: readsSecret) { report.add(RuleCatalog.exfiltration, .block, call.span) }
    }

    /// Whether a word of a sender carries a secret away.
    private static func carries(_ call: Invocation, _ place: Int, _ word: ShellWord, to target: ShellWord?) -> Bool {
        let pattern = word.pattern
        switch call.program {
        case "curl":
            let previous = call.words[place - 1].text
            let isData = previous.hasPrefix("-d") && previous.utf8.count == 2 || previous.hasPrefix("--data") || previous == "-F" || previous == "--form" || previous == "--json" || previous == "--url-query" || (previous.hasPrefix("-") && !previous.hasPrefix("--") && (previous.hasSuffix("d") || previous.hasSuffix("F")) && previous.utf8.count <= 6)
            let isGlued = pattern.hasPrefix("-d") && !pattern.hasPrefix("--") || pattern.hasPrefix("-F") || pattern.hasPrefix("--data") || pattern.hasPrefix("--form") || pattern.hasPrefix("--json")
            if isData || isGlued {
                if let at = pattern.firstIndex(of: "@"), isSecretFile(String(pattern[pattern.index(after: at)...].prefix { $0 != ";" })) { return true }
                if let at = pattern.firstIndex(of: "<"), isSecretFile(String(pattern[pattern.index(after: at)...])) { return true }
                return hasSecretVariable(word)
            }
            if previous == "-T" || previous == "--upload-file" { return isSecretFile(pattern) }
            if pattern.hasPrefix("-T"), pattern.utf8.count > 2 { return isSecretFile(String(pattern.dropFirst(2))) }
            return pattern.hasPrefix("--upload-file=") && isSecretFile(String(pattern.dropFirst(14)))
        case "wget":
            for option in ["--post-file=", "--body-file="] where pattern.hasPrefix(option) { return isSecretFile(String(pattern.dropFirst(option.count))) }
            let previous = call.words[place - 1].text
            if previous == "--post-file" || previous == "--body-file" { return isSecretFile(pattern) }
            return (pattern.hasPrefix("--post-data") || pattern.hasPrefix("--body-data") || previous == "--post-data") && hasSecretVariable(word)
        case "http", "https", "xh":
            guard let at = pattern.firstIndex(of: "@") else { return false }
            return isSecretFile(String(pattern[pattern.index(after: at)...]))
        case "scp", "rsync", "sftp":
            // A secret among the sources, a remote place at the end.
            guard let last = target, last.span != word.span, last.text.contains(":"), !last.text.hasPrefix("/"), call.words[place - 1].text != "-i" else { return false }
            return isSecretFile(pattern)
        case "aws", "gsutil": return isSecretFile(pattern) && (call.words.last.map { $0.text.hasPrefix("s3://") || $0.text.hasPrefix("gs://") } ?? false)
        case "gh": return call.words.dropFirst().first?.text == "gist" && isSecretFile(pattern)
        case "mail", "mailx", "mutt": return call.words[place - 1].text == "-a" && isSecretFile(pattern)
        default: return false
        }
    }

    private static func hasSecretVariable(_ word: ShellWord) -> Bool {
        guard word.dynamics.contains(.variable) else { return false }
        var rest = word.pattern[...]
        while let dollar = rest.firstIndex(of: "$") {
            rest = rest[rest.index(after: dollar)...]
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            if PermissionRules.isSecretName(String(name)) { return true }
            rest = rest.dropFirst(name.count)
        }
        return false
    }

    private static func readsSecret(_ command: ShellCommand) -> Bool {
        guard let first = command.words.first else { return false }
        let name = ProgramName.of(first.text)
        if name == "printenv" || (name == "env" && command.words.count == 1) || (name == "security" && command.words.contains { $0.text.hasPrefix("find-") }) || name == "pass" && command.words.count > 1 { return true }
        return command.words.dropFirst().contains { isSecretFile($0.pattern) }
            || command.redirections.contains { $0.operation == "<" && isSecretFile($0.target.pattern) }
    }

    /// Whether all addresses are of this machine.
    private static func goesNowhere(_ call: Invocation) -> Bool {
        let addresses = call.words.dropFirst().filter { $0.text.holds("://") }
        return !addresses.isEmpty && addresses.allSatisfy { word in
            guard let at = word.text.firstIndex(of: "/") else { return false }
            let host = word.text[at...].drop { $0 == "/" }.prefix { $0 != "/" && $0 != ":" }
            return host == "localhost" || host.hasPrefix("127.") || host == "[" && word.text.holds("[::1]")
        }
    }

    // MARK: - Reading

    static func reading(_ call: Invocation, _ report: inout GuardReport) {
        var secrets = 0
        for word in call.arguments where word.text.utf8.count > 3 || !word.isLiteral {
            if word.text.hasPrefix("/proc/"), word.text.hasSuffix("/mem"), call.program != "echo", call.program != "printf" { report.add(RuleCatalog.procMemory, .block, word.span) }
            if isSecretFile(word.pattern), word.pattern.utf8.contains(0x2F) || word.pattern.hasPrefix(".") { secrets += 1 }
        }
        if secrets >= 2, !["echo", "printf", "ls", "stat", "chmod", "chown", "rm", "mkdir", "touch", "test", "["].contains(call.program), call.program != "git" {
            report.add(RuleCatalog.credentialSweep, secrets >= 4 ? .block : .warn, call.span)
        }
    }
}
