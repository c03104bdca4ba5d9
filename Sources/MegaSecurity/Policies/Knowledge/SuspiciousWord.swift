// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The net under the tables: arguments that look as if they were meant for a shell or named a program to run.
///
/// For programs nothing is known of, and for those known to run others. Better one question too many here.
enum SuspiciousWord {
    /// Words in the names of options that run, load, write or send something.
    private static let tellingParts: Set<String> = [
        "exec", "execute", "command", "commands", "cmd", "eval", "evaluate", "expression", "shell", "rsh", "ssh", "script", "scripts", "hook",
        "hooks", "plugin", "plugins", "module", "modules", "load", "library", "lib", "preload", "editor", "pager", "browser", "viewer", "program",
        "prog", "filter", "run", "spawn", "start", "config", "conf", "configuration", "init", "rc", "rcfile", "proxy", "askpass", "output", "out", "write",
        "save", "log", "logfile", "dump", "call", "invoke", "system", "interactive", "console", "repl", "debug", "debugger", "trace", "wrapper", "pre", "post", "up", "down",
        "helper", "interpreter", "bin", "binary", "path", "prefix", "root", "chroot", "macro", "define", "set", "option", "options", "env", "environment", "import", "include",
        "require", "extension", "upload", "download", "listen", "bind", "connect", "remote", "url", "file", "input", "source", "driver",
        "transport", "handler", "callback", "trigger", "action", "actions", "on", "then", "user", "uid", "gid", "group", "setuid", "suid", "privileged",
        "dir", "directory", "custom", "template", "pipe", "pipes", "compress", "decompress", "compressor", "tunnel", "daemon", "service", "job", "task", "jobs", "session", "attach", "login",
    ]

    /// Whether a word may be meant for a shell, or names one, or its option's name says that it runs or writes something.
    static func isSuspicious(_ word: String) -> Bool {
        if word.hasPrefix("-") { return isTellingOption(word) || holdsShellText(word) || namesShell(word) }
        return holdsShellText(word) || namesShell(word) || isProgramPath(word)
    }

    /// `--exec=…`, `-e` and the like. Single letters that take code or commands in very many programs count.
    private static func isTellingOption(_ word: String) -> Bool {
        let name = word.drop(while: { $0 == "-" }).prefix(while: { $0 != "=" })
        if !word.hasPrefix("--"), name.utf8.count >= 1, let first = name.first, "ceExXfCiIoOPSpsuU".contains(first) { return true }
        return name.split(whereSeparator: { !$0.isLetter }).contains { tellingParts.contains($0.lowercased()) }
    }

    /// Operators, expansions, quotes, escapes and line breaks a shell or an interpreter gives a meaning to.
    private static func holdsShellText(_ word: String) -> Bool {
        word.utf8.contains { byte in
            switch byte {
            case 0x00..<0x20, 0x7F, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: "`"), UInt8(ascii: "$"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"),
                UInt8(ascii: "\\"), UInt8(ascii: "!"), UInt8(ascii: "\""), UInt8(ascii: "'"):
                true
            default: false
            }
        }
    }

    /// Whether any part of the word is the name of a shell or an interpreter.
    private static func namesShell(_ word: String) -> Bool {
        word.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0 != "_" && $0 != "-" && $0 != "." }).contains { part in
            let name = String(part.drop(while: { $0 == "-" || $0 == "." }))
            return ProgramKnowledge.isInterpreter(name)
        }
    }

    /// `/usr/bin/x`, `./x`, `../../bin/x`.
    private static func isProgramPath(_ word: String) -> Bool {
        // `./...` is every package below, in the tools of Go.
        guard word.contains("/"), !word.hasSuffix("/...") else { return false }
        return word.hasPrefix("./") || word.split(separator: "/", omittingEmptySubsequences: true).dropLast().last.map { $0 == "bin" || $0 == "sbin" || $0 == "libexec" } == true
    }
}
