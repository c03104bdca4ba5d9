// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Names of programs that run what they read.
enum ShellWords {
    static let shells: Set<String> = ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "rbash", "fish", "csh", "tcsh", "busybox"]

    /// Programs that run what they read.
    static let interpreters: Set<String> = shells.union([
        "python", "python2", "python3", "perl", "ruby", "node", "nodejs", "deno", "bun", "php", "lua", "luajit", "tclsh", "expect", "Rscript",
        "osascript", "pwsh", "powershell", "awk", "gawk", "mawk", "nawk", "ed", "ex", "vi", "vim", "nvim", "emacs", "gdb", "sqlite3", "psql",
        "mysql", "java", "groovy", "scala", "swift", "go", "ghci", "guile", "m4", "make", "gmake", "bc", "dc", "source", ".", "eval",
    ])

    /// The part after the last slash.
    static func baseName(_ program: String) -> String {
        guard let slash = program.lastIndex(of: "/") else { return program }
        return String(program[program.index(after: slash)...])
    }
}
