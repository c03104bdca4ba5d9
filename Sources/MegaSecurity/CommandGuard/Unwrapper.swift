// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Knows programs that run the program they are given, and finds what they would run.
enum Unwrapper {
    enum Body: Equatable {
        case words([String])
        /// For a shell.
        case text(String)
        /// It sets a variable for what it runs.
        case assignment
        /// It runs something that cannot be told from its words.
        case unknown
    }

    /// How a wrapper's own words look before the command it runs.
    private struct Shape {
        /// Options that take the next word as their value.
        var valued: Set<String> = []
        /// Words after the options that belong to the wrapper.
        var leading = 0
        var takesAssignments = false
        /// The rest is one text for a shell.
        var isShellText = false
    }

    private static let shapes: [String: Shape] = [
        "sudo": Shape(
            valued: ["-u", "-g", "-h", "-p", "-C", "-T", "-r", "-t", "-U", "-R", "-D", "--user", "--group", "--chdir", "--chroot"],
            takesAssignments: true),
        "doas": Shape(valued: ["-u", "-C", "-a"], takesAssignments: true),
        "env": Shape(valued: ["-u", "--unset", "-C", "--chdir"], takesAssignments: true),
        "timeout": Shape(valued: ["-s", "--signal", "-k", "--kill-after"], leading: 1),
        "nice": Shape(valued: ["-n", "--adjustment"]), "ionice": Shape(valued: ["-c", "-n", "-p", "-P", "-u"]),
        "nohup": Shape(), "setsid": Shape(), "stdbuf": Shape(valued: ["-i", "-o", "-e"]), "time": Shape(valued: ["-f", "-o"]),
        "command": Shape(), "builtin": Shape(), "exec": Shape(valued: ["-a"]), "noglob": Shape(), "catchsegv": Shape(),
        "chrt": Shape(leading: 1), "taskset": Shape(leading: 1), "chroot": Shape(leading: 1), "unshare": Shape(), "nsenter": Shape(valued: ["-t"]),
        "prlimit": Shape(), "setpriv": Shape(), "runuser": Shape(valued: ["-u", "-g"]), "strace": Shape(valued: ["-o", "-e", "-p", "-s"]),
        "ltrace": Shape(valued: ["-o", "-e"]), "dbus-run-session": Shape(), "systemd-run": Shape(valued: ["-p", "-u", "--unit"]),
        "xargs": Shape(valued: ["-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E", "--max-args", "--max-procs", "--delimiter", "--arg-file"]),
        "parallel": Shape(valued: ["-j", "-n", "-I"]), "watch": Shape(valued: ["-n", "--interval"], isShellText: true),
        "flock": Shape(valued: ["-w", "-E"], leading: 1), "bwrap": Shape(), "firejail": Shape(), "proot": Shape(), "fakeroot": Shape(),
        "ssh": Shape(
            valued: Set("bcDEeFIiJLlmOopQRSWw".map { "-\($0)" }), leading: 1, isShellText: true),
        "busybox": Shape(), "toybox": Shape(), "doit": Shape(),
    ]

    static func bodies(of words: [String]) -> [Body] {
        guard let first = words.first else { return [] }
        let program = ShellWords.baseName(first)
        let arguments = Array(words.dropFirst())
        switch program {
        case "eval": return [.text(arguments.joined(separator: " "))]
        case "trap":
            return arguments.first.map { [.text($0)] } ?? []
        case "alias":
            return arguments.compactMap { word in
                word.firstIndex(of: "=").map { .text(String(word[word.index(after: $0)...])) }
            }
        case ".", "source": return [.unknown]
        case "find", "fd", "fdfind": return executed(by: arguments)
        case "su", "script", "runuser": if let text = value(after: ["-c", "--command"], in: arguments) { return [.text(text)] }
        case "command" where arguments.first == "-v" || arguments.first == "-V": return []
        case "docker", "podman", "nerdctl": return container(arguments)
        case "busybox" where arguments.isEmpty: return []
        default: break
        }
        if ShellWords.shells.contains(program), program != "busybox" { return shell(arguments) }
        guard let shape = shapes[program] else { return [] }
        return inner(arguments, shape, program)
    }

    private static func inner(_ arguments: [String], _ shape: Shape, _ program: String) -> [Body] {
        var bodies: [Body] = []
        var rest = arguments[...]
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            rest = rest.dropFirst()
            if word == "--" { break }
            if program == "env", word == "-S" || word == "--split-string" {
                if let text = rest.first { bodies.append(.text(([text] + rest.dropFirst()).joined(separator: " "))) }
                return bodies
            }
            if program == "env", word.hasPrefix("-S") || word.hasPrefix("--split-string=") || word.hasPrefix("-vS") {
                let cut = word.hasPrefix("--") ? word.dropFirst(15) : (word.hasPrefix("-vS") ? word.dropFirst(3) : word.dropFirst(2))
                return bodies + [.text(([String(cut)] + rest).joined(separator: " "))]
            }
            if shape.valued.contains(word) { rest = rest.dropFirst() }
        }
        if program == "flock", let at = rest.firstIndex(of: "-c"), at + 1 < rest.endIndex { return [.text(rest[at + 1])] }
        rest = rest.dropFirst(shape.leading)
        if shape.takesAssignments {
            while let word = rest.first, let equals = word.firstIndex(of: "="), !word[..<equals].contains("/") {
                bodies.append(.assignment)
                rest = rest.dropFirst()
            }
        }
        guard !rest.isEmpty else { return bodies }
        return bodies + [shape.isShellText ? .text(rest.joined(separator: " ")) : .words(Array(rest))]
    }

    /// `sh -c TEXT`, also with other letters in the same option.
    private static func shell(_ arguments: [String]) -> [Body] {
        var rest = arguments[...]
        var wantsText = false
        while let word = rest.first, word.hasPrefix("-") || word.hasPrefix("+"), word.count > 1 {
            rest = rest.dropFirst()
            if word == "--" { break }
            if word == "--command" || (!word.hasPrefix("--") && word.hasPrefix("-") && word.contains("c")) { wantsText = true }
            if word == "-o" || word == "+o" || word == "-O" || word == "--rcfile" || word == "--init-file" { rest = rest.dropFirst() }
        }
        guard let text = rest.first, wantsText else { return [.unknown] }
        return [.text(text)]
    }

    /// `find … -exec program … ;`
    private static func executed(by arguments: [String]) -> [Body] {
        var bodies: [Body] = []
        var index = 0
        let marks: Set<String> = ["-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch"]
        while index < arguments.count {
            defer { index += 1 }
            guard marks.contains(arguments[index]) else { continue }
            var inner: [String] = []
            index += 1
            while index < arguments.count, arguments[index] != ";", arguments[index] != "+" {
                inner.append(arguments[index])
                index += 1
            }
            bodies.append(inner.isEmpty ? .unknown : .words(inner))
        }
        return bodies
    }

    /// `docker exec|run [options] NAME program …`
    private static func container(_ arguments: [String]) -> [Body] {
        guard let verb = arguments.first(where: { !$0.hasPrefix("-") }), verb == "exec" || verb == "run",
            let start = arguments.firstIndex(of: verb)
        else { return [] }
        let shape = Shape(
            valued: ["-u", "-e", "-w", "-v", "-p", "--user", "--env", "--workdir", "--volume", "--name", "--entrypoint", "--network"], leading: 1)
        let bodies = inner(Array(arguments[(start + 1)...]), shape, verb)
        return bodies.isEmpty ? [.unknown] : bodies
    }

    private static func value(after options: Set<String>, in arguments: [String]) -> String? {
        guard let at = arguments.firstIndex(where: { options.contains($0) }), at + 1 < arguments.count else { return nil }
        return arguments[at + 1]
    }
}
