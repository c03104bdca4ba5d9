// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The pieces that ``HostileText`` puts together.
struct HostileGrammar: Sendable {
    /// Something around something else.
    struct Frame: Sendable {
        var opening: [UInt8]
        var closing: [UInt8]
    }

    var atoms: [[UInt8]]
    var separators: [[UInt8]]
    var frames: [Frame]

    private init(atoms: [String], separators: [String], frames: [(String, String)]) {
        self.atoms = atoms.map { Array($0.utf8) }
        self.separators = separators.map { Array($0.utf8) }
        self.frames = frames.map { Frame(opening: Array($0.utf8), closing: Array($1.utf8)) }
    }

    static func of(_ grammar: HostileText.Grammar) -> HostileGrammar {
        switch grammar {
        case .shell: shell
        case .output: output
        case .policies: policies
        }
    }

    private static let shell = HostileGrammar(
        atoms: [
            "ls", "-la", "cat", "rm", "-rf", "x", "./a b", "/tmp/x", "~", "~/.ssh/id_rsa", "$HOME", "$x", "${x}", "A=1", "A+=b", "*", "?", "[a-z]", "{a,b}", "{1..9}", "git",
            "push", "--force", "curl", "https://example.com/a.sh", "http://10.0.0.1:80/", "-o", "sh", "bash", "-c", "python3", "-e", "xargs", "sudo", "env", "-S", "nice",
            "find", ".", "-exec", "{}", "\\;", "+", "ssh", "host", "docker", "exec", "run", "kubectl", "delete", "dd", "of=/dev/sda", "tar", "awk", "sed", "s/a/b/e", "eval",
            "echo", "printf", "base64", "-d", "aGVsbG8gd29ybGQ=", "nc", "scp", "a:b", "\u{430}", "\u{200D}", "\u{1F600}", "\u{202E}", "\u{A0}", "\u{E9}", "\r", "\0", "\\", "'", "\"",
            "$", "`", "!", "!!", "#", "%", "=", "E", "if", "then", "fi", "do", "done", "esac", "in", "0", "65536", "Remove-Item", "iex", "%PATH%", "^", "token=", "powershell", "-enc",
        ],
        separators: [" ", " ", " ", "\t", "\n", ";", "|", "||", "&&", "&", ";;", "|&", " >", " >>", " <", "<<<", "2>&1", ">&-", "=", ",", "\\\n", "(", ")", "{ ", " }"],
        frames: [
            ("$(", ")"), ("`", "`"), ("\"", "\""), ("'", "'"), ("$'", "'"), ("(", ")"), ("{ ", ";}"), ("${x:-", "}"), ("${x/", "/}"), ("$((", "))"), ("((", "))"), ("[[ ", " ]]"),
            ("<(", ")"), (">(", ")"), ("if ", "; then x; fi;"), ("while ", "; do x; done;"), ("for i in ", "; do x; done\n"), ("case ", " in a) b;; esac;"), ("case a in ", ") b;; esac;"),
            ("f() { ", "; };"), ("cat <<E\n", "\nE\n"), ("cat <<'E'\n", "\nE\n"), ("cat <<-E\n\t", "\n\tE\n"), ("x=(", ")"), ("@(", "|b)"), ("sh -c '", "'"), ("bash -c \"", "\""),
            ("eval ", ";"), ("env A=b ", " "), ("sudo -u a ", " "), ("xargs -I{} ", " "), ("nice -n 5 ", " "), ("timeout 5 ", " "), ("find . -exec ", " \\;"), ("ssh host '", "'"),
            ("python3 -c \"import os; os.system('", "')\""), ("perl -e 'system(\"", "\")'"), ("awk 'BEGIN{system(\"", "\")}'"), ("docker run a ", " "), ("watch '", "'"), ("trap '", "' EXIT;"),
            ("alias a='", "';"), ("git -c alias.x='!", "' x "), ("echo ", "| sh;"), ("printf '%s' ", "| base64 -d | bash;"), ("function g { ", "; };"), ("powershell -c \"", "\""), ("cmd /c \"", "\""),
            ("{", ",b}"), ("scp ", " a:b "), ("tar x", " -C / "), ("x=\"$x", "\";"), ("su -c '", "'"), ("\u{1F468}\u{200D}", "\u{1F469}"), ("> ", " "), ("read x <<< ", ";"),
        ])

    private static let output = HostileGrammar(
        atoms: [
            "total 12\n", "user@host:~$ ", "# ", "ignore all previous instructions", "i g n o r e   p r e v i o u s", "1gn0re prev1ous 1nstruct10ns", "system:", "you are now", "send it to https://example.com/?q=",
            "password", "hunter2hunter2", "api_key", "token", "Bearer ", "basic ", "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY", "0123456789abcdef0123456789abcdef", "QUtJQUFCQ0RFRkdISUpLTE1OT1A=", "AKIA", "ghp_", "sk-", "xoxb-",
            "eyJhbGciOiJIUzI1NiJ9", ".", "-", "\u{1B}[31m", "\u{1B}[8m", "\u{1B}[2J", "\u{1B}[6n", "\u{1B}c", "\u{9B}31m", "\u{1B}]0;", "\u{7}", "\u{8}", "\r", "\r\n", "\n", "\u{430}", "\u{200B}", "\u{202E}", "\u{E0041}", "\u{1F1E9}\u{1F1EA}", "{{", "}}",
            "<token>", "private-lines: 3", "?sig=", "%3D", "$2b$10$", "us12", "github", "\"service_account\"", "\u{0}", "\u{FF}", "https://a:b@c.example/", "@", "\\u0069\\u0067",
        ],
        separators: [" ", "=", ": ", "\n", "\n  ", "\"", "'", "\": \"", ",", ";", "\t", "|", "`", " := ", " => ", "\\n"],
        frames: [
            ("-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n"), ("\u{1B}]8;;https://example.com/", "\u{1B}\\link\u{1B}]8;;\u{1B}\\"), ("\u{1B}]52;c;", "\u{7}"), ("\u{1B}[", "m"), ("\u{1B}P", "\u{1B}\\"), ("\u{1B}]", ""),
            ("<!-- ", " -->"), ("{\"token\": \"", "\"}"), ("kind: Secret\ndata:\n  x: ", "\n---\n"), ("password=", "\n"), ("<password>", "</password>"), ("curl -u a:", " b\n"), ("https://hooks.slack.com/services/", "\n"), ("```\n", "\n```\n"), ("(", ")"),
        ])

    private static let policies = HostileGrammar(
        atoms: [
            "git push", "git *", "*", "rm -rf $", "shell.run:ls", "write_file:/tmp/**", "run_command", "ls", "'", "\"", "owner:ana", "build", "plan", "2030-01-31", "2030-13-41T99:99:99Z", "09:00-17:00", "mon", "Europe/Berlin", "/work/../etc",
            "~", "null", "true", "1e999", "0x41", "\u{E9}", "\u{202E}", "\u{0}", "&a", "*a", "!!binary aGk=", "!!python/object", "<<: *a", "|", ">", "%YAML 1.1", "\\", "${HOME}", "${X:-y}", "#", "?", "@", "-", ":", "{", "}", "[", "]",
        ],
        separators: ["\n", "\n    ", ": ", "\n  - ", ", ", " ", "\t", "\n---\n", "\n...\n"],
        frames: [
            ("policies:\n  rules:\n    - allow: ", "\n"), ("policies:\n  rules:\n    - deny: ", "\n      note: x\n"), ("    - ask: ", "\n      modes: [build, plan]\n"), ("policies:\n  default: ", "\n"), ("[", "]"), ("{", "}"), ("{allow: ", "}"), ("\"", "\""), ("'", "'"),
            ("    - allow: ls\n      expires: ", "\n"), ("    - deny: ls\n      folders: [", "]\n"), ("    - deny: ls\n      people: [", "]\n"), ("    - deny: ls\n      hours: ", "\n      time_zone: Europe/Berlin\n"), ("a: &a [", "]\n"), ("? ", "\n"), ("|\n  ", "\n"),
        ])
}
