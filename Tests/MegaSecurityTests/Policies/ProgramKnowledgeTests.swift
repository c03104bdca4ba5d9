// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@testable import MegaSecurity

@Suite("Knowledge of programs' arguments") struct ProgramKnowledgeTests {
    @Test("The tables can be read to the last word") func tables() {
        #expect(ProgramKnowledge.table.mistakes == [])
        #expect(ProgramKnowledge.table.entries.count > 900)
    }

    private func words(_ text: String) -> [String] { ShellInspector().inspect(text).simpleCommands.first ?? [] }

    @Test("Plain uses pass", arguments: [
        "ls -la src", "cat a b", "head -n 5 f", "sort -k2 -n f", "sort -t, -k 3 f", "uniq -c f", "cut -d: -f1 /etc/passwd", "tr a-z A-Z", "wc -l f",
        "grep -rn 'a|b' src", "grep -e '-o' f", "rg -n needle src", "find . -name '*.md' -type f", "find src -newer a -maxdepth 2", "sed -n 1,5p f",
        "sed 's/a/b/g' f", "sed -e 's/w/e/' -e 2d f", "awk '{print $1}' f", "awk -F: '$3 > 100 {print $1, $2 / 2}' f", "awk '/a|b/ {n++} END {print n}' f",
        "tar tf a.tar", "tar -tvf a.tar", "tar --list --file a.tar", "git status -s", "git log --oneline -n 5", "git log --since=2.weeks --author ana",
        "git diff HEAD~1 -- src", "git commit -m 'fix: a; b'", "git commit -m --output=x", "git branch --list", "git push origin main", "git clone https://example.org/x.git",
        "npm test", "npm run build", "cargo build --release", "swift build", "go test -v ./...", "make test", "pytest tests", "docker ps -a", "kubectl get pods",
        "date +%F", "date -d yesterday", "echo 'a; b && c | d'", "printf '%s' x", "test -f a", "[ -d b ]", "curl https://example.org/x", "wget -q https://example.org/x",
        "journalctl -u nginx -n 50 --no-pager", "systemctl status nginx", "ip addr show", "ps aux", "jq .a f.json", "base64 -d f", "diff -u a b", "pip list",
        "apt-get install -y jq", "unknown-tool --verbose report.txt", "rm a.txt", "cp a b", "mkdir -p a/b", "file a.png", "tree -L 2",
    ])
    func plain(_ text: String) {
        let command = words(text)
        #expect(ProgramKnowledge.finding(in: command) == nil, "\(text): \(String(describing: ProgramKnowledge.finding(in: command)))")
    }

    @Test("Arguments that run, write, load, send or change something do not", arguments: [
        "sort -o f f", "sort -no f f", "sort --out=f f", "sort --compress-prog x f", "sort -T /x f", "uniq a b", "shuf -o x y", "split --filter=x f",
        "grep -f list x", "rg --pre x y", "rg -z x", "rg --hostname-bin=x y", "ag --pager x y", "find . -delete", "find . -exec id +", "find . -ok id +", "find . -fls x",
        "find . -fprintf x y", "fd -x id", "fd -HIX id", "sed -i s/a/b/ f", "sed -ni p f", "sed --in-pl s/a/b/ f", "sed 'w x' f", "sed 's/a/b/w x' f", "sed 's/a/b/e' f", "sed -n '$!e id' f",
        "sed '1r /etc/shadow' f", "sed -f s f", "sed xp f", "sed e", "sed 's#[#]#e#e' f", "sed -e p -e 'e id' f", "sed --expression='e id' f", "awk 'BEGIN {system(\"id\")}'", "awk '{print | \"id\"}' f",
        "awk '{print > \"x\"}' f", "awk '{ \"id\" | getline }' f", "awk -f x f", "awk -i inplace 1 f", "awk '@load \"x\"; 1' f", "awk '{print $1 >> $2}' f",
        "tar xf a.tar", "tar -xf a.tar", "tar tf a.tar -I x", "tar --use-compress-program=x -tf a", "tar tf a --checkpoint-action=exec=x", "tar tf a --to-command x", "tar cf a b",
        "git log --output=x", "git diff --ext-diff", "git diff --textconv", "git grep -Ox y", "git branch -D main", "git branch --del main", "git push --force", "git push origin +main", "git push origin :main",
        "git push --receive-pack=x o", "git fetch --upload-pack=x o", "git clone ext::x", "git clone -c a=b x", "git clone --template=x y", "git commit --amend", "git commit -F x", "git add -f x",
        "git stash pop", "git checkout .", "git checkout -- a", "git reset --hard", "git clean -fd", "git archive --exec=x", "git frobnicate", "git bisect run x", "git config a b", "git difftool", "git remote add o x", "git remote set-url o x",
        "npm exec x", "npm install -g x", "npm test --prefix=x", "npm run x --script-shell=y", "cargo run", "cargo build --config x", "go run x", "go test -exec x", "go build -toolexec=x", "make -f x t", "make test --eval=x",
        "docker run x", "docker exec c x", "kubectl exec p", "kubectl get pods --kubeconfig=x", "helm plugin install x", "gh api x", "pip install x", "apt-get install -o a=b x", "apt-get install -oDebug=x y",
        "curl -o x https://example.org", "curl -sSLo x https://example.org", "curl https://a.example https://b.example", "curl -K x", "curl -d @x https://example.org", "curl -T x https://example.org", "curl -H 'A: b' https://example.org", "curl file:/etc/passwd",
        "wget -O x https://example.org", "wget --post-file=x https://example.org", "wget --use-askpass=x y", "wget -e a=b y", "man -P x y", "man --pag=x y", "less +x f", "less -o x f",
        "date -s 1", "date 010100002030", "hostname x", "jq -f x", "yq -i . f", "xxd -r a b", "base64 -o x", "file -C -m x", "tree -o x", "bat --pager x f", "pandoc -o x y", "pandoc --filter x y",
        "test -v 'a[$(id)]'", "[ 'a[`id`]' -eq 1 ]", "printf -v x y", "gcc -wrapper x,y z", "gcc -fplugin=x y", "gcc -B/x y", "zip -T -TT x y", "openssl enc -in x", "openssl s_client x",
        "journalctl --vacuum-time=1s", "systemctl edit x", "systemctl link x", "ip netns exec a b", "ip -batch x", "nmap --script=x y", "tcpdump -z x", "rm -rf x", "cp -t /x y", "dpkg -i x", "rpm --eval x", "rpm -i --pipe x y",
        "unknown-tool /bin/sh", "unknown-tool --exec x", "unknown-tool exec:/bin/sh,pty", "unknown-tool 'a;b'", "unknown-tool -c x", "unknown-tool --command=sh", "unknown-tool ./x", "unknown-tool '$(id)'",
        "python3 -c x", "bash x", "env x", "sudo x", "ssh h", "vim x", "xargs x", "python3.12 x", "busybox ls", "nice x", "tmux", "psql",
    ])
    func risky(_ text: String) {
        #expect(ProgramKnowledge.finding(in: words(text)) != nil, "\(text)")
    }

    @Test("What no rule can allow is said with a reason") func refused() {
        for words in [["git"], ["git", "-c", "a=b"], ["git", "x"], ["npm"], ["npm", "exec"], ["sh"], ["make"], ["sort", "-o"], ["tool", "--exec"], []] {
            #expect(ProgramKnowledge.reasonAgainstAllowing(words) != nil, "\(words)")
        }
        for words in [["git", "status"], ["npm", "test"], ["sort"], ["make", "test"], ["tool"], ["awk"], ["tar"], ["curl", "https://example.org"]] {
            #expect(ProgramKnowledge.reasonAgainstAllowing(words) == nil, "\(words)")
        }
    }

    @Test("Whatever the arguments are, the answer comes") func random() {
        var generator = SeededGenerator(seed: 7)
        let programs = ["sed", "awk", "tar", "git", "find", "sort", "curl", "unknown", "npm", "test", "openssl"]
        let pieces = ["-", "--", "e", "w", "s/", "/", "\\", "[", "]", "'", "\"", "{", "}", ";", "\n", "$", "a", "|", ">", "1", ",", "=", "log", "é", "/bin/sh", "y"]
        for _ in 0..<20_000 {
            var command = [programs.randomElement(using: &generator) ?? ""]
            for _ in 0..<Int.random(in: 0..<4, using: &generator) {
                command.append((0..<Int.random(in: 0..<8, using: &generator)).compactMap { _ in pieces.randomElement(using: &generator) }.joined())
            }
            _ = ProgramKnowledge.finding(in: command)
            _ = ProgramKnowledge.reasonAgainstAllowing(command)
        }
    }
}
