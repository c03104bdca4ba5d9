// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity
import Testing

@Suite("Allow rules") struct AllowRuleTests {
    private func explain(_ allow: [String], _ text: String, presets: [PolicyPreset] = []) -> PolicyExplanation {
        PolicyAuthorizer.keepingAcceptable(allow.map { PolicyRule(.allow, $0) }, presets: presets, programs: AssumedPrograms()).authorizer.explain(Sample.command(text))
    }

    @Test("Variables for the look of output and /dev/null change nothing", arguments: [
        "git status", "git status > /dev/null", "git status 2>/dev/null", "git status 2>&1", "git status >/dev/null 2>&1", "git status < /dev/null", "LANG=C git status", "LC_ALL=C.UTF-8 git status",
        "NO_COLOR=1 git status", "TERM=dumb git status | wc -l", "/usr/bin/git status", "/bin/git status", "'git' \"status\"", "git status; git status && git status || git status", "git status\n",
    ])
    func surroundings(_ text: String) { #expect(explain(["git status", "wc"], text).verdict == .allow, "\(text): \(explain(["git status", "wc"], text).reason)") }

    @Test("Anything else around a command leads to a question", arguments: [
        "git status > x", "git status >> x", "git status >| x", "git status < x", "git status 2> x", "git status &> x", "git status <> x", "git status 3>&1", "git status >&x", "git status > $X", "git status <<< x", "git status <<E\nE",
        "A=b git status", "PATH=x git status", "LD_PRELOAD=x git status", "GIT_DIR=x git status", "LC_ALL=$X git status", "LANG=../x git status", "TERM=/x git status", "IFS=x git status", "git status; A=b", "export A; git status",
        "sudo git status", "env git status", "nice git status", "command git status", "sh -c 'git status'", "git status $(x)", "git status $X", "git status *", "git status ~", "git status {a,b}", "git() { id; }; git status",
        "alias git=id; git status", "hash -p x git; git status", "cd x && git status", "./git status", "x/git status", "/tmp/git status", "git status &&", "git status |", "git status 'x", "if git status; then id; fi", "git -C x status",
        "git\u{00A0}status", "g\u{0456}t status", "git status \u{202E}x",
    ])
    func other(_ text: String) { #expect(explain(["git status", "cd"], text).verdict != .allow, "\(text)") }

    @Test("The explanation names the rule, each part and what would change the answer") func explanation() {
        let first = explain(["git status"], "git status && git log -1; rm -rf x")
        #expect(first.verdict == .ask)
        #expect(first.parts.map(\.verdict) == [.allow, .ask, .ask])
        #expect(first.parts[0].rule == "allow git status")
        #expect(first.advice.contains { $0.contains("“allow git log”") })
        let second = explain(["sort"], "sort -o x y")
        #expect(second.reason.contains("-o") && second.reason.contains("write a file"))
        #expect(explain(["git status"], "git status").rule == "allow git status")
    }

    @Test("The read-only preset looks and does nothing else") func readOnly() {
        for text in [
            "ls", "ls -la | head -3", "cat a | grep -n x | sort | uniq -c", "sed -n 1,5p f", "sed -n '/a/,/b/p' f", "find . -name x", "rg x -n", "echo 'a' ; ls", "cd src && ls", "wc -l f", "base64 f", "numfmt 1000", "grep -R \"x\" -n || true",
            "jq -r '.a[] | .b' f", "stat f", "which git", "uname -a",
        ] { #expect(explain([], text, presets: [.readOnly]).verdict == .allow, "\(text): \(explain([], text, presets: [.readOnly]).reason)") }
        for text in [
            "rm x", "git status", "git diff", "sed -i s/a/b/ f", "sed 's/a/b/' f", "find . -delete", "sort -o a b", "base64 -o x", "rg --pre x y", "ls > x", "date -s x", "hostname x", "xargs ls", "cat $(x)", "tee x", "python3 x", "awk 1 x", "cargo check",
            "curl https://example.org", "sh -c ls", "bash -lc git status", "'ls x'", "A=b ls", "ls & rm x", "cat < x",
        ] { #expect(explain([], text, presets: [.readOnly]).verdict != .allow, "\(text)") }
        for text in ["git status", "git log -p -1", "git branch", "git branch --show-current", "git diff HEAD"] {
            #expect(explain([], text, presets: [.gitReadOnly]).verdict == .allow, "\(text)")
        }
        for text in ["git branch x", "git branch -d x", "git -C x status", "git -c a=b log", "git log --output=x", "git diff --ext-diff", "git push", "git show --textconv x"] {
            #expect(explain([], text, presets: [.gitReadOnly]).verdict != .allow, "\(text)")
        }
    }

    @Test("A tool called like a program is allowed by its own name, and denied by either") func toolsCalledLikePrograms() async throws {
        func decide(_ verdict: PolicyVerdict, _ pattern: String, _ action: ProposedAction) throws -> PolicyVerdict {
            try PolicyAuthorizer(rules: [PolicyRule(verdict, pattern)], programs: AssumedPrograms()).explain(action).verdict
        }
        let (mail, bash) = (Sample.tool("mail", .sendsMessages), Sample.tool("bash", .executes))
        #expect(try decide(.allow, "tool:mail", mail) == .allow)
        #expect(try decide(.allow, "tool:bash", bash) == .allow)
        #expect(try decide(.allow, "tool:mail", Sample.tool("mail_all", .sendsMessages)) == .ask)
        for command in ["bash x", "mail x", "tool:bash"] { #expect(try decide(.allow, "tool:bash", Sample.command(command)) == .ask) }
        #expect(try decide(.allow, "tool:run_command", Sample.command("ls")) == .ask)
        #expect(try decide(.deny, "tool:mail", mail) == .deny)
        #expect(try decide(.deny, "tool:mail", Sample.command("mail x")) == .ask)
        #expect(try decide(.deny, "tool:run_command", Sample.command("ls")) == .deny)
        #expect(try decide(.deny, "mail", mail) == .deny)
        #expect(try decide(.deny, "mail", Sample.command("mail x")) == .deny)
        let both = try PolicyAuthorizer(rules: [PolicyRule(.allow, "tool:mail"), PolicyRule(.deny, "mail")], programs: AssumedPrograms())
        #expect(both.explain(mail).verdict == .deny)
        for pattern in ["tool:", "tool:a b", "tool:a*", "tool:a:b", "tool:../x"] {
            for verdict in PolicyVerdict.allCases { #expect(throws: PolicyError.self, "\(pattern)") { try decide(verdict, pattern, mail) } }
        }
    }

    @Test("A program no rule can allow is refused for what it is, and a tool of its name is pointed to", arguments: ["bash", "sudo ls", "sh -c ls", "python3"])
    func refusals(_ pattern: String) {
        let refused = PolicyAuthorizer.keepingAcceptable([PolicyRule(.allow, pattern)], programs: AssumedPrograms()).refused.joined()
        #expect(refused.contains("no stored rule can allow"), "\(refused)")
        #expect(refused.contains("“tool:\(pattern)”") == !pattern.contains(" "), "\(refused)")
    }

    @Test("The reference system's names mean the tools they mean here") func referenceNames() async throws {
        func decide(_ verdict: PolicyVerdict, _ pattern: String, _ action: ProposedAction) throws -> PolicyVerdict {
            try PolicyAuthorizer(rules: [PolicyRule(verdict, pattern)], programs: AssumedPrograms()).explain(action).verdict
        }
        #expect(try decide(.allow, "shell.git status", Sample.command("git status")) == .allow)
        for pattern in ["shell", "shell.*", "shell.execute", "system.run", "run_command"] {
            #expect(try decide(.deny, pattern, Sample.command("ls")) == .deny, "\(pattern)")
            #expect(try decide(.allow, pattern, Sample.command("ls")) == .ask, "\(pattern)")
        }
        #expect(try decide(.allow, "filesystem.write", Sample.tool("write_file", .writesFiles)) == .allow)
        #expect(try decide(.deny, "filesystem", Sample.tool("read_file", .readsFiles)) == .deny)
        #expect(try decide(.deny, "filesystem.write", Sample.tool("read_file", .readsFiles)) == .allow)
        #expect(try decide(.deny, "github.issues", Sample.tool("github_issues_create", .network)) == .deny)
        #expect(try decide(.deny, "github.issues", Sample.tool("github_pulls_create", .network)) == .ask)
        #expect(try decide(.allow, "github.issues.*", Sample.tool("github_issues_create", .network)) == .allow)
        #expect(try decide(.deny, "*", Sample.tool("read_file", .readsFiles)) == .deny)
    }
}
