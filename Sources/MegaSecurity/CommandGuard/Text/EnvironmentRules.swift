// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Variables that change what other programs load, run or trust, and secrets written into a command.
enum EnvironmentRules {
    /// How a variable comes to be set, which decides how far it reaches.
    private enum Reach {
        /// For one command.
        case once
        /// For everything that runs afterwards.
        case lasting
    }

    static func check(_ command: ShellCommand, program: String, dialect: ShellDialect, into found: inout TextFindings) {
        let reach: Reach = command.words.isEmpty ? .lasting : .once
        for assignment in command.assignments { judge(assignment.name, assignment.value, assignment.value.text, reach, into: &found) }
        guard !command.words.isEmpty else { return }
        switch program {
        case "export", "declare", "typeset", "local", "readonly":
            for word in command.words.dropFirst() { split(word, .lasting, into: &found) }
        case "env":
            for word in command.words.dropFirst() where word.text.utf8.contains(UInt8(ascii: "=")) { split(word, .once, into: &found) }
        case "set", "setx", "setenv":
            pairs(Array(command.words.dropFirst()), into: &found)
        case "sudo", "doas":
            for word in command.words.dropFirst() {
                guard word.text.utf8.contains(UInt8(ascii: "=")), !word.text.hasPrefix("-") else { break }
                split(word, .once, into: &found)
            }
        case "systemctl", "launchctl":
            guard command.words.contains(where: { $0.text == "set-environment" || $0.text == "setenv" }) else { break }
            pairs(Array(command.words.dropFirst(2)), into: &found)
        default:
            if dialect == .powershell { powershell(command, into: &found) }
        }
    }

    /// `NAME=value`, `-gx NAME value` (fish), `NAME value` (csh, setx).
    private static func pairs(_ words: [ShellWord], into found: inout TextFindings) {
        let plain = words.filter { !$0.text.hasPrefix("-") && !$0.text.hasPrefix("/") }
        guard let first = plain.first else { return }
        if first.text.utf8.contains(UInt8(ascii: "=")) {
            for word in plain { split(word, .lasting, into: &found) }
        } else if plain.count > 1 {
            judge(first.text, plain[1], plain[1].text, .lasting, into: &found)
        }
    }

    private static func split(_ word: ShellWord, _ reach: Reach, into found: inout TextFindings) {
        guard let equals = word.text.firstIndex(of: "=") else { return }
        judge(String(word.text[..<equals]), word, String(word.text[word.text.index(after: equals)...]), reach, into: &found)
    }

    /// `$env:NAME = value` and `[Environment]::SetEnvironmentVariable('NAME', 'value')`.
    private static func powershell(_ command: ShellCommand, into found: inout TextFindings) {
        guard let first = command.words.first, first.text.lowercased().hasPrefix("$env:") || first.text.lowercased().hasPrefix("env:") else { return }
        let rest = first.text.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
        if let equals = rest.firstIndex(of: "=") {
            let value = String(rest[rest.index(after: equals)...])
            judge(String(rest[..<equals]), first, value.isEmpty ? command.words.dropFirst().first?.text ?? "" : value, .lasting, into: &found)
        } else if command.words.count > 2, command.words[1].text == "=" {
            judge(rest, command.words[2], command.words[2].text, .lasting, into: &found)
        }
    }

    // MARK: - Names

    private static let loaders: Set<String> = [
        "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "LD_DEBUG_OUTPUT", "LD_PROFILE", "GCONV_PATH", "GETCONF_DIR", "LIBPATH", "SHLIB_PATH",
        "COR_PROFILER_PATH", "CORECLR_PROFILER_PATH", "DOTNET_STARTUP_HOOKS", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES",
    ]

    private static let interpreters: Set<String> = [
        "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONBREAKPOINT", "NODE_OPTIONS", "NODE_PATH", "RUBYLIB", "RUBYOPT",
        "PERL5LIB", "PERL5OPT", "PERLLIB", "PERL5DB", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "LUA_INIT", "LUA_PATH",
        "LUA_CPATH", "PHPRC", "PHP_INI_SCAN_DIR", "GEM_PATH", "BUNDLE_GEMFILE", "ERL_LIBS", "ERL_AFLAGS", "ERL_FLAGS", "R_PROFILE",
        "R_PROFILE_USER", "TCLLIBPATH", "JULIA_LOAD_PATH", "BUN_OPTIONS", "DENO_DIR",
    ]

    private static let shells: Set<String> = [
        "BASH_ENV", "ENV", "PROMPT_COMMAND", "ZDOTDIR", "SHELLOPTS", "BASHOPTS", "BASH_LOADABLES_PATH", "precmd_functions", "fish_function_path",
    ]

    /// Variables that name a program another one runs, and plain values they usually have.
    private static let hooks: Set<String> = [
        "GIT_SSH_COMMAND", "GIT_SSH", "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS", "SUDO_ASKPASS", "GIT_EDITOR",
        "GIT_SEQUENCE_EDITOR", "GIT_PAGER", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "EDITOR", "VISUAL", "PAGER", "MANPAGER", "SYSTEMD_PAGER",
        "BROWSER", "LESSOPEN", "LESSCLOSE", "LESSEDIT", "PSQL_PAGER", "CVS_RSH", "RSYNC_RSH", "SVN_SSH", "CC", "CXX", "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER", "MAKEFLAGS", "FCEDIT", "SHELL", "PS4", "TAR_OPTIONS", "RSYNC_PROXY",
    ]

    private static let proxies: Set<String> = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY", "NO_PROXY_OVERRIDE"]

    private static let sources: Set<String> = [
        "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "NPM_CONFIG_REGISTRY", "YARN_REGISTRY",
        "GOPROXY", "GONOSUMDB", "GONOSUMCHECK", "GOINSECURE", "CARGO_REGISTRIES_CRATES_IO_INDEX", "BUNDLE_MIRROR__ALL", "RUBYGEMS_HOST",
    ]

    private static let secrets: Set<String> = [
        "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "GH_TOKEN", "GITHUB_PAT", "GITLAB_TOKEN",
        "GL_TOKEN", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "MISTRAL_API_KEY", "COHERE_API_KEY",
        "HF_TOKEN", "HUGGINGFACE_TOKEN", "HUGGING_FACE_HUB_TOKEN", "AZURE_CLIENT_SECRET", "AZURE_STORAGE_KEY", "ARM_CLIENT_SECRET",
        "GOOGLE_CREDENTIALS", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY",
        "HEROKU_API_KEY", "SLACK_TOKEN", "SLACK_BOT_TOKEN", "STRIPE_SECRET_KEY", "STRIPE_API_KEY", "TWILIO_AUTH_TOKEN", "SENDGRID_API_KEY",
        "NPM_TOKEN", "NODE_AUTH_TOKEN", "PYPI_TOKEN", "TWINE_PASSWORD", "CARGO_REGISTRY_TOKEN", "DOCKER_PASSWORD", "DOCKERHUB_TOKEN",
        "VAULT_TOKEN", "TF_TOKEN", "DATADOG_API_KEY", "DD_API_KEY", "SENTRY_AUTH_TOKEN", "DISCORD_TOKEN", "TELEGRAM_BOT_TOKEN",
        "DATABASE_PASSWORD", "PGPASSWORD", "MYSQL_PWD", "MYSQL_ROOT_PASSWORD", "REDIS_PASSWORD",
    ]

    private static let pagers: Set<String> = [
        "less", "more", "most", "cat", "bat", "delta", "vi", "vim", "nvim", "nano", "emacs", "emacsclient", "code", "subl", "micro", "hx",
        "helix", "kak", "ed", "true", ":", "ssh", "plink", "firefox", "chromium", "google-chrome", "xdg-open", "open", "w3m", "lynx", "bash",
        "zsh", "sh", "fish", "dash", "gcc", "g++", "clang", "clang++", "cc", "c++", "sccache", "ccache", "mold", "diff", "vimdiff", "head",
    ]

    private static func judge(
        _ name: String, _ word: ShellWord, _ value: String, _ reach: Reach, into found: inout TextFindings
    ) {
        var name = name
        if name.hasSuffix("+") { name.removeLast() }
        guard !name.isEmpty, name.utf8.count < 64 else { return }
        let upper = name.utf8.contains(where: { $0 &- 0x61 < 26 }) ? name.uppercased() : name
        let isEmpty = value.isEmpty && word.isLiteral
        if loaders.contains(name) || name.hasPrefix("DYLD_") || name.hasPrefix("BASH_FUNC_") {
            if !isEmpty { found.add(.codeInjectionEnv, word.span) }
        } else if shells.contains(name) {
            if !isEmpty { found.add(.shellInjectionEnv, word.span) }
        } else if interpreters.contains(name) {
            interpreter(name, word, value, reach, into: &found)
        } else if hooks.contains(name) {
            hook(name, word, value, into: &found)
        } else if name == "PATH" {
            path(word, value, into: &found)
        } else if proxies.contains(upper) {
            if !isEmpty { found.add(.proxyEnvSet, word.span) }
        } else if sources.contains(upper) {
            if HostExtractor.references(in: word).contains(where: { !isKnownSource($0) }) { found.add(.packageSourceEnv, word.span) }
        } else if secrets.contains(upper) {
            if word.isLiteral, value.utf8.count >= 4 { found.add(.sensitiveEnvExport, word.span) }
        } else if name.hasPrefix("GIT_CONFIG_VALUE_") || name.hasPrefix("GIT_CONFIG_PARAMETERS") {
            found.add(.commandHookEnv, word.span)
        } else {
            trust(upper, word, value, into: &found)
        }
    }

    /// Folders and options of interpreters. For one run inside the project they are how tests are run.
    private static func interpreter(_ name: String, _ word: ShellWord, _ value: String, _ reach: Reach, into found: inout TextFindings) {
        if value.isEmpty, word.isLiteral { return }
        switch name {
        case "NODE_OPTIONS", "BUN_OPTIONS":
            let loads = ["-r", "--require", "--import", "--loader", "--experimental-loader", "--inspect", "--eval", "--preload"]
            let isTuning = word.isLiteral && !value.split(separator: " ").contains { part in loads.contains { part == $0 || part.hasPrefix($0 + "=") } }
            if isTuning { return }
        case "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS":
            if word.isLiteral, !value.contains("-javaagent"), !value.contains("-agent"), !value.contains("OnOutOfMemoryError"),
                !value.contains("OnError")
            {
                return
            }
        case "RUBYOPT", "PERL5OPT":
            if word.isLiteral, value.hasPrefix("-W") || value == "-w" { return }
        case "PYTHONBREAKPOINT" where value == "0": return
        case "PYTHONPATH", "NODE_PATH", "RUBYLIB", "PERL5LIB", "LUA_PATH", "JULIA_LOAD_PATH", "GEM_PATH", "BUNDLE_GEMFILE":
            let parts = value.split(separator: ":")
            let isInside = parts.allSatisfy { !$0.hasPrefix("/") && !$0.hasPrefix("..") && !$0.hasPrefix("~") }
            if reach == .once, isInside { return }
        default: break
        }
        found.add(.interpreterHijackEnv, word.span)
    }

    private static func hook(_ name: String, _ word: ShellWord, _ value: String, into found: inout TextFindings) {
        if value.isEmpty, word.isLiteral { return }
        if name == "PS4" || name == "MAKEFLAGS" || name == "TAR_OPTIONS" {
            let runs = word.dynamics.contains(.substitution) || value.contains("$(") || value.contains("`") || value.contains("--eval") || value.contains("command=") || value.contains("checkpoint-action")
            if runs { found.add(.commandHookEnv, word.span, name == "PS4" ? .warn : .block) }
            return
        }
        let words = value.split(separator: " ").map(String.init)
        guard let first = words.first else { return }
        let runsText = value.utf8.contains { [0x24, 0x3B, 0x26, 0x7C, 0x60, 0x28, 0x3C, 0x3E].contains($0) } || value.contains("ProxyCommand")
            || words.contains("-c") || words.contains("-e")
        if runsText { return found.add(.commandHookEnv, word.span, .block) }
        let isPlainName = word.isLiteral && pagers.contains(Fetcher.baseName(first)) && !first.hasPrefix("/tmp") && !first.hasPrefix(".")
        if !isPlainName, word.isLiteral || name.hasPrefix("GIT_") { found.add(.commandHookEnv, word.span) }
    }

    /// A folder that anyone or the current folder can fill, before the system's.
    private static func path(_ word: ShellWord, _ value: String, into found: inout TextFindings) {
        guard let first = value.split(separator: ":", omittingEmptySubsequences: false).first else { return }
        // `$PATH:…`: what is known of the value starts with the colon.
        if first.isEmpty, !word.isLiteral { return }
        let isShared = ["/tmp", "/var/tmp", "/dev/shm"].contains { first == $0 || first.hasPrefix($0 + "/") }
        if first == "." || first.isEmpty && word.isLiteral && value.contains(":") || isShared || first == "~/Downloads" {
            found.add(.pathHijackEnv, word.span, isShared ? .block : .warn)
        }
    }

    private static func isKnownSource(_ reference: HostReference) -> Bool {
        guard reference.scheme == "https", let host = reference.asciiHost else { return false }
        return KnownHosts.pythonIndexes.contains(host) || KnownHosts.scriptRegistries.contains(host) || host == "proxy.golang.org"
            || host == "rubygems.org" || host == "index.crates.io"
    }

    /// Variables that switch off the check of certificates.
    private static func trust(_ upper: String, _ word: ShellWord, _ value: String, into found: inout TextFindings) {
        let isOff = ["0", "false", "no", "off"].contains(value.lowercased())
        let isOn = ["1", "true", "yes", "on"].contains(value.lowercased())
        switch upper {
        case "NODE_TLS_REJECT_UNAUTHORIZED", "PYTHONHTTPSVERIFY", "HTTPLIB2_CA_VERIFY", "PERL_LWP_SSL_VERIFY_HOSTNAME", "NPM_CONFIG_STRICT_SSL":
            if isOff { found.add(.insecureTlsFlags, word.span) }
        case "GIT_SSL_NO_VERIFY", "CURL_INSECURE", "AWS_NO_VERIFY_SSL", "ANSIBLE_GALAXY_IGNORE":
            if isOn { found.add(.insecureTlsFlags, word.span) }
        case "PIP_TRUSTED_HOST":
            if !value.isEmpty { found.add(.insecureTlsFlags, word.span) }
        case "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE":
            if value.isEmpty, word.isLiteral { found.add(.insecureTlsFlags, word.span) }
        default: break
        }
    }
}
