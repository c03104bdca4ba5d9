// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaSecurity
import Testing

@Suite("The guard's time grows no faster than the text", .serialized) struct GuardGrowthTests {
    /// Each construct is repeated; what stands in the middle is put once, what closes as often as what opens.
    private static let constructs: [(name: String, opening: String, middle: String, closing: String)] = [
        ("words", "aaa ", "", ""), ("options", "-x ", "", ""), ("commands", "ls -la x;", "", ""), ("lines", "ls\n", "", ""), ("pipes", "a|", "b", ""), ("pipes into shells", "a|sh|", "b", ""),
        ("assignments", "A=b ", "c", ""), ("assignments on lines", "A=$A\n", "", ""), ("redirections", ">x ", "", ""), ("descriptors", "2>&1 ", "", ""), ("here-documents", "a <<E\nx\nE\n", "", ""),
        ("here-documents on one line", "a <<E;", "\nx\nE\n", ""), ("here-strings", "cat <<<a ", "", ""), ("substitutions in a row", "$(a) ", "", ""), ("substitutions", "$(", "a", ")"), ("backquotes", "`a` ", "", ""),
        ("quoted substitutions", "\"$(", "a", ")\""), ("process substitutions", "cat <(a) ", "", ""), ("written process substitutions", "a > >(", "b", ")"), ("braces", "{a,b} ", "", ""), ("nested braces", "{a,", "b", "}"),
        ("arithmetic", "$((1+2)) ", "", ""), ("nested arithmetic", "$((", "1", "))"), ("parameters", "${x:-a} ", "", ""), ("nested parameters", "${x:-", "a", "}"), ("quotes", "'a'\"b\"", "", ""), ("escapes", "\\a", "", ""),
        ("ANSI quotes", "$'\\x41'", "", ""), ("case arms", "a) b;; ", "", ""), ("cases", "case a in b) ", "c", ";; esac"), ("functions", "f() { ", "g", "; };"), ("functions in a row", "f() { f|f& };", "", ""), ("conditions", "if a; then ", "b", "; fi"),
        ("loops", "for i in a; do ", "b", "; done"), ("tests", "[[ a = b ]] && ", "c", ""), ("arrays", "x=(a b) ", "", ""), ("env", "env ", "a", ""), ("env with assignments", "env A=1 ", "a", ""), ("env -S", "env -S ", "a", ""), ("sudo", "sudo ", "a", ""),
        ("xargs", "xargs ", "a", ""), ("nice", "nice -n 5 ", "a", ""), ("timeout", "timeout 5 ", "a", ""), ("docker", "docker run -it a ", "b", ""), ("ssh", "ssh host ", "a", ""), ("eval", "eval ", "a", ""), ("find -exec", "find . -exec ", "a", ""),
        ("parallel", "parallel ", "a", ""), ("sh -c", "sh -c ", "a", ""), ("sh -c quoted", "sh -c '", "a", "'"), ("watch", "watch ", "a", ""), ("trap", "trap 'a' EXIT;", "", ""), ("aliases", "alias a='b';", "", ""), ("rm", "rm -rf x;", "", ""),
        ("scp", "scp a b:c ", "", ""), ("tar", "tar xf a -C / ", "", ""), ("curl", "curl -d @x https://a.example/ ", "", ""), ("addresses", "https://a.example/x ", "", ""), ("git", "git -c a.b=c ", "", ""), ("secrets", "cat ~/.ssh/id_rsa ", "", ""),
        ("tokens", "token=aB3dE5fG7hJ9kL1mN2pQ ", "", ""), ("emoji", "\u{1F469}\u{200D}\u{1F4BB} ", "", ""), ("joiners", "\u{200D}", "", ""), ("Cyrillic", "\u{430}", "", ""), ("lookalikes", "p\u{430}ypal ", "", ""), ("combining marks", "e\u{301}", "", ""),
        ("direction marks", "\u{202E}", "", ""), ("slashes", "/", "", ""), ("dots", "../", "", ""), ("at signs", "a@", "", ""), ("colons", "a:", "", ""), ("percent signs", "%41", "", ""), ("comments", "# a\n", "", ""), ("python", "python3 -c 'import os' ;", "", ""),
        ("decoding", "echo YQ== | base64 -d | sh;", "", ""), ("doubling", "a=\"$a$a\";", "$a", ""), ("hyperfine", "hyperfine a ", "", ""),
    ]

    private static func time(_ text: String, _ context: GuardContext = .exec, _ dialect: ShellDialect = .bash) -> Duration {
        let input = GuardInput(bytes: Array(text.utf8), context: context, dialect: dialect)
        return (0..<2).map { _ in ContinuousClock().measure { _ = CommandGuard().check(input) } }.min() ?? .zero
    }

    /// Whether eight times the text took about eight times as long: thrice as much is granted, and a fixed time. Square growth is 64.
    private static func isInProportion(_ short: Duration, _ long: Duration) -> Bool { long <= short * 24 + .milliseconds(60) }

    @Test("Every construct, repeated") func constructs() {
        for (name, opening, middle, closing) in Self.constructs {
            for context in [GuardContext.exec, .paste] {
                let times = [120, 960].map { Self.time(String(repeating: opening, count: $0) + middle + String(repeating: closing, count: $0), context) }
                #expect(Self.isInProportion(times[0], times[1]), "\(name), \(context): \(times)")
            }
        }
    }

    @Test("Every program that rules know, with many words of all kinds") func programs() {
        let words = ["-x", "a=b", "a:b", "/etc/x", "{}", "$x", "-c", "-exec", "@x", "https://h.example/x", "~/.ssh/id_rsa", ":", "-f", "delete", "-d", "@~/.aws/credentials", "--", "-m", "push", "-e"].joined(separator: " ")
        let programs = Set(RuleBook.checks.keys).union(NestedPrograms.table.keys).sorted()
        #expect(programs.count > 300)
        for program in programs {
            let times = [4, 32].map { Self.time(program + " " + String(repeating: words + " ", count: $0)) }
            #expect(Self.isInProportion(times[0], times[1]), "\(program): \(times)")
        }
    }

    @Test("Wrappers around a long list of words hand it on a bounded number of times") func carried() {
        for wrapper in ["env", "sudo", "find . -exec", "xargs", "docker run -it a"] {
            let text = String(repeating: wrapper + " ", count: 30) + "rm -rf / " + String(repeating: "word ", count: 20_000)
            let script = ShellReader.read(Array(text.utf8), dialect: .bash)
            let words = script.commands.reduce(0) { $0 + $1.words.count }
            #expect(words <= 20_200 + ShellReader.carriedLimit(20_200), "\(wrapper): \(words)")
            #expect(!script.gaps.isEmpty)
        }
        // A list that is not so long is seen through all of them.
        let text = String(repeating: "env ", count: 30) + "rm -rf / " + String(repeating: "word ", count: 200)
        #expect(CommandGuard().check(GuardInput(bytes: Array(text.utf8))).action == .block)
    }
}
