// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaSecurity
import Testing

/// What a text is read as, short: words joined by blanks, commands by `;`.
private func reading(_ text: String, _ dialect: ShellDialect = .bash) -> String {
    ShellReader.read(Array(text.utf8), dialect: dialect).commands.map { command in
        (command.assignments.map { "\($0.name)=\($0.value.pattern)" } + command.words.map(\.pattern)
            + command.redirections.map { "\($0.descriptor.map(String.init) ?? "")\($0.operation)\($0.target.pattern)" }).joined(separator: " ")
    }.joined(separator: ";")
}

private func script(_ text: String, _ dialect: ShellDialect = .bash) -> ShellScript { ShellReader.read(Array(text.utf8), dialect: dialect) }

@Suite("Shell parser") struct ShellParserTests {
    @Test("Words, quotes and lists", arguments: [
        ("a b  c", "a b c"), ("a 'b c' \"d e\" f\\ g", "a b c d e f g"), ("a;b&&c||d&e", "a;b;c;d;e"), ("a|b|&c", "a;b;c"),
        ("a'b'\"c\"d", "abcd"), ("a \"x\\\"y\" 'it'\\''s'", "a x\"y it's"), ("a $'\\x41\\u00e9\\101\\n'", "a AéA\n"), ("a # b\nc", "a;c"),
        ("a b#c", "a b#c"), ("a \\\n b", "a b"), ("! a", "a"), ("a\r\nb\r\n", "a;b"), ("a &&\n\n b", "a;b"), ("a |\nb", "a;b"),
        ("A=1 B='x y' c", "A=1 B=x y c"), ("A=1", "A=1"), ("a A=1", "a A=1"), ("x=(a b) c", "x= c"), ("[ -f x ]", "[ -f x ]"),
        ("[[ -f x && y =~ (a|b) ]] && c", "[[ -f x y =~ a b;c"), ("((x++)); a", "a"), ("a $((1+2))", "a $((…))"), ("a {} \\;", "a {} ;"),
    ])
    func words(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test("Redirections", arguments: [
        ("a >b", "a >b"), ("a 2>>b 1>&2 <c", "a 2>>b 1>&2 <c"), ("a &>b", "a &>b"), (">b a", "a >b"), ("a >| b", "a >|b"), ("a <<<'b c'", "a <<<b c"),
        ("a <<E\nx\nE\nb", "a <<x\n;b"), ("a <<-E\n\tx\n\tE\nb", "a <<x\n;b"), ("a <<'E' | c\n$x\nE", "a <<$x\n;c"), ("a2>b", "a2 >b"), ("{ a; } >b", "a;>b"),
        ("a <<E <<F\n1\nE\n2\nF", "a <<1\n <<2\n"),
    ])
    func redirections(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test("Control flow is looked through", arguments: [
        ("if a; then b; elif c; then d; else e; fi", "a;b;c;d;e"), ("while a; do b; done", "a;b"), ("for i in 1 2; do a; done", "a"),
        ("for ((i=0;i<3;i++)); do a; done", "a"), ("case $x in a|b) c;; (d) e;; *) f;; esac", "c;e;f"), ("f() { a; }; g() ( b )", "a;b"),
        ("function f { a; }", "a"), ("until a\ndo\nb\ndone", "a;b"), ("(a; (b))", "a;b"), ("{ a; { b; }; }", "a;b"), ("select x in a b; do c; done", "c"),
        ("if a; then (b) fi", "a;b"), ("time -p a | b", "a;b"), ("coproc N { a; }", "a"), ("case a in esac; b", "b"),
    ])
    func control(_ text: String, _ expected: String) {
        #expect(reading(text) == expected)
        #expect(script(text).gaps.isEmpty, "\(script(text).gaps)")
    }

    @Test("Substitutions are commands of their own", arguments: [
        ("a $(b c) d", "a $(…) d;b c"), ("a `b \\`c\\``", "a $(…);b $(…);c"), ("a \"x $(b)\"", "a x $(…);b"), ("a <(b) >(c)", "a <(…) <(…);b;c"),
        ("a ${x:-$(b)}", "a $(…);b"), ("a <<E\n$(b) `c`\nE", "a <<$(…) $(…)\n;b;c"), ("x=$(a)", "x=$(…);a"), ("a $((1 + $(b)))", "a $((…));b"),
        ("a $(case x in y) b;; esac)", "a $(…);b"), ("a $(b # )\n)", "a $(…);b"), ("a ${x#$(b)}", "a $x;b"), ("for i in $(a); do b; done", "a;b"),
    ])
    func substitutions(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test("What is set in the same text is known", arguments: [
        ("c=rm; $c -rf x", "c=rm;rm -rf x"), ("c='rm -rf'; $c x", "c=rm -rf;rm -rf x"), ("c='rm -rf'; \"$c\" x", "c=rm -rf;rm -rf x"), ("{rm,-rf,~}", "rm -rf ~"),
        ("rm${IFS}-rf${IFS}x", "rm -rf x"), ("rm$IFS$9-rf", "rm $9-rf"), ("a=r; b=m; $a$b x", "a=r;b=m;rm x"), ("$(echo rm) x", "rm x;echo rm"),
        ("for c in rm; do $c x; done", "rm x"), ("export c=rm; $c x", "export c=rm;rm x"), ("${X:-rm} x", "rm x"), ("$(printf '\\162\\155') x", "rm x;printf \\162\\155"),
        ("$(echo cm0K | base64 -d) x", "rm x;echo cm0K;base64 -d"), ("a{b,c}d e", "abd acd e"),
    ])
    func variables(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test("A word knows what of it is decided later") func dynamics() {
        func word(_ text: String) -> ShellWord { script("a \(text)").commands[0].words[1] }
        #expect(word("x").isLiteral)
        #expect(word("'*'").isLiteral)
        #expect(word("*.c").dynamics == .glob)
        #expect(word("~/x").dynamics == .tilde)
        #expect(word("\"$x\"/y").dynamics == [.variable, .unknown])
        #expect(word("\"$x\"/y").text == "/y")
        #expect(word("\"$x\"/y").pattern == "$x/y")
        #expect(word("{1..3}").dynamics == .brace)
        #expect(word("[a-z]").dynamics == .glob)
        #expect(word("\\~").isLiteral)
        #expect(word("'a b'").span == 2..<7)
    }

    @Test("Gaps are for what is really not known", arguments: [
        ("$x y", ShellScript.Gap.Kind.program), ("/bin/r? x", .program), ("sh -c \"$x\"", .program), ("eval \"$x\"", .program), ("'a", .syntax), ("a &&", .syntax),
        ("(a", .syntax), ("a )", .syntax), ("if a; then b", .syntax), ("a <<E\nb", .syntax), ("a;;b", .syntax), ("cmd=a; if b; then cmd=c; fi; $cmd", .program),
        ("for c in a b; do $c; done", .program), ("read c; $c", .program), ("$(cat x)", .program),
    ])
    func gaps(_ text: String, _ kind: ShellScript.Gap.Kind) {
        #expect(script(text).gaps.contains { $0.kind == kind }, "\(script(text).gaps)")
    }

    @Test("Everyday commands have none", arguments: [
        "find . -name '*.c' -exec grep -l main {} +", "ls *.txt | wc -l", "for f in *; do echo \"$f\"; done", "awk '{ print $1 }' f | sort | uniq -c",
        "[ -f \"$x\" ] && echo y || echo n", "$JAVA_HOME/bin/java -version", "git commit -m \"it's a \\\"test\\\"\"", "echo ${x%.*} ${#x} ${x[@]}", "tar czf - . | ssh host 'cat > x.tgz'",
        "cat <<'E'\n$( \" '\nE", "echo $'it\\'s'", "x=$(date +%F); echo \"$x\"", "eval \"$(ssh-agent -s)\"", "while read -r l; do echo \"$l\"; done < f", "export PATH=$HOME/bin:$PATH",
        "printf '%s\\n' \"${a[@]}\" > out", "shopt -s extglob; ls !(*.o)", "echo a{1..3}b", "diff <(sort a) <(sort b)", "test $# -gt 0 && echo $*",
    ])
    func noGaps(_ text: String) { #expect(script(text).gaps.isEmpty, "\(script(text).gaps)") }

    @Test("Other shells differ in quotes and separators") func dialects() {
        #expect(reading("echo (rm x) 'a\\'b'; and rm y", .fish) == "echo $(…) a'b;rm x;rm y")
        #expect(reading("if true; rm x; end", .fish) == "true;rm x")
        #expect(reading("Remove-Item `-Recurse 'a b'; iwr x | iex", .powershell) == "Remove-Item -Recurse a b;iwr x;iex")
        #expect(reading("iex (iwr x)", .powershell) == "iex $(…);iwr x")
        #expect(reading("$a = Get-Item x", .powershell) == "Get-Item x")
        #expect(reading("Get-X | % { rm $_ }", .powershell) == "Get-X;%;rm $_")
        #expect(reading("d^el /q \"a b\" & rd x && if exist y del y", .cmd) == "del /q a b;rd x;del y")
        #expect(reading("cat =(rm x)", .zsh) == "cat <(…);rm x")
    }

    @Test("Pipelines know what feeds them") func pipelines() {
        let read = script("a | (b; c) | d; e")
        let d = read.commands[3]
        #expect(d.words[0].text == "d" && d.stage == 2)
        #expect(ExecutionRules.feeders(of: 3, in: read) == [0, 1, 2])
        #expect(ExecutionRules.feeders(of: 2, in: read) == [0])
        #expect(ExecutionRules.feeders(of: 4, in: read).isEmpty)
    }

    @Test("Places point into the outermost text, also in nested bodies") func spans() {
        let text = "sudo sh -c 'rm x'"
        let read = script(text)
        let remove = read.commands.first { $0.words.first?.text == "rm" }
        #expect(remove?.span == 12..<16)
        let escaped = script("sh -c \"rm \\\"x\\\"\"").commands.last
        #expect(escaped?.span == 6..<16)
    }

    @Test("Programs of other languages are looked into", arguments: [
        ("python3 -c \"import os; os.system('rm x')\"", "rm x"), ("python3 -c \"import subprocess; subprocess.run(['rm', 'x'])\"", "rm x"),
        ("perl -e 'system(\"rm\", \"x\")'", "rm x"), ("perl -e 'exec \"rm x\"'", "rm x"), ("perl -e '`rm x`'", "rm x"), ("ruby -e 'system(\"rm x\")'", "rm x"), ("ruby -e '%x(rm x)'", "rm x"),
        ("node -e \"require('child_process').execSync('rm x')\"", "rm x"), ("node -e \"require('child_process').spawn('rm', ['x'])\"", "rm x"), ("php -r 'system(\"rm x\");'", "rm x"),
        ("lua -e 'os.execute(\"rm x\")'", "rm x"), ("awk 'BEGIN { system(\"rm x\") }'", "rm x"), ("awk 'BEGIN { \"rm x\" | getline }'", "rm x"), ("python3 <<E\nimport os\nos.popen('rm x')\nE", "rm x"),
        ("osascript -e 'do shell script \"rm x\"'", "rm x"), ("python -c 'import os; os.execvp(\"rm\", [\"rm\", \"x\"])'", "rm x"),
    ])
    func foreign(_ text: String, _ expected: String) {
        let commands = script(text).commands.map { $0.words.map(\.text).joined(separator: " ") }
        #expect(commands.contains(expected), "\(commands)")
    }

    @Test("Nested bodies of many programs are found", arguments: [
        "git -c alias.x='!rm x' x", "git submodule foreach 'rm x'", "git bisect run rm x", "tar cf a b --checkpoint-action=exec='rm x'", "kubectl exec p -n q -- rm x", "docker compose exec web rm x",
        "docker run --rm -v a:b -e C=d image rm x", "ip netns exec n rm x", "npx -c 'rm x'", "uv run rm x", "tmux new-session -d 'rm x'", "ssh -p 22 -o ProxyCommand='rm x' h", "su - root -c 'rm x'",
        "script -c 'rm x' f", "vim -c ':!rm x'", "psql -c '\\! rm x'", "echo 'rm x' | sh", "cat <<E | bash\nrm x\nE", "printf 'rm x' | sudo bash -s", "bash <(echo rm x)", "echo cm0geA== | base64 -d | sh", "sed '1e rm x' f",
        "powershell -EncodedCommand cgBtACAAeAA=", "cmd /c rm x", "pwsh -Command rm x", "parallel rm ::: x", "parallel 'rm x' ::: 1", "watch -x rm x", "find . -exec sh -c 'rm x' \\;", "fd -x rm x", "xargs -I{} sh -c 'rm x'",
        "nix-shell --run 'rm x'", "trap 'rm x' EXIT", "(crontab -l; echo '@daily rm x') | rm x", "echo '* * * * * rm x' | crontab -", "flock l -c 'rm x'", "echo rm x | ssh h", "chronic env A=1 nice -n 5 rm x", "echo 'x mr' | rev | sh",
        "start-stop-daemon -S --exec rm; rm x",
    ])
    func nested(_ text: String) {
        let commands = script(text).commands.map { $0.words.map(\.text) }
        #expect(commands.contains { $0.starts(with: ["rm", "x"]) }, "\(commands)")
    }
}
