// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaSecurity
import Testing

@Suite("Shell parser under attack") struct ShellRobustnessTests {
    /// Reads a text and checks what holds for every text.
    private func read(_ bytes: [UInt8], _ dialect: ShellDialect) -> ShellScript {
        let script = ShellReader.read(bytes, dialect: dialect)
        #expect(script.work <= ShellReader.workLimit(bytes.count) + bytes.count + 65_536, "\(script.work) for \(bytes.count)")
        for (index, command) in script.commands.enumerated() {
            #expect(command.parent < index)
            #expect(command.pipeline < script.pipelines.count)
            for word in command.words where word.span.upperBound > bytes.count { Issue.record("\(word) lies outside of \(bytes.count) bytes") }
        }
        return script
    }

    @Test("Random bytes in every shell", arguments: ShellDialect.allCases) func bytes(_ dialect: ShellDialect) {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<400 {
            let count = Int.random(in: 0...200, using: &generator)
            _ = read((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }, dialect)
        }
    }

    @Test("Commands with pieces taken out, doubled and put in", arguments: ShellDialect.allCases) func mutations(_ dialect: ShellDialect) {
        let commands = [
            "if a; then b $(c `d`) \"e ${f:-g}\" 'h'; fi <<E\nx $(y)\nE\n", "for i in {a,b}; do sh -c \"rm $i\"; done | xargs -I{} sudo env A=1 {}", "case $x in a|b) c;; *) d;; esac && [[ a =~ (b) ]] || (( c ))",
            "python3 -c \"import os; os.system('rm x')\" > >(tee y) 2>&1", "echo aGVsbG8= | base64 -d | bash; f() { f | f & }; f", "iex (iwr x).Content; Remove-Item `-Recurse @'\na\n'@ | % { $_ }", "find . -exec awk 'BEGIN{system(\"a\")}' {} \\; -o -delete",
            "git -c alias.x='!y' x; eval \"$(z)\"; x=( a b ); $'\\x41\\101\\u00e9' $((1+$(a)))",
        ]
        let pieces = Array("'\"\\$(){}[]<>|&;`\n #=*~!%^@,E\0".utf8)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<250 {
            var bytes = Array((commands.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes.remove(at: at)
                case 1: bytes.insert(pieces[Int.random(in: 0..<pieces.count, using: &generator)], at: at)
                case 2: bytes[at] = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
                default: bytes += bytes[at...].prefix(24)
                }
            }
            let script = read(bytes, dialect)
            #expect(script == ShellReader.read(bytes, dialect: dialect))
            _ = CommandGuard().check(GuardInput(bytes: bytes, context: .exec, dialect: dialect))
        }
    }

    /// Texts made to take long: each is given at two lengths, and the work may grow no faster than the text.
    static let hardTexts: [(String, String, String)] = [
        ("parentheses", "(", ""), ("closed parentheses", "(", ")"), ("substitutions", "$(", ""), ("arithmetic", "$((", ""), ("broken arithmetic", "$((a) ", ""), ("parameters", "${x:-", ""), ("quoted parameters", "\"${x:-", ""),
        ("backquotes", "`", ""), ("escaped backquotes", "\\`", ""), ("quotes", "'\"", ""), ("double quotes in substitutions", "\"$(", ""), ("shells", "sh -c '", ""), ("escaped shells", "sh -c \"sh -c \\\"", ""), ("evals", "eval ", ""),
        ("wrappers", "sudo ", ""), ("here-documents", "<<E ", ""), ("here-documents with lines", "a <<E\n", ""), ("braces", "{a,", ""), ("brace lists", "{a,b}", ""), ("groups", "{ ", ""), ("conditions", "if a; then ", ""), ("cases", "case a in b) ", ""),
        ("pipes", "a|", ""), ("backgrounds", "a&", ""), ("functions", "f(){ ", ""), ("arrays", "x=(", ""), ("extended globs", "@(", ""), ("process substitutions", "a <(", ""), ("loops", "for i in ", ""), ("finds", "find -exec ", ""),
        ("python", "python -c '\\'", ""), ("base64", "echo YQ== | base64 -d | sh;", ""), ("assignments", "x=$x$x;", ""), ("doubling", "a=\"$a $a\"; $a;", ""), ("apostrophes", "python -c \"'\\'\"", ""), ("environment", "env -S '", ""),
    ]

    @Test("Deep, long and unfinished texts end, and take work in proportion", arguments: hardTexts) func pathological(_ name: String, _ opening: String, _ closing: String) {
        var work: [Int] = []
        for count in [1_000, 4_000] {
            let text = Array((String(repeating: opening, count: count) + String(repeating: closing, count: count)).utf8)
            for dialect in [ShellDialect.bash, .powershell] {
                let script = read(text, dialect)
                if dialect == .bash { work.append(script.work) }
            }
        }
        // Four times the text, at most about four times the work beyond what short texts are granted.
        #expect(work[1] <= work[0] * 6 + 400_000, "\(name): \(work)")
    }

    @Test("A function without a body and a case behind it is read", arguments: ["f() case a in $(b)) c;; esac", "f()\ncase a in `b`) c;; esac"])
    func unfinishedFunction(_ text: String) {
        #expect(read(Array(text.utf8), .bash).commands.contains { $0.words.map(\.text) == ["b"] })
        _ = CommandGuard().check(GuardInput(bytes: Array(text.utf8)))
    }

    @Test("A text beyond the limit is incomplete, and its beginning is still seen") func long() {
        let text = Array(("rm -rf /; echo " + String(repeating: "a", count: ShellReader.longestText)).utf8)
        let verdict = CommandGuard().check(GuardInput(bytes: text))
        #expect(verdict.isIncomplete)
        #expect(verdict.action == .block)
    }

    @Test("A denied word in the open is seen behind whatever was read completely") func seen() {
        let pieces = [
            "rm", " ", "'", "\"", "\\", "$", "(", ")", "{", "}", "`", "<", ">", "<<", "<<<", "&", "|", ";", "\n", "=", "A=", "$(", "${", "$((", "$'", "*", "~", "[", "]", "!", "if", "then", "fi", "for", "in", "do", "done",
            "case", "esac", "sh", "-c", "eval", "{}", ";;", "é", "1", "2>&1", "\r", "E",
        ]
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<1_500 {
            let text = (0..<Int.random(in: 1...20, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard ShellReader.read(Array(text.utf8), dialect: .bash).gaps.isEmpty else { continue }
            let commands = ShellReader.read(Array((text + "\nfoo bar\n").utf8), dialect: .bash).commands
            #expect(commands.contains { $0.words.map(\.text) == ["foo", "bar"] }, "\(text.debugDescription)")
        }
    }
}
