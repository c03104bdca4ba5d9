// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What is known of programs: which can never be allowed by their first words, and which options make a harmless one run, write or
/// send something.
enum ProgramKnowledge {
    /// Programs whose arguments are programs. No prefix of theirs says what will happen.
    private static let neverAllowed: Set<String> = ShellWords.interpreters.union([
        "env", "sudo", "doas", "su", "runuser", "xargs", "parallel", "ssh", "scp", "sftp", "rsync", "npx", "bunx", "pnpx", "uvx", "pipx",
        "command", "builtin", "exec", "nohup", "nice", "ionice", "timeout", "setsid", "stdbuf", "time", "watch", "flock", "chroot", "unshare",
        "nsenter", "setpriv", "prlimit", "strace", "ltrace", "script", "at", "batch", "crontab", "systemd-run", "toybox", "trap", "alias",
        "unalias", "hash", "set", "export", "unset", "enable", "bind", "complete", "cd", "pushd", "popd", "noglob", "bwrap", "firejail",
        "proot", "fakeroot", "dd", "tee", "chmod", "chown", "ln", "install", "nc", "ncat", "netcat", "socat", "telnet", "gcc", "cc", "ld",
        "ld.so", "tmux", "screen", "man", "less", "more", "read", "mapfile", "readarray", "declare", "typeset", "local", "let", "printenv",
    ])

    /// Programs that need a harmless sub-command to be allowed at all.
    private static let needsSubcommand: Set<String> = [
        "git", "docker", "podman", "nerdctl", "kubectl", "npm", "pnpm", "yarn", "pip", "pip3", "uv", "cargo", "gem", "apt", "apt-get",
        "dpkg", "systemctl", "brew", "gh", "hg", "svn", "aws", "gcloud", "az", "terraform", "ansible", "helm", "pacman", "dnf", "yum",
    ]

    private static let neverSubcommands: [String: Set<String>] = [
        "docker": ["exec", "run", "compose", "build"], "podman": ["exec", "run", "build"], "nerdctl": ["exec", "run", "build"],
        "kubectl": ["exec", "run", "debug", "cp", "proxy"], "npm": ["exec", "x", "init", "create"],
        "pnpm": ["exec", "dlx", "create"], "yarn": ["dlx", "exec", "create"], "uv": ["run", "tool"], "git": ["config", "filter-branch"],
        "gh": ["api", "extension", "alias"], "cargo": ["install"],
    ]

    /// Why words can never be the prefix of an allow rule, or nil.
    static func reasonAgainstAllowing(_ words: [String]) -> String? {
        guard let first = words.first else { return "The rule names no program." }
        let program = ShellWords.baseName(first)
        if neverAllowed.contains(program) || isVersioned(program) {
            return "“\(program)” can run or change anything it is told to, so no stored rule can allow it. Approve its calls one by one."
        }
        if let verb = words.dropFirst().first {
            if needsSubcommand.contains(program), verb.hasPrefix("-") {
                return "An option right after “\(program)” can change everything that follows. Begin with the sub-command, for example “\(program) status”."
            }
            if neverSubcommands[program]?.contains(verb) == true {
                return "“\(program) \(verb)” runs whatever it is told to, so no stored rule can allow it. Approve its calls one by one."
            }
        } else if needsSubcommand.contains(program) {
            return "“\(program)” alone would allow all its sub-commands. Name one, for example “\(program) status”."
        }
        return dangerousWord(in: words).map { "“\($0)” makes \(program) run, write or send something; no stored rule can allow it." }
    }

    /// `python3.12` and its like.
    private static func isVersioned(_ program: String) -> Bool {
        let stem = String(program.prefix(while: { !$0.isNumber }))
        return stem != program && ShellWords.interpreters.contains(stem.hasSuffix("-") ? String(stem.dropLast()) : stem)
    }

    // MARK: - Options

    /// Options that turn a harmless call into another kind of call.
    private struct Options {
        /// Single letters.
        var short = ""
        /// Long names without the dashes; abbreviations count.
        var long: [String] = []
        /// Words as they are.
        var words: Set<String> = []
        /// Beginnings of words.
        var prefixes: [String] = []
        /// The most words that are not options.
        var mostPositional: Int?
    }

    private static let git = Options(
        long: ["output", "ext-diff", "textconv", "exec", "upload-pack", "receive-pack", "open-files-in-pager", "config", "config-env",
            "exec-path", "template", "no-verify", "edit", "edit-description", "paginate", "delete", "force", "hard", "output-directory",
            "work-tree", "git-dir"],
        prefixes: ["ext::", "fd::"])

    private static let table: [String: Options] = [
        "git": git,
        "find": Options(words: [
            "-exec", "-execdir", "-ok", "-okdir", "-delete", "-fprint", "-fprint0", "-fprintf", "-fls", "-files0-from",
        ]),
        "fd": Options(short: "xX", long: ["exec", "exec-batch"]), "fdfind": Options(short: "xX", long: ["exec", "exec-batch"]),
        "sort": Options(short: "oST", long: ["output", "compress-program", "temporary-directory", "files0-from", "random-source"]),
        "tar": Options(
            short: "IFxc",
            long: ["checkpoint-action", "to-command", "use-compress-program", "info-script", "new-volume-script", "rsh-command", "rmt-command",
                "extract", "create", "absolute-names", "overwrite", "remove-files"], prefixes: ["x", "c"]),
        "rg": Options(short: "f", long: ["pre", "hostname-bin", "file"]), "grep": Options(short: "f", long: ["file"]),
        "ag": Options(long: ["pager"]), "ack": Options(long: ["pager", "output"]),
        "curl": Options(
            short: "oOKdFTXHcDbuxE",
            long: ["output", "remote-name", "output-dir", "config", "data", "data-binary", "data-raw", "data-urlencode", "form", "upload-file",
                "request", "header", "cookie", "cookie-jar", "dump-header", "user", "proxy", "cert", "next", "json", "trace", "stderr", "netrc",
                "unix-socket", "resolve", "connect-to", "insecure", "url", "libcurl", "etag-save", "hsts", "alt-svc"], mostPositional: 1),
        "wget": Options(
            short: "OoPiabex", long: ["output-document", "output-file", "directory-prefix", "input-file", "execute", "post-data", "post-file",
                "body-data", "body-file", "use-askpass", "append-output", "warc-file", "save-cookies"], mostPositional: 1),
        "sed": Options(short: "ifs", long: ["in-place", "file"], prefixes: ["w", "e"]), "xxd": Options(short: "r", long: ["revert"]),
        "date": Options(short: "sf", long: ["set", "file"]), "hostname": Options(short: "FbS", mostPositional: 0),
        "tree": Options(short: "oR"), "uniq": Options(mostPositional: 1), "file": Options(short: "CmMf", long: ["compile", "magic-file", "files-from"]),
        "diff": Options(long: ["to-file"]), "jq": Options(short: "fL", long: ["from-file", "rawfile", "slurpfile"]),
        "yq": Options(short: "i", long: ["inplace"]), "bat": Options(long: ["pager"]), "wc": Options(long: ["files0-from"]),
        "base64": Options(short: "o", long: ["output"]), "split": Options(long: ["filter"]), "zip": Options(short: "T", long: ["unzip-command"]),
        "npm": Options(long: ["script-shell", "prefix", "node-options", "userconfig"], prefixes: ["--"]),
        "cargo": Options(long: ["config"]), "kubectl": Options(long: ["kubeconfig", "server", "token"]),
        "apt": Options(short: "oc"), "apt-get": Options(short: "oc"), "pip": Options(short: "ie", long: ["index-url", "extra-index-url"]),
        "pytest": Options(short: "pc"), "swiftc": Options(), "pandoc": Options(short: "oF", long: ["output", "filter", "lua-filter"]),
    ]

    /// A few git sub-commands whose short options matter.
    private static let gitShort: [String: String] = [
        "branch": "dDmMcCf", "tag": "dfa", "stash": "", "remote": "", "diff": "O", "log": "O", "grep": "O", "clone": "cu", "fetch": "f",
        "push": "fd", "commit": "", "rebase": "x", "archive": "o", "bisect": "",
    ]

    /// The first word that makes the call another kind of call, or nil.
    static func dangerousWord(in words: [String]) -> String? {
        guard let first = words.first, var options = table[ShellWords.baseName(first)] else { return nil }
        var arguments = words.dropFirst()
        if ShellWords.baseName(first) == "git", let verb = arguments.first {
            if verb.hasPrefix("-") { return verb }
            options.short = gitShort[verb] ?? ""
            if verb == "commit" || verb == "add" || verb == "push" { options.long.removeAll { $0 == "edit" } }
        }
        var positional = 0
        while let word = arguments.first {
            arguments = arguments.dropFirst()
            if word == "--" { continue }
            if options.words.contains(word) { return word }
            if word.hasPrefix("--") {
                let name = word.dropFirst(2).prefix(while: { $0 != "=" })
                // Programs accept abbreviations of long options.
                if name.count >= 2, options.long.contains(where: { $0.hasPrefix(name) }) { return word }
            } else if word.hasPrefix("-"), word.count > 1 {
                if !options.short.isEmpty, word.dropFirst().prefix(while: { $0.isLetter }).contains(where: { options.short.contains($0) }) { return word }
            } else {
                positional += 1
                if let most = options.mostPositional, positional > most { return word }
            }
            if !word.hasPrefix("-"), options.prefixes.contains(where: { word.hasPrefix($0) }), positional == 1 || words.first == "git" {
                return word
            }
        }
        return nil
    }
}
