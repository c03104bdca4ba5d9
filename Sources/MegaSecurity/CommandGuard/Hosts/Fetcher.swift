// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A program that reaches out to an address among its arguments.
struct Fetcher: Sendable {
    /// What its bare arguments are.
    enum Arguments: Sendable {
        /// Addresses, also without a scheme.
        case addresses
        /// Addresses when they have a scheme; anything else is a name of another kind.
        case addressesWithScheme
        /// One address, then items of a request (HTTPie).
        case addressAndItems
        /// Repositories: with a scheme, as `host:path`, or as `host/path`.
        case repositories
    }

    var arguments: Arguments
    /// Options whose value is the next word and no address to fetch from.
    var valued: Set<String> = []
    /// Options whose value is an address it fetches from.
    var addressed: Set<String> = []
    /// Words that have to come first for it to reach out, such as `clone` of git.
    var verbs: Set<String> = []
    /// Options that switch off the check of certificates.
    var insecure: Set<String> = []
    /// The same as letters within a bundle of short options.
    var insecureLetters: Set<Character> = []
    /// Letters that take the rest of a bundle as their value.
    var valuedLetters: Set<Character> = []

    /// By the program's name, lower case.
    static let all: [String: Fetcher] = {
        let curl = Fetcher(
            arguments: .addresses,
            valued: [
                "-o", "--output", "-H", "--header", "-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--data-ascii", "--json",
                "-F", "--form", "--form-string", "-u", "--user", "-U", "--proxy-user", "-x", "--proxy", "--preproxy", "-A", "--user-agent", "-e",
                "--referer", "-b", "--cookie", "-c", "--cookie-jar", "-X", "--request", "-T", "--upload-file", "-E", "--cert", "--key",
                "--cacert", "--capath", "-m", "--max-time", "--connect-timeout", "--retry", "--retry-delay", "--retry-max-time", "-w",
                "--write-out", "-C", "--continue-at", "-r", "--range", "-K", "--config", "--resolve", "--connect-to", "--interface",
                "--limit-rate", "-y", "--speed-time", "-Y", "--speed-limit", "-z", "--time-cond", "-t", "--telnet-option", "-Q", "--quote",
                "-P", "--ftp-port", "-D", "--dump-header", "--stderr", "--trace", "--trace-ascii", "--unix-socket", "--socks5",
                "--socks5-hostname", "--socks4", "--socks4a", "--noproxy", "--max-redirs", "--max-filesize", "--output-dir", "--ciphers",
                "--tls-max", "--tls13-ciphers", "--proto", "--proto-redir", "--proto-default", "--oauth2-bearer", "--aws-sigv4",
                "--netrc-file", "--dns-servers", "--local-port", "--pinnedpubkey", "--crlfile", "--engine", "--cert-type", "--key-type",
                "--pass", "--proxy-header", "--rate", "--parallel-max", "--mail-from", "--mail-rcpt", "--url-query", "--variable",
            ],
            addressed: ["--url", "--doh-url"], insecure: ["-k", "--insecure", "--proxy-insecure", "--doh-insecure", "--ssl-no-revoke"],
            insecureLetters: ["k"], valuedLetters: Set("oHdFuUxAebcXTEmwCrKyYztQPD"))
        let wget = Fetcher(
            arguments: .addresses,
            valued: [
                "-O", "--output-document", "-o", "--output-file", "-a", "--append-output", "-P", "--directory-prefix", "-U", "--user-agent",
                "--user", "--password", "--http-user", "--http-password", "--ftp-user", "--ftp-password", "--proxy-user", "--proxy-password",
                "--header", "--referer", "--post-data", "--post-file", "--method", "--body-data", "--body-file", "-t", "--tries", "-T",
                "--timeout", "-w", "--wait", "-Q", "--quota", "--limit-rate", "-A", "--accept", "-R", "--reject", "-D", "--domains",
                "--exclude-domains", "-I", "--include-directories", "-X", "--exclude-directories", "-l", "--level", "-e", "--execute",
                "--load-cookies", "--save-cookies", "--ca-certificate", "--certificate", "--private-key", "--bind-address", "--cut-dirs",
                "-i", "--input-file", "--secure-protocol", "--connect-timeout", "--read-timeout", "--dns-timeout", "--max-redirect",
                "--accept-regex", "--reject-regex", "--waitretry", "--progress", "--default-page", "--local-encoding",
            ],
            addressed: ["-B", "--base"], insecure: ["--no-check-certificate", "--no-hsts"], valuedLetters: Set("OoaPUtTwQARDIXlei"))
        let httpie = Fetcher(
            arguments: .addressAndItems,
            valued: [
                "-a", "--auth", "-A", "--auth-type", "-o", "--output", "-s", "--style", "-p", "--print", "--session", "--session-read-only",
                "--timeout", "--proxy", "--cert", "--cert-key", "--max-redirects", "--pretty", "--format-options", "--boundary", "--raw",
                "--bearer", "--verify", "--resolve", "--interface", "--ssl", "--ciphers",
            ],
            insecure: ["--verify=no", "--verify=false", "--verify=0"], valuedLetters: Set("aAosp"))
        let web = Fetcher(
            arguments: .addresses,
            valued: [
                "-OutFile", "-Headers", "-Method", "-Body", "-UserAgent", "-Credential", "-ContentType", "-InFile", "-Destination", "-TimeoutSec",
            ],
            addressed: ["-Uri", "-Source"], insecure: ["-SkipCertificateCheck"])
        let plain = Fetcher(arguments: .addressesWithScheme)
        let aria = Fetcher(
            arguments: .addresses, valued: ["-o", "--out", "-d", "--dir", "-i", "--input-file", "-x", "-s", "-j", "-k", "-U", "--header"],
            insecure: ["--check-certificate=false"])
        let axel = Fetcher(arguments: .addresses, valued: ["-o", "--output", "-n", "-s", "-H", "-U"], insecure: ["-k", "--insecure"])
        let git = Fetcher(
            arguments: .repositories,
            valued: ["-b", "--branch", "-o", "--origin", "--depth", "-c", "--config", "-C", "--reference", "--separate-git-dir", "-j", "--jobs"],
            verbs: ["clone", "fetch", "pull", "push", "ls-remote", "remote", "submodule"])
        var all: [String: Fetcher] = [
            "curl": curl, "curl.exe": curl, "wget": wget, "wget2": wget, "wget.exe": wget, "http": httpie, "https": httpie, "httpie": httpie,
            "xh": httpie, "xhs": httpie, "git": git, "hg": git, "svn": git, "aria2c": aria, "axel": axel,
        ]
        for name in [
            "fetch", "lwp-download", "lwp-request", "lwp-mirror", "get", "w3m", "lynx", "links", "elinks", "httrack", "hurl", "vet", "certutil",
            "bitsadmin", "mshta", "regsvr32", "msiexec", "rpm", "easy_install", "npx", "cpan", "cpanm",
        ] {
            all[name] = plain
        }
        for name in ["iwr", "irm", "invoke-webrequest", "invoke-restmethod", "start-bitstransfer"] { all[name] = web }
        // Installers and tools that load what they are pointed at, as far as the verb says so.
        let installers: [(names: [String], verbs: Set<String>)] = [
            (["pip", "pip3", "pipx", "uv", "conda", "mamba", "poetry"], ["install", "download", "wheel", "add", "run", "tool"]),
            (["npm", "yarn", "pnpm", "bun", "deno"], ["install", "i", "add", "exec", "dlx", "create", "init", "x", "run"]),
            (["gem", "cargo", "go", "luarocks", "composer", "ansible-galaxy"], ["install", "add", "get", "require", "fetch"]),
            (["brew", "winget", "choco", "scoop", "snap"], ["install", "tap", "bucket", "reinstall", "upgrade"]),
            (["apt", "apt-get", "dnf", "yum", "zypper", "apk", "pacman"], ["install", "localinstall", "in", "add", "-U", "config-manager"]),
            (["helm"], ["install", "upgrade", "repo", "pull", "template"]), (["kubectl", "oc"], ["apply", "create", "replace"]),
            (["terraform", "tofu"], ["init", "get"]), (["nix", "nix-env", "nix-shell", "guix"], ["run", "-i", "install", "shell", "-p"]),
            (["tirith"], ["run"]), (["apt-key"], ["adv", "add"]), (["podman", "docker"], ["build", "import", "load"]),
        ]
        for (names, verbs) in installers {
            for name in names { all[name] = Fetcher(arguments: .addressesWithScheme, verbs: verbs) }
        }
        return all
    }()

    /// Programs that look at a command or an address and run or load nothing: their arguments are data.
    static func isInspector(_ words: [ShellWord]) -> Bool {
        guard let program = words.first.map({ baseName($0.text) }), words.count > 1 else { return false }
        switch program {
        case "megabot", "tirith": return ["check", "score", "scan", "explain", "diff", "why"].contains(words[1].text)
        default: return false
        }
    }

    /// The part behind the last slash, lower case.
    static func baseName(_ program: String) -> String {
        let utf8 = program.utf8
        let name = utf8.lastIndex(of: UInt8(ascii: "/")).map { program[utf8.index(after: $0)...] } ?? program[...]
        return name.utf8.contains { $0 &- 0x41 < 26 } ? name.lowercased() : String(name)
    }
}
