// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import MegaCore
import MegaSecurity
import Testing

@Suite("Policy rules") struct PolicyAuthorizerTests {
    private enum Answer: String { case allow, deny, ask }

    private func answer(_ rules: [PolicyRule], _ action: ProposedAction, default verdict: PolicyVerdict = .ask) async throws -> Answer {
        switch try await PolicyAuthorizer(rules: rules, defaultVerdict: verdict).decide(action) {
        case .allow: .allow
        case .deny: .deny
        case .askHuman: .ask
        }
    }

    @Test("Without rules, reading is allowed and consequences are asked about") func defaults() async throws {
        #expect(try await answer([], Sample.tool("read_file", .readsFiles)) == .allow)
        #expect(try await answer([], Sample.tool("remember", .writesMemory)) == .allow)
        #expect(try await answer([], Sample.tool("write_file", .writesFiles)) == .ask)
        #expect(try await answer([], Sample.command("ls")) == .ask)
        #expect(try await answer([], Sample.command("ls"), default: .deny) == .deny)
        #expect(try await answer([], Sample.command("ls"), default: .allow) == .ask)
    }

    @Test("Other configured rules hold at once, rules from chats stay, and rules that cannot be read change nothing") func replacing() async throws {
        let folder = try ScratchFolder()
        let store = PolicyFile(path: folder.path + "/policies", sealer: KeyedSealer(masterKey: .random()))
        let policy = try PolicyAuthorizer(rules: [PolicyRule(.allow, "ls")], store: store)
        try await policy.addRule(.deny, pattern: "date")
        try policy.replaceConfigured(rules: [PolicyRule(.deny, "ls"), PolicyRule(.allow, "pwd")])
        func isDenied(_ text: String) async throws -> Bool {
            if case .deny = try await policy.decide(Sample.command(text)) { true } else { false }
        }
        for command in ["ls", "date"] { #expect(try await isDenied(command)) }
        #expect(throws: PolicyError.self) { try policy.replaceConfigured(rules: [PolicyRule(.allow, "bash")]) }
        for command in ["ls", "date"] { #expect(try await isDenied(command)) }
        #expect(await policy.rules().filter { $0.contains("date") }.count == 1)
    }

    @Test("Secrets may be bound to programs that do one thing, whatever their sub-commands, and to none that run what they are told") func bindings() {
        for program in ["gh", "/usr/bin/gh", "git", "curl", "aws", "unheard-of"] { #expect(PolicyVocabulary.standard.leak(of: program) == nil, "\(program)") }
        for program in ["bash", "/bin/sh", "python3.12", "env", "sudo", "xargs"] { #expect(PolicyVocabulary.standard.leak(of: program) != nil, "\(program)") }
    }

    @Test("Deny beats ask beats allow") func order() async throws {
        let rules = [PolicyRule(.allow, "ls"), PolicyRule(.ask, "ls -l"), PolicyRule(.deny, "ls -la")]
        #expect(try await answer(rules, Sample.command("ls")) == .allow)
        #expect(try await answer(rules, Sample.command("ls -l")) == .ask)
        #expect(try await answer(rules, Sample.command("ls -al")) == .deny)
        #expect(try await answer(rules, Sample.command("ls && ls -a -l")) == .deny)
        #expect(try await answer([PolicyRule(.deny, "read_file")], Sample.tool("read_file", .readsFiles)) == .deny)
        #expect(try await answer([PolicyRule(.deny, "*")], Sample.command("ls")) == .deny)
    }

    @Test("An allow rule holds for exactly its words") func allowWords() async throws {
        let rules = [PolicyRule(.allow, "git status"), PolicyRule(.allow, "shell.ls")]
        for (text, expected): (String, Answer) in [
            ("git status", .allow), ("git status -s", .allow), ("ls", .allow), ("ls; git status", .allow), ("git statusx", .ask), ("git -c a=b status", .ask),
            ("git", .ask), ("./git status", .ask), ("/tmp/git status", .ask), ("git status > f", .ask), ("git status > /dev/null 2>&1", .allow),
            ("A=1 git status", .ask), ("git status $X", .ask), ("git status; id", .ask), ("git status\u{200B}", .deny),
        ] {
            #expect(try await answer(rules, Sample.command(text)) == expected, "\(text)")
        }
    }

    @Test("A deny rule for one tool's commands may end in a star, as one for commands may") func denyToolCommands() async throws {
        for pattern in ["run_command:rm *", "run_command:rm", "rm *"] {
            let rules = [PolicyRule(.allow, "ls"), PolicyRule(.deny, pattern)]
            #expect(try await answer(rules, Sample.command("rm -rf build")) == .deny, "\(pattern)")
            #expect(try await answer(rules, Sample.command("ls")) == .allow, "\(pattern)")
        }
    }

    @Test("A deny rule is not fooled by spelling") func denySpelling() async throws {
        let rules = [PolicyRule(.deny, "rm -rf"), PolicyRule(.deny, "git push")]
        for text in ["rm -rf x", "rm  -fr x", "rm -r -f x", "/bin/rm -rf x", "sudo rm x -rf", "r''m -rf x", "git push", "git -C /x push origin", "git --no-pager push"] {
            #expect(try await answer(rules, Sample.command(text)) == .deny, "\(text)")
        }
        for text in ["rm -r x", "git commit -m push", "git log push"] { #expect(try await answer(rules, Sample.command(text)) == .ask, "\(text)") }
    }

    @Test("Text from outside turns an allowed effect into a question") func influence() async throws {
        let rules = [PolicyRule(.allow, "ls"), PolicyRule(.allow, "write_file")]
        #expect(try await answer(rules, Sample.command("ls", influence: .web)) == .ask)
        #expect(try await answer(rules, Sample.tool("write_file", .writesFiles, influence: .unknown)) == .ask)
        #expect(try await answer(rules, Sample.tool("write_file", .writesFiles)) == .allow)
        #expect(try await answer(rules, Sample.tool("read_file", .readsFiles, influence: .web)) == .allow)
    }

    @Test("A tool's name allows no command, and a tool rule can be limited to a path") func tools() async throws {
        #expect(try await answer([PolicyRule(.allow, "run_command")], Sample.command("ls")) == .ask)
        #expect(try await answer([PolicyRule(.deny, "run_command")], Sample.command("ls")) == .deny)
        let rules = [PolicyRule(.allow, "write_file:drafts/")]
        #expect(try await answer(rules, Sample.tool("write_file", .writesFiles, paths: ["/w/drafts/a.txt"])) == .allow)
        #expect(try await answer(rules, Sample.tool("write_file", .writesFiles, paths: ["/w/other/a.txt"])) == .ask)
        let two = Sample.tool("write_file", .writesFiles, paths: ["/w/drafts/a.txt", "/w/keys/b"])
        #expect(try await answer(rules, two) == .ask)
        #expect(try await answer(rules + [PolicyRule(.deny, "write_file:keys/")], two) == .deny)
        #expect(try await answer([PolicyRule(.allow, "run_command:ls")], Sample.command("ls -l")) == .allow)
    }

    @Test("Programs that run anything can never be allowed", arguments: [
        "python3", "python3.12", "sh -c ls", "env", "sudo ls", "git", "xargs ls", "find . -delete", "find . -exec", "ssh host", "docker exec x", "npx", "bash",
        "/bin/sh", "awk -f x", "git -c a=b status", "*", "git diff --ext-diff", "ls; rm", "echo $X", "ls > f", "kubectl exec p", "node",
    ])
    func never(_ pattern: String) async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let authorizer = try PolicyAuthorizer(store: PolicyFile(path: folder.path + "/rules", sealer: TestSealer()))
        await #expect(throws: PolicyError.self) { try await authorizer.addRule(.allow, pattern: pattern) }
        try await authorizer.addRule(.deny, pattern: pattern)
    }

    @Test("Rules from a chat hold at once, survive a restart and are listed with their origin") func persistence() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let file = PolicyFile(path: folder.path + "/rules", sealer: TestSealer())
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let first = try PolicyAuthorizer(rules: [PolicyRule(.deny, "rm")], store: file, now: { time })
        try await first.addRule(.allow, pattern: "ls")
        let again = try PolicyAuthorizer(rules: [PolicyRule(.deny, "rm")], store: file)
        for authorizer in [first, again] {
            #expect(try await authorizer.decide(Sample.command("ls")) == .allow(rule: "allow ls"))
            let lines = await authorizer.rules()
            #expect(lines.contains("deny: rm (configuration)"))
            #expect(lines.contains { $0.hasPrefix("allow: ls (chat, since 2027-01-15") })
        }
        #expect(permissions(folder.path + "/rules") == 0o600)
    }

    /// A file with three rules, its lines changed.
    private func start(changing change: (inout [Substring]) -> Void, key: UInt64 = 7) async throws -> PolicyError? {
        let folder = try ScratchFolder(in: "/tmp")
        let authorizer = try PolicyAuthorizer(store: PolicyFile(path: folder.path + "/rules", sealer: TestSealer()))
        for word in ["canary", "ls", "rm"] { try await authorizer.addRule(word == "ls" ? .allow : .deny, pattern: word) }
        let text = String(decoding: try #require(folder.read("rules")), as: UTF8.self)
        #expect(!text.contains("canary") && !text.contains("deny") && !text.contains(Data("canary".utf8).base64EncodedString().dropLast(4)))
        var lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        change(&lines)
        try folder.write(lines.map { $0 + "\n" }.joined(), to: "rules")
        chmod(folder.path + "/rules", 0o600)
        do {
            _ = try PolicyAuthorizer(store: PolicyFile(path: folder.path + "/rules", sealer: TestSealer(key: key)))
            return nil
        } catch {
            return error as? PolicyError
        }
    }

    @Test("The rules' file moves to new keys, and opens when the old ones are gone") func rotation() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await KeyRing.open(folder.path + "/keys", source: .file(folder.path + "/master"))
        let file = PolicyFile(path: folder.path + "/rules", sealer: ring.sealer)
        #expect(try await file.resealNext(limit: 1) == ResealingProgress(examined: 0, resealed: 0, isComplete: true))
        let authorizer = try PolicyAuthorizer(store: file)
        try await authorizer.addRule(.deny, pattern: "rm")
        try await authorizer.addRule(.allow, pattern: "ls")
        #expect(try await file.resealNext(limit: 1).resealed == 0)
        try await ring.rotate()
        #expect(try await file.resealNext(limit: 1).resealed == 2)
        try await ring.retireOldKeys()
        #expect(try PolicyFile(path: folder.path + "/rules", sealer: ring.sealer).rules().map(\.pattern) == ["rm", "ls"])
        #expect(permissions(folder.path + "/rules") == 0o600)
        var text = try #require(folder.read("rules"))
        text[10] ^= 1
        try folder.write(String(decoding: text, as: UTF8.self), to: "rules")
        chmod(folder.path + "/rules", 0o600)
        try await ring.rotate()
        await #expect(throws: PolicyError.self) { try await file.resealNext(limit: 1) }
    }

    @Test("The rules' file is sealed, and a line changed, moved, added or removed stops the start, with the line") func brokenFile() async throws {
        #expect(try await start { _ in } == nil)
        #expect(try await start { $0[1] = "{\"verdict\":\"allow\",\"pattern\":\"rm\",\"origin\":\"chat\"}" }?.reason.contains("Line 2") == true)
        #expect(try await start { $0.swapAt(0, 1) }?.reason.contains("Line 1") == true)
        #expect(try await start { $0.removeLast() }?.code == .storeUnavailable)
        #expect(try await start { $0.removeFirst() }?.code == .storeUnavailable)
        #expect(try await start { $0.append($0[1]) }?.code == .storeUnavailable)
        #expect(try await start { $0[2] = $0[1] }?.reason.contains("Line 3") == true)
        #expect(try await start { $0[2] = $0[2].dropLast(6) }?.reason.contains("Line 3") == true)
        #expect(try await start(changing: { _ in }, key: 8)?.reason.contains("another key") == true)
    }

    @Test("Many rules added at once are all kept") func concurrent() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let file = PolicyFile(path: folder.path + "/rules", sealer: TestSealer())
        let authorizer = try PolicyAuthorizer(store: file)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 { group.addTask { try await authorizer.addRule(.deny, pattern: "p\(index)") } }
            try await group.waitForAll()
        }
        let lines = await (try PolicyAuthorizer(store: file)).rules()
        #expect((0..<20).allSatisfy { index in lines.contains { $0.hasPrefix("deny: p\(index) ") } })
    }
}
