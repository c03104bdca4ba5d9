// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Programs no standing approval is kept for, whatever their arguments: what they do is decided by something other than their words.
enum UngrantablePrograms {
    private static let groups: [(why: String, programs: Set<String>)] = [
        ("runs whatever program or script it is told to", ShellWords.interpreters.union([
            "env", "xargs", "parallel", "find", "fd", "fdfind", "nohup", "nice", "ionice", "timeout", "setsid", "stdbuf", "time", "watch", "flock", "command",
            "builtin", "exec", "strace", "ltrace", "script", "expect", "tmux", "screen", "toybox", "entr", "rlwrap", "setarch", "taskset", "chrt",
            "run-parts", "start-stop-daemon", "systemd-run", "at", "batch", "crontab", "ld.so", "ts-node", "tsx", "irb", "ipython", "jshell",
            "pry", "awk", "sed", "nawk", "dash", "rc", "es", "nu", "elvish", "xonsh", "cmd", "wsl",
        ])),
        ("works with another user's or the whole machine's rights", [
            "sudo", "sudoedit", "doas", "su", "runuser", "pkexec", "chroot", "unshare", "nsenter", "setpriv", "capsh", "bwrap", "firejail", "proot",
            "fakeroot", "newgrp", "sg", "gosu", "su-exec",
        ]),
        ("runs hooks, aliases and helpers that its folder and settings name", ["git", "hg", "svn", "jj", "fossil", "cvs", "bzr", "repo", "git-lfs", "gh", "glab"]),
        ("acts on another machine", ["ssh", "scp", "sftp", "rsync", "mosh", "telnet", "rsh", "rlogin", "pssh", "ansible", "ansible-playbook", "rclone", "nc", "ncat", "netcat", "socat"]),
        ("runs programs in containers or clusters", ["docker", "docker-compose", "podman", "nerdctl", "buildah", "kubectl", "oc", "crictl", "ctr", "lxc", "lxc-attach", "helm", "nomad", "vagrant", "machinectl"]),
        ("fetches code and runs it", [
            "npx", "npm", "pnpm", "pnpx", "yarn", "bunx", "uv", "uvx", "pip", "pip3", "pipx", "poetry", "pdm", "rye", "hatch", "conda", "mamba", "cargo", "gem",
            "bundle", "bundler", "composer", "apt", "apt-get", "aptitude", "dpkg", "dnf", "yum", "rpm", "zypper", "pacman", "apk", "brew", "port", "snap", "flatpak",
            "nix", "nix-shell", "nix-env", "guix", "mix", "rebar3", "stack", "cabal", "opam", "luarocks", "cpan", "cpanm", "mvn", "gradle", "ant", "sbt", "bazel", "ninja", "cmake", "meson",
            "just", "task", "rake", "tox", "nox", "invoke", "dotnet", "terraform", "tofu", "pulumi",
        ]),
    ]

    /// Why there is no standing approval for a command, or nil.
    ///
    /// - Parameter words: Program first, by name or path.
    static func reason(_ words: [String]) -> String? {
        guard let first = words.first else { return nil }
        let name = ShellWords.baseName(first)
        for group in groups where group.programs.contains(name) || group.programs.contains(stem(name)) {
            return "“\(ApprovalText.folded(name, head: 40, tail: 0))” \(group.why), so no grant is kept for it. Approve its calls one by one."
        }
        return nil
    }

    /// `python3.12`, `pip3.11`, `perl5.36-x86_64-linux-gnu`: the name without its version.
    private static func stem(_ name: String) -> String {
        var stem = String(name.prefix { !$0.isNumber })
        while let last = stem.last, last == "-" || last == "." { stem.removeLast() }
        return stem
    }
}
