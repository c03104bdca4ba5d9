// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity
import Testing

@Suite("Shell inspection") struct ShellInspectorTests {
    private let inspector = ShellInspector()

    @Test("Complete commands are split into their words", arguments: [
        ("git status", [["git", "status"]]),
        ("ls   -l\t/tmp", [["ls", "-l", "/tmp"]]),
        ("echo 'a b' \"c d\" e\\ f", [["echo", "a b", "c d", "e f"]]),
        ("ls | wc -l", [["ls"], ["wc", "-l"]]),
        ("a && b || c; d & e", [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ("echo \"a; b && c | d\"", [["echo", "a; b && c | d"]]),
        ("echo '$(rm -rf ~)'", [["echo", "$(rm -rf ~)"]]),
        ("ls # rm -rf /", [["ls"]]),
        ("(ls; pwd)", [["ls"], ["pwd"]]),
        ("{ ls; pwd; }", [["ls"], ["pwd"]]),
        ("ls 2>&1 >/dev/null", [["ls"]]),
        ("ls \\\n -l", [["ls", "-l"]]),
        ("! grep x f", [["grep", "x", "f"]]),
        ("echo a#b", [["echo", "a#b"]]),
        ("[ -f x ]", [["[", "-f", "x", "]"]]),
    ])
    func complete(_ text: String, _ words: [[String]]) {
        let found = inspector.inspect(text)
        #expect(found.simpleCommands == words)
        #expect(!found.isIncomplete)
        #expect(!found.hasRedirections)
        #expect(found.findings.isEmpty)
    }

    @Test("What is decided at run time makes a command incomplete", arguments: [
        "echo $HOME", "echo \"$x\"", "echo ${x:-y}", "echo `id`", "echo $(id)", "ls *.txt", "cat ~/x", "echo $'a'", "echo $((1+1))", "cat <<E\nx\nE",
        "diff <(a) <(b)", "if a; then b; fi", "for i in 1 2; do ls; done", "f() { ls; }", "echo {a,b}", "ls &&", "ls |", "echo 'x", "echo \"x", "echo x\\",
        "sh -c ls", "eval ls", "env ls", "a;;b", "ls )", "( ls", "cat <<< x", "[[ a ]]", "x=(a b)", ". ./f", "timeout 5 ls", "; ls",
    ])
    func incomplete(_ text: String) { #expect(inspector.inspect(text).isIncomplete) }

    @Test("Nested bodies are found", arguments: [
        "sh -c 'rm x'", "bash -xc \"rm x\"", "eval rm x", "env A=1 rm x", "env -i rm x", "env -S 'rm x'", "sudo -u root rm x", "timeout -k 1 5 rm x",
        "nice -n 5 rm x", "nohup rm x", "command rm x", "exec rm x", "xargs -n 1 rm x", "find . -name y -exec rm x ';'", "echo $(rm x)", "echo `rm x`",
        "echo \"$(rm x)\"", "cat <(rm x)", "echo ${y:-$(rm x)}", "for i in 1; do rm x; done", "if true; then rm x; fi", "while true; do rm x; done",
        "(rm x)", "{ rm x; }", "f() { rm x; }", "sh <<E\nrm x\nE", "cat <<E\n$(rm x)\nE", "sh <<< 'rm x'", "trap 'rm x' EXIT", "alias q='rm x'",
        "ssh host rm x", "docker exec c rm x", "busybox rm x", "sudo env sh -c 'timeout 3 rm x'", "case a in a) rm x;; esac", "echo $'\\x72m'; \\rm x",
        "setsid rm x", "stdbuf -o L rm x", "su -c 'rm x' root", "watch -n 1 rm x", "echo `echo \\`rm x\\``",
    ])
    func nested(_ text: String) {
        #expect(inspector.inspect(text).simpleCommands.contains { $0.starts(with: ["rm", "x"]) }, "\(inspector.inspect(text))")
    }

    @Test("Redirections and assignments are noticed") func flags() {
        #expect(inspector.inspect("ls > out").hasRedirections)
        #expect(inspector.inspect("ls >> out").hasRedirections)
        #expect(inspector.inspect("cat < in").hasRedirections)
        #expect(inspector.inspect("ls >| out").hasRedirections)
        #expect(inspector.inspect("ls &> out").hasRedirections)
        #expect(inspector.inspect("ls 2>err").hasRedirections)
        #expect(!inspector.inspect("ls 2>/dev/null 2>&1").hasRedirections)
        #expect(inspector.inspect("A=1 ls").hasAssignments)
        #expect(inspector.inspect("A=1").hasAssignments)
        #expect(inspector.inspect("A+=1 ls").hasAssignments)
        #expect(!inspector.inspect("ls A=1").hasAssignments)
        #expect(inspector.inspect("2>x ls").simpleCommands == [["ls"]])
    }

    @Test("Characters that hide or reorder text are refused; the world's languages are not") func characters() {
        func verdicts(_ text: String) -> Set<PolicyVerdict> { Set(inspector.inspect(text).findings.map(\.verdict)) }
        for text in ["ls \u{1B}[2K", "ls\u{200B}", "ls \u{202E}x", "ls \u{8}", "a\u{200D}b", "echo \u{E0072}", "ls\r\nrm", "\u{FEFF}ls"] {
            #expect(verdicts(text).contains(.deny), "\(text.debugDescription)")
        }
        for text in ["git commit -m \"исправление\"", "git commit -m '👨‍👩‍👧 done ❤️ 1️⃣'", "echo 'नमस्ते क्ष 日本語 مرحبا'", "echo '🏴󠁧󠁢󠁥󠁮󠁧󠁿'"] {
            #expect(inspector.inspect(text).findings.isEmpty, "\(text)")
        }
        #expect(verdicts("g\u{456}t status") == [.ask])
        #expect(verdicts("git\u{A0}status").contains(.ask))
    }

    @Test("Very long and very deep commands end, incomplete") func bounds() {
        let deep = String(repeating: "$(", count: 5_000) + "rm" + String(repeating: ")", count: 5_000)
        #expect(inspector.inspect(deep).isIncomplete)
        #expect(inspector.inspect(String(repeating: "sh -c '", count: 500)).isIncomplete)
        let long = inspector.inspect("echo " + String(repeating: "a", count: 10_000) + "; rm x")
        #expect(long.isIncomplete)
        #expect(long.simpleCommands.contains(["rm", "x"]))
        #expect(inspector.inspect(String(repeating: "`x`", count: 30_000)).isIncomplete)
        #expect(inspector.inspect(String(repeating: "(", count: 20_000)).isIncomplete)
        #expect(inspector.inspect("echo " + String(repeating: "${x:-", count: 3_000)).isIncomplete)
    }

    @Test("No text makes it crash or stop, and a denied word in the open is always seen") func fuzz() {
        let pieces = [
            "rm", " ", "'", "\"", "\\", "$", "(", ")", "{", "}", "`", "<", ">", ">>", "<<", "<<-", "<<<", "&", "|", ";", "\n", "#", "=", "A=", "$(", "${",
            "$((", "$'", "*", "~", "[", "]", "!", "if", "then", "fi", "for", "in", "do", "done", "case", "esac", "sh", "-c", "eval", "env", "-S", "sudo",
            "find", "-exec", "{}", ";;", "é", "\u{200B}", "👨‍👩‍👧", "1", "2>&1", "\r", "\0", "E",
        ]
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<6_000 {
            let text = (0..<Int.random(in: 1...24, using: &generator)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
            let found = inspector.inspect(text)
            #expect(found == inspector.inspect(text))
            // A complete parse of the text with a further command behind it has that command.
            if !found.isIncomplete, found.findings.isEmpty, !text.contains("#") {
                #expect(inspector.inspect(text + "\nrm x").simpleCommands.contains(["rm", "x"]), "\(text.debugDescription)")
            }
        }
    }
}
