// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Programs that run what they are given, and how their words say what that is. The options are those of the programs' manual pages.
enum NestedPrograms {
    /// How a program's own words look before the command it runs.
    struct Shape: Sendable {
        /// Letters of options that take the next word as their value.
        var short = ""
        /// Names of long options that take the next word as their value.
        var long: [String] = []
        /// Words that must stand first, such as `exec`; `|` separates alternatives.
        var verbs: [String] = []
        /// Words after the options that belong to the program.
        var leading = 0
        /// `NAME=value` may stand in front of the command.
        var takesAssignments = false
        /// The rest is one text for a shell.
        var isText = false
        /// Options whose value is a text for a shell.
        var textOptions: [String] = []
        /// Options whose value is a program with its arguments.
        var programOptions: [String] = []
        /// The command stands behind `--` only.
        var needsDashes = false
        /// The program's own name tells nothing about who is in control: words behind it come from its input.
        var addsWords = false
    }

    enum Form: Sendable {
        case wrapper([Shape])
        case shell
        case interpreter(ForeignLanguage)
        case special
    }

    static func form(_ program: String) -> Form? {
        if let form = table[program] { return form }
        // python3.12, perl5.36, bash-5.2, node18
        let bytes = program.utf8
        var end = bytes.endIndex
        while end > bytes.startIndex {
            let before = bytes.index(before: end)
            guard ShellBytes.isDigit(bytes[before]) || bytes[before] == 0x2E || bytes[before] == 0x2D else { break }
            end = before
        }
        guard end < bytes.endIndex, end > bytes.startIndex else { return nil }
        return table[String(program[..<end])]
    }

    /// A plain wrapper.
    private static func wrapper(
        _ short: String = "", _ long: [String] = [], leading: Int = 0, assignments: Bool = false, text: Bool = false, textOptions: [String] = []
    ) -> Form {
        .wrapper([
            Shape(short: short, long: long, leading: leading, takesAssignments: assignments, isText: text, textOptions: textOptions)
        ])
    }

    /// A program whose verb runs a command.
    private static func verb(
        _ verbs: [String], _ short: String = "", _ long: [String] = [], leading: Int = 0, text: Bool = false, dashes: Bool = false
    ) -> Shape {
        Shape(short: short, long: long, verbs: verbs, leading: leading, isText: text, needsDashes: dashes)
    }

    private static let containerShapes: [Shape] = {
        let runShort = "ahelmpuvwc"
        let runLong = [
            "add-host", "attach", "cap-add", "cap-drop", "cidfile", "cpus", "cpu-shares", "cpuset-cpus", "device", "dns", "entrypoint", "env",
            "env-file", "expose", "gpus", "group-add", "health-cmd", "hostname", "ipc", "label", "link", "log-driver", "log-opt", "memory",
            "mount", "name", "network", "net", "network-alias", "pid", "platform", "publish", "pull", "restart", "runtime", "security-opt",
            "shm-size", "stop-signal", "sysctl", "tmpfs", "ulimit", "user", "userns", "volume", "volumes-from", "workdir",
        ]
        return [
            verb(["exec"], "euw", ["env", "env-file", "user", "workdir", "detach-keys"], leading: 1),
            verb(["run"], runShort, runLong, leading: 1), verb(["create"], runShort, runLong, leading: 1),
            verb(["container", "exec"], "euw", ["env", "env-file", "user", "workdir"], leading: 1),
            verb(["container", "run"], runShort, runLong, leading: 1),
            verb(["compose", "exec"], "euw", ["env", "user", "workdir", "index"], leading: 1),
            verb(["compose", "run"], "euvwpl", ["env", "user", "volume", "workdir", "publish", "name", "entrypoint", "label"], leading: 1),
        ]
    }()

    private static let clusterExec = verb(["exec"], "ncf", ["namespace", "container", "context", "kubeconfig", "filename"], dashes: true)
    private static let clusterRun = verb(["run"], "n", ["namespace", "image"], dashes: true)
    private static let clusterDebug = verb(["debug"], "nc", ["namespace", "image", "container"], dashes: true)

    static let table: [String: Form] = {
        var table: [String: Form] = [
            "sudo": wrapper(
                "ughpCTrtURDc",
                ["user", "group", "host", "prompt", "close-from", "command-timeout", "role", "type", "other-user", "chroot", "chdir"],
                assignments: true),
            "doas": wrapper("uCa", assignments: true), "pkexec": wrapper("", ["user"]), "gosu": wrapper(leading: 1), "su-exec": wrapper(leading: 1),
            "setuidgid": wrapper(leading: 1), "chpst": wrapper("ubUe/nlLmdopfcrt"), "envdir": wrapper(leading: 1), "ksu": .special,
            "timeout": wrapper("sk", ["signal", "kill-after"], leading: 1), "nice": wrapper("n", ["adjustment"]),
            "ionice": wrapper("cnpPu", ["class", "classdata"]), "nohup": wrapper(), "setsid": wrapper(), "stdbuf": wrapper("ioe", ["input", "output", "error"]),
            "time": wrapper("fo", ["format", "output"]), "multitime": wrapper("nrs"), "builtin": wrapper(), "exec": wrapper("a"), "noglob": wrapper(),
            "nocorrect": wrapper(), "catchsegv": wrapper(), "chrt": wrapper("TPD", leading: 1), "taskset": wrapper(leading: 1),
            "chroot": wrapper("", ["userspec", "groups"], leading: 1), "fakechroot": wrapper(), "fakeroot": wrapper("lis"), "unshare": wrapper("SGRw"),
            "nsenter": wrapper("tSGw", ["target", "setuid", "setgid"]), "prlimit": wrapper("o"), "setpriv": wrapper(), "strace": wrapper("oepsaIuEPSX"),
            "ltrace": wrapper("oelsuaADFnpPSwx"), "valgrind": wrapper(), "rlwrap": wrapper("abcCDfgHilmMNopqsSw"), "unbuffer": wrapper(),
            "dbus-run-session": wrapper(), "dbus-launch": wrapper(), "ssh-agent": wrapper("at"), "torsocks": wrapper("uPap"), "torify": wrapper(),
            "proxychains": wrapper("f"), "proxychains4": wrapper("f"), "tsocks": wrapper(), "faketime": wrapper("f", leading: 1), "eatmydata": wrapper(),
            "cpulimit": wrapper("lpe"), "numactl": wrapper("imNCPp"), "caffeinate": wrapper("tw"), "aa-exec": wrapper("pnf"), "logsave": wrapper(leading: 1),
            "choom": wrapper("np"), "systemd-run": wrapper("puMHE", ["property", "unit", "uid", "gid", "slice", "setenv", "working-directory", "description", "on-calendar", "on-active"]),
            "systemd-inhibit": wrapper(), "systemd-cat": wrapper("tp"), "firejail": wrapper(), "proot": wrapper("rbqkwmi"), "xvfb-run": wrapper("nsefwp"),
            "setarch": wrapper(), "linux32": wrapper(), "linux64": wrapper(), "i386": wrapper(), "runcon": wrapper("utrl", leading: 1), "sg": .special,
            "sshpass": wrapper("pfdP"), "entr": wrapper(), "daemonize": wrapper("aceopul"), "nq": wrapper(), "ts": wrapper(), "chronic": wrapper(),
            "ifne": wrapper(), "sem": wrapper("j"), "doit": wrapper(), "busybox": .special, "toybox": .special, "env": .special, "command": .special,
            "run-one": wrapper(), "retry": wrapper("td"), "hyperfine": .special, "perf": .wrapper([verb(["stat|record|trace"], "eoF")]),
            "xargs": .wrapper([
                Shape(
                    short: "adEILnPs",
                    long: ["arg-file", "delimiter", "max-args", "max-procs", "max-lines", "max-chars", "process-slot-var"], addsWords: true)
            ]),
            "parallel": .wrapper([Shape(short: "jnINSdaLC", long: ["jobs", "arg-file", "sshlogin", "colsep", "delay", "timeout"], addsWords: true)]),
            "rush": .wrapper([Shape(short: "jk", addsWords: true)]),
            "watch": .special, "flock": .wrapper([Shape(short: "wE", long: ["timeout", "wait"], leading: 1, textOptions: ["-c", "--command"])]),
            "script": .wrapper([Shape(short: "oEIOTB", leading: 9, textOptions: ["-c", "--command"])]),
            "su": .wrapper([Shape(leading: 9, textOptions: ["-c", "--command", "--session-command"])]),
            "runuser": .wrapper([Shape(short: "ugGswT", textOptions: ["-c", "--command"])]),
            "ssh": .special, "mosh": wrapper("p", leading: 1, text: true), "rsh": wrapper("l", leading: 1, text: true),
            "autossh": .special, "eval": wrapper(text: true), "trap": .special, "alias": .special, "find": .special, "fd": .special, "fdfind": .special,
            "docker": .wrapper(containerShapes), "podman": .wrapper(containerShapes), "nerdctl": .wrapper(containerShapes),
            "docker-compose": .wrapper([verb(["exec"], "euw", leading: 1), verb(["run"], "euvwpl", ["env", "user", "volume"], leading: 1)]),
            "lxc": .wrapper([verb(["exec"], leading: 1)]), "lxc-attach": wrapper("n"), "incus": .wrapper([verb(["exec"], leading: 1)]),
            "machinectl": .wrapper([verb(["shell"], leading: 1)]), "systemd-nspawn": wrapper("Dui"), "schroot": wrapper("cun"),
            "kubectl": .wrapper([clusterExec, clusterRun, clusterDebug]), "oc": .wrapper([clusterExec, clusterRun, clusterDebug]),
            "k": .wrapper([clusterExec]), "k3s": .wrapper([verb(["kubectl", "exec"], "nc", dashes: true)]),
            "ip": .wrapper([verb(["netns", "exec"], leading: 1), verb(["vrf", "exec"], leading: 1)]),
            "poetry": .wrapper([verb(["run"])]), "pipenv": .wrapper([verb(["run"])]), "uv": .wrapper([verb(["run"], "p", ["with", "python", "extra", "package"])]),
            "pdm": .wrapper([verb(["run"])]), "hatch": .wrapper([verb(["run"])]), "rye": .wrapper([verb(["run"])]), "bundle": .wrapper([verb(["exec"])]),
            "conda": .wrapper([verb(["run"], "np", ["name", "prefix"])]), "mamba": .wrapper([verb(["run"], "np")]),
            "npm": .wrapper([Shape(verbs: ["exec|x"], textOptions: ["-c", "--call"])]), "yarn": .wrapper([verb(["exec"])]),
            "pnpm": .wrapper([verb(["exec"])]), "npx": .wrapper([Shape(leading: 99, textOptions: ["-c", "--call"])]),
            "mise": .wrapper([verb(["exec|x"], dashes: true)]), "asdf": .wrapper([verb(["exec"])]), "direnv": .wrapper([verb(["exec"], leading: 1)]),
            "nix-shell": .wrapper([Shape(leading: 99, textOptions: ["--run", "--command"])]), "op": .wrapper([verb(["run"], dashes: true)]),
            "doppler": .wrapper([Shape(verbs: ["run"], textOptions: ["--command"], needsDashes: true)]), "aws-vault": .wrapper([verb(["exec"], leading: 1)]),
            "chamber": .wrapper([verb(["exec"], dashes: true)]), "infisical": .wrapper([verb(["run"], dashes: true)]),
            "vagrant": .wrapper([Shape(verbs: ["ssh"], leading: 99, textOptions: ["-c", "--command"])]),
            "heroku": .wrapper([verb(["run"], "ae", ["app", "remote", "env"])]), "fly": .wrapper([Shape(verbs: ["ssh", "console"], leading: 99, textOptions: ["-C", "--command"])]),
            "gcloud": .wrapper([Shape(verbs: ["compute", "ssh"], leading: 99, textOptions: ["--command"])]),
            "tmux": .wrapper([
                verb(["new-session|new|new-window|neww|split-window|splitw|respawn-pane|run-shell|run|popup|display-popup"], "censtFxyl", leading: 0, text: true)
            ]),
            "screen": wrapper("SshcTetpX"), "crontab": .special, "at": .special, "batch": .special, "git": .special, "tar": .special, "rsync": .special, "zip": .special,
            "make": .special, "start-stop-daemon": .wrapper([Shape(short: "xapnucgdNkmRs", leading: 99, programOptions: ["-x", "--exec", "-a", "--startas"])]),
            "awk": .special, "sed": .special, "psql": .special, "ed": .special, "sqlite3": .special, "mysql": .special, "mariadb": .special, "hash": .special, "vim": .special, "vi": .special, "ex": .special, "nvim": .special, "man": .special,
            "socat": .special, "nc": .special, "ncat": .special, "netcat": .special, "cmd": .shell, "powershell": .shell, "pwsh": .shell,
            "apptainer": .wrapper([verb(["exec"], "B", leading: 1)]), "singularity": .wrapper([verb(["exec"], "B", leading: 1)]),
            "distrobox": .wrapper([verb(["enter"], "n", ["name"], dashes: true)]), "toolbox": .wrapper([verb(["run"], "c", ["container"])]),
            "flatpak-spawn": wrapper(), "wsl": wrapper("du"), "winpty": wrapper(), "start": .special, "ansible": .special, "salt": .special, "pssh": wrapper("hHlpoe", text: true),
            "$": wrapper(), "%": wrapper(), "source": .special, ".": .special, "open": .special, "gdb": .special, "expect": .interpreter(.tcl), "tclsh": .interpreter(.tcl),
        ]
        for shell in ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "rbash", "fish", "csh", "tcsh", "pdksh", "lksh", "oksh", "yash", "sash", "elvish", "nu", "xonsh", "rc"] {
            table[shell] = .shell
        }
        for name in ["python", "pypy", "ipython", "jython"] { table[name] = .interpreter(.python) }
        for name in ["node", "nodejs", "deno", "bun", "tsx", "ts-node", "jsc", "qjs"] { table[name] = .interpreter(.javascript) }
        for name in ["gawk", "mawk", "nawk", "original-awk"] { table[name] = .special }
        table["perl"] = .interpreter(.perl)
        table["ruby"] = .interpreter(.ruby)
        table["jruby"] = .interpreter(.ruby)
        table["php"] = .interpreter(.php)
        table["lua"] = .interpreter(.lua)
        table["luajit"] = .interpreter(.lua)
        table["rscript"] = .interpreter(.r)
        table["osascript"] = .interpreter(.appleScript)
        table["julia"] = .interpreter(.julia)
        table["elixir"] = .interpreter(.elixir)
        table["groovy"] = .interpreter(.groovy)
        table["guile"] = .interpreter(.scheme)
        return table
    }()
}
