// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Where packages, images, charts and modules come from, as far as the command itself says it.
enum EcosystemRules {
    static func check(_ command: ShellCommand, program: String, into found: inout TextFindings) {
        let arguments = Array(command.words.dropFirst())
        switch program {
        case "pip", "pip3", "pipx", "uv", "python", "python3", "poetry": python(program, arguments, into: &found)
        case "npm", "yarn", "pnpm", "bun": script(program, command, arguments, into: &found)
        case "gem", "cargo", "go": languages(program, arguments, into: &found)
        case "docker", "podman", "nerdctl", "skopeo", "crane": images(program, arguments, into: &found)
        case "git": clone(arguments, into: &found)
        case "kubectl", "oc": manifests(arguments, into: &found)
        case "helm": charts(arguments, into: &found)
        case "terraform", "tofu": modules(arguments, into: &found)
        case "brew": formulas(arguments, into: &found)
        case "apt", "apt-get", "aptitude", "apt-key", "dnf", "yum", "microdnf", "zypper", "rpm", "apk", "pacman", "yay", "makepkg", "add-apt-repository":
            signatures(program, arguments, into: &found)
        default: break
        }
    }

    // MARK: - Python, JavaScript, others

    private static func verb(_ arguments: [ShellWord]) -> (name: String, rest: ArraySlice<ShellWord>)? {
        guard let at = arguments.firstIndex(where: { !$0.text.hasPrefix("-") }) else { return nil }
        return (arguments[at].text, arguments[(at + 1)...])
    }

    private static func python(_ program: String, _ arguments: [ShellWord], into found: inout TextFindings) {
        var arguments = arguments
        if program.hasPrefix("python") {
            guard arguments.count > 2, arguments[0].text == "-m", arguments[1].text == "pip" else { return }
            arguments.removeFirst(2)
        }
        if program == "uv", arguments.first?.text == "pip" { arguments.removeFirst() }
        guard let (verb, rest) = Self.verb(arguments), ["install", "download", "wheel", "add", "run"].contains(verb) else { return }
        let words = Array(rest)
        var skip = false
        for (index, word) in words.enumerated() {
            if skip { skip = false; continue }
            let text = word.text
            if text == "--trusted-host" || text.hasPrefix("--trusted-host=") { found.add(.insecureTlsFlags, word.span) }
            let source = ["-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--index", "--default-index"]
                .first { text == $0 || text.hasPrefix($0 + "=") }
            if let source {
                let value = text == source && index + 1 < words.count ? words[index + 1] : word
                for reference in HostExtractor.references(in: value) where !KnownHosts.pythonIndexes.contains(reference.asciiHost ?? "") {
                    found.add(.pipUrlInstall, reference.span)
                }
                skip = text == source
                continue
            }
            if ["-r", "--requirement", "-c", "--constraint", "-t", "--target", "--prefix", "--python", "-e", "--editable"].contains(text) {
                if text == "-e" || text == "--editable" { continue }
                skip = true
                continue
            }
            guard !text.hasPrefix("-") else { continue }
            if let reference = HostExtractor.references(in: word).first {
                if !KnownHosts.pythonIndexes.contains(reference.asciiHost ?? "") { found.add(.pipUrlInstall, reference.span) }
            } else {
                squat(word, PopularPackages.python, into: &found)
            }
        }
    }

    private static func script(_ program: String, _ command: ShellCommand, _ arguments: [ShellWord], into found: inout TextFindings) {
        guard let (verb, rest) = Self.verb(arguments) else { return }
        if verb == "config", rest.contains(where: { $0.text == "strict-ssl" }), rest.last?.text == "false" {
            found.add(.insecureTlsFlags, arguments[0].span)
        }
        guard ["install", "i", "in", "add", "exec", "dlx", "x", "create", "global", "ci"].contains(verb) else { return }
        for word in arguments where word.text == "--unsafe-perm" || word.text == "--unsafe-perm=true" || word.text == "--strict-ssl=false" {
            found.add(word.text.hasPrefix("--strict") ? .insecureTlsFlags : .installScriptAsRoot, word.span)
        }
        let scriptsOff = arguments.contains { $0.text == "--ignore-scripts" }
        if command.wrappers.contains("sudo") || command.wrappers.contains("doas"), !scriptsOff {
            found.add(.installScriptAsRoot, command.words[0].span)
        }
        var isRegistry = false
        for word in rest {
            if word.text == "--registry" { isRegistry = true; continue }
            let references = HostExtractor.references(in: word)
            for reference in references {
                let isKnown = reference.scheme == "https" && KnownHosts.scriptRegistries.contains(reference.asciiHost ?? "")
                if !isKnown { found.add(.npmUrlInstall, reference.span) }
            }
            let isShorthand = ["git+", "github:", "gitlab:", "bitbucket:", "gist:"].contains { word.text.hasPrefix($0) }
            if references.isEmpty, isShorthand { found.add(.npmUrlInstall, word.span) }
            if references.isEmpty, !isRegistry, !word.text.hasPrefix("-") { squat(word, PopularPackages.script, into: &found) }
            isRegistry = false
        }
    }

    private static func languages(_ program: String, _ arguments: [ShellWord], into found: inout TextFindings) {
        guard let (verb, rest) = Self.verb(arguments), ["install", "add", "get"].contains(verb) else { return }
        var previous = ""
        for word in rest {
            let isSource = ["--git", "--source", "-s", "--registry", "--index", "--clear-sources"].contains(previous)
            for reference in HostExtractor.references(in: word) {
                let host = reference.asciiHost ?? ""
                let isKnown = host == "rubygems.org" || host == "index.crates.io" || host == "crates.io"
                if !isKnown, isSource || !word.text.hasPrefix("-") { found.add(.packageUrlInstall, reference.span) }
            }
            if word.text == "-insecure" || word.text == "--insecure" { found.add(.insecureTlsFlags, word.span) }
            if program == "cargo", !word.text.hasPrefix("-"), !isSource { squat(word, PopularPackages.rust, into: &found) }
            previous = word.text
        }
    }

    /// The bare name of a package, one letter from a popular one.
    private static func squat(_ word: ShellWord, _ popular: Set<String>, into found: inout TextFindings) {
        let name = word.text.lowercased().prefix { $0 != "=" && $0 != "@" && $0 != "<" && $0 != ">" && $0 != "[" && $0 != "~" && $0 != "!" && $0 != ";" }
        guard name.utf8.count >= 5, !name.contains("/"), !name.contains("."), !popular.contains(String(name)) else { return }
        let bytes = Array(name.utf8)
        if popular.contains(where: { $0.utf8.count >= 5 && NameDistance.isOneEdit(bytes, Array($0.utf8)) }) {
            found.add(.packageTyposquat, word.span)
        }
    }

    // MARK: - Images, charts, manifests, modules

    private static let imageOptions: Set<String> = [
        "-e", "--env", "-v", "--volume", "-p", "--publish", "--name", "-w", "--workdir", "-u", "--user", "--network", "--net", "-h", "--hostname",
        "--mount", "--entrypoint", "-m", "--memory", "--cpus", "-l", "--label", "--env-file", "--restart", "--add-host", "--cap-add",
        "--cap-drop", "--device", "--dns", "--gpus", "--ip", "--link", "--log-driver", "--log-opt", "--pid", "--ipc", "--platform", "--pull",
        "--runtime", "--security-opt", "--shm-size", "--tmpfs", "--ulimit", "--userns", "--volumes-from", "--expose", "-a", "--attach",
        "--cidfile", "--group-add", "--health-cmd", "--isolation", "--stop-signal", "--sysctl", "--cgroup-parent",
    ]

    private static func images(_ program: String, _ arguments: [ShellWord], into found: inout TextFindings) {
        let start = arguments.firstIndex { ["pull", "run", "create"].contains($0.text) }
        guard let start else { return }
        var skip = false
        for word in arguments[(start + 1)...] {
            if skip { skip = false; continue }
            if word.text.hasPrefix("-") {
                skip = imageOptions.contains(word.text)
                continue
            }
            let parts = word.text.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, let registry = parts.first.map(String.init) else { return }
            let isRegistry = registry.contains(".") || registry.contains(":") || registry == "localhost"
            let host = registry.split(separator: ":").first.map(String.init) ?? registry
            let isKnown = KnownHosts.imageRegistries.contains(host.lowercased()) || host.hasSuffix(".pkg.dev")
            if isRegistry, !isKnown { found.add(.dockerUntrustedRegistry, word.span) }
            if let reference = HostExtractor.schemeless(word), isRegistry { HostRules.check(reference, use: .mentioned, into: &found) }
            return
        }
    }

    private static func clone(_ arguments: [ShellWord], into found: inout TextFindings) {
        guard arguments.contains(where: { ["clone", "submodule", "remote"].contains($0.text) }) else { return }
        for word in arguments {
            var host: String?
            var path: [UInt32] = []
            if let reference = HostExtractor.references(in: word).first ?? HostExtractor.remotePath(word) {
                (host, path) = (reference.asciiHost, reference.path)
            }
            guard let host, KnownHosts.codeHosts.contains(host) else { continue }
            var name = String(String.UnicodeScalarView(path.compactMap(Unicode.Scalar.init))).lowercased()
            if name.hasPrefix("/") { name.removeFirst() }
            if name.hasSuffix("/") { name.removeLast() }
            if name.hasSuffix(".git") { name.removeLast(4) }
            guard !PopularPackages.repositories.contains(name) else { continue }
            let bytes = Array(name.utf8)
            if PopularPackages.repositories.contains(where: { NameDistance.isOneEdit(bytes, Array($0.utf8)) }) {
                found.add(.gitTyposquat, word.span)
            }
        }
    }

    private static func manifests(_ arguments: [ShellWord], into found: inout TextFindings) {
        guard arguments.contains(where: { ["apply", "create", "replace"].contains($0.text) }) else { return }
        for (index, word) in arguments.enumerated() {
            let text = word.text
            let isFile = text == "-f" || text == "--filename" || text == "-k" || text == "--kustomize"
            let value = isFile && index + 1 < arguments.count ? arguments[index + 1] : word
            guard isFile || text.hasPrefix("-f") || text.hasPrefix("--filename=") else { continue }
            for reference in HostExtractor.references(in: value) { found.add(.kubectlApplyRemote, reference.span) }
            if text == "-k" || text == "--kustomize", value.text.hasPrefix("github.com/") { found.add(.kubectlApplyRemote, value.span) }
        }
    }

    private static func charts(_ arguments: [ShellWord], into found: inout TextFindings) {
        guard let (verb, _) = Self.verb(arguments), ["repo", "install", "upgrade", "pull", "template"].contains(verb) else { return }
        for word in arguments {
            for reference in HostExtractor.references(in: word) where !KnownHosts.chartRepositories.contains(reference.asciiHost ?? "") {
                if ["http", "https", "oci"].contains(reference.scheme ?? "") { found.add(.helmUntrustedRepo, reference.span) }
            }
            if word.text == "--insecure-skip-tls-verify" { found.add(.insecureTlsFlags, word.span) }
        }
    }

    private static func modules(_ arguments: [ShellWord], into found: inout TextFindings) {
        for (index, word) in arguments.enumerated() where word.text.hasPrefix("-from-module") || word.text.hasPrefix("--from-module") {
            let joined = word.text.split(separator: "=", maxSplits: 1)
            let value = joined.count == 2 ? String(joined[1]) : index + 1 < arguments.count ? arguments[index + 1].text : ""
            let isRemote = value.contains("://") || value.hasPrefix("git::") || value.hasPrefix("git@") || value.hasPrefix("s3::")
                || value.hasPrefix("gcs::") || value.hasPrefix("hg::") || (value.split(separator: "/").first?.contains(".") ?? false && !value.hasPrefix("."))
            if isRemote { found.add(.terraformRemoteModule, word.span) }
        }
    }

    private static func formulas(_ arguments: [ShellWord], into found: inout TextFindings) {
        guard let (verb, rest) = Self.verb(arguments), ["install", "tap", "reinstall", "upgrade"].contains(verb) else { return }
        for word in rest {
            for reference in HostExtractor.references(in: word) {
                if verb == "tap" {
                    if reference.asciiHost != "github.com" { found.add(.brewUntrustedTap, reference.span, .warn) }
                } else {
                    found.add(.brewUntrustedTap, reference.span, .block)
                }
            }
            if verb == "tap", let remote = HostExtractor.remotePath(word), remote.asciiHost != "github.com" {
                found.add(.brewUntrustedTap, remote.span, .warn)
            }
        }
    }

    // MARK: - Signatures

    private static let unsigned: Set<String> = [
        "--allow-unauthenticated", "--allow-insecure-repositories", "--force-yes", "--allow-downgrade-to-insecure-repositories",
        "apt::get::allowunauthenticated=true", "acquire::allowinsecurerepositories=true", "apt::get::allowunauthenticated=1",
        "acquire::allowweakrepositories=true", "--no-allow-insecure-repositories=false",
    ]

    private static let unchecked: Set<String> = [
        "--nogpgcheck", "--no-gpg-checks", "--no-gpg-check", "--nosignature", "--nodigest", "--allow-untrusted", "--skipinteg", "--skippgpcheck",
        "--gpg-auto-import-keys", "--allow-unsigned-rpm", "--setopt=gpgcheck=0", "--setopt=*.gpgcheck=0", "--nocheck-signature",
    ]

    private static func signatures(_ program: String, _ arguments: [ShellWord], into found: inout TextFindings) {
        for word in arguments {
            let text = word.text.lowercased()
            if unsigned.contains(text) || (text.hasPrefix("-o") && unsigned.contains(String(text.dropFirst(2)))) { found.add(.unsignedRepoTrust, word.span) }
            if unchecked.contains(text) || (text.contains("gpgcheck=0")) { found.add(.gpgCheckDisabled, word.span) }
            if program != "rpm", program != "add-apt-repository", program != "apt-key", !text.hasPrefix("-") {
                for reference in HostExtractor.references(in: word) where reference.scheme != "file" { found.add(.packageUrlInstall, reference.span) }
            }
        }
    }

    // MARK: - The whole text

    private static let sourceFiles = ["/etc/apt/sources.list", "/etc/apt/trusted.gpg.d/", "/etc/yum.repos.d/", "/etc/zypp/repos.d/", "/etc/apk/repositories"]

    /// Package sources written straight from the network, and signatures switched off in files of package managers.
    static func sources(_ script: ShellScript, _ bytes: [UInt8], into found: inout TextFindings) {
        for command in script.commands {
            guard let first = command.words.first else { continue }
            let program = Fetcher.baseName(first.text)
            let outer = outermost(command, script)
            let isFetched = script.commands.contains { other in
                guard fetches(other) else { return false }
                let holder = outermost(other, script)
                return holder.pipeline == outer.pipeline && holder.stage <= outer.stage
            }
            var targets = command.redirections.filter { $0.operation.contains(">") }.map(\.target)
            if program == "tee" || program == "sponge" { targets += command.words.dropFirst() }
            if fetches(command) {
                for (index, word) in command.words.enumerated() where ["-o", "-O", "--output", "--output-document", "-P"].contains(word.text) {
                    if index + 1 < command.words.count { targets.append(command.words[index + 1]) }
                }
            }
            let writes = targets.first { target in sourceFiles.contains { target.text.hasPrefix($0) } }
            // A key for `signed-by` is meant to come this way; it trusts no more than one source.
            if let writes, isFetched { found.add(.repoAddFromPipe, writes.span) }
            if program == "apt-key", outer.stage > 0, isFetched { found.add(.repoAddFromPipe, first.span) }
        }
        let lower = bytes.prefix(65_536).map(ByteScan.lower)
        for text in ["[trusted=yes", "trusted=yes]", "trusted: yes"] {
            if let at = ByteScan.first(Array(text.utf8), in: lower, from: 0) { found.add(.unsignedRepoTrust, at..<at + text.utf8.count) }
        }
        for (text, file) in [("gpgcheck=0", ""), ("repo_gpgcheck=0", ""), ("siglevel = never", "pacman"), ("siglevel=never", "pacman")] {
            guard let at = ByteScan.first(Array(text.utf8), in: lower, from: 0) else { continue }
            let writes = file.isEmpty || ByteScan.first(Array(file.utf8), in: lower, from: 0) != nil
            if writes { found.add(.gpgCheckDisabled, at..<at + text.utf8.count) }
        }
    }

    /// The command of the pipeline a wrapped one runs in: of `sudo tee`, the sudo.
    private static func outermost(_ command: ShellCommand, _ script: ShellScript) -> ShellCommand {
        var command = command
        var steps = 0
        while command.origin == .wrapped, script.commands.indices.contains(command.parent), steps < 64 {
            command = script.commands[command.parent]
            steps += 1
        }
        return command
    }

    private static func fetches(_ command: ShellCommand) -> Bool {
        guard let first = command.words.first else { return false }
        return ["curl", "wget", "http", "https", "xh", "fetch", "aria2c"].contains(Fetcher.baseName(first.text))
    }
}
