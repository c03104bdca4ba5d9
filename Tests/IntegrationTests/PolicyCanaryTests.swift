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
import MegaTesting
import MegaTools
import Synchronization
import Testing

/// An installation with a store of rules beside the workspace, and an agent that tries everything its tools offer to change it.
private final class Canary {
    let root: String
    let authorizer: PolicyAuthorizer
    private let tools: FileTools
    private let runner: BubblewrapRunner
    private let sealer: KeyedSealer

    var workspace: String { root + "/workspace" }
    var data: String { root + "/data" }
    var store: String { data + "/policies.sealed" }

    init() async throws {
        var generator = SystemRandomNumberGenerator()
        // Not below /tmp, which the sandbox replaces.
        root = "/var/lib/megabot-canary-\(String(generator.next(), radix: 36))"
        for folder in ["/workspace", "/data"] { try FileManager.default.createDirectory(atPath: root + folder, withIntermediateDirectories: true) }
        chmod(root + "/data", 0o700)
        sealer = KeyedSealer(masterKey: try await MasterKey.file(root + "/data/master.key"))
        try StorePlacement.check(stores: [root + "/data", root + "/data/policies.sealed"], writable: [root + "/workspace"])
        authorizer = try PolicyAuthorizer(store: PolicyFile(path: root + "/data/policies.sealed", sealer: sealer))
        try await authorizer.addRule(.deny, pattern: "canary")
        tools = try FileTools(root: root + "/workspace")
        runner = BubblewrapRunner(hiddenPaths: [root + "/data"])
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: root) } catch { _ = error }
    }

    /// Runs a command in the sandbox, as the tool for commands would.
    func run(_ command: String) async throws -> String {
        let output = Collected()
        let request = CommandRequest(command: .shell(command), workingDirectory: workspace, timeLimit: .seconds(20))
        _ = try await runner.run(request) { output.add($0.bytes) }
        return output.text
    }

    var bytes: [UInt8] { FileManager.default.contents(atPath: store).map { [UInt8]($0) } ?? [] }

    /// The rules a restart would find.
    func rules() throws -> [String] { try PolicyFile(path: store, sealer: sealer).rules().map { "\($0.verdict) \($0.pattern)" } }

    func writeFile(_ path: String, _ content: String) async throws {
        for tool in await tools.tools() where tool.definition.name == "write_file" {
            try await call(tool, ["path": .string(path), "content": .string(content)])
        }
    }

    private func call(_ tool: some Tool, _ arguments: JSONValue) async throws {
        let input = try arguments.decode(type(of: tool).Input.self)
        _ = try await tool.call(input, in: .forTesting())
    }
}

private final class Collected: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}

@Suite("The agent cannot change its rules", .enabled(if: FileManager.default.isWritableFile(atPath: "/var/lib") && FileManager.default.isExecutableFile(atPath: "/usr/bin/bwrap")))
struct PolicyCanaryTests {
    @Test("Commands in the sandbox cannot write, replace, rename, link to or remove the store", arguments: [
        "echo x > DATA/policies.sealed", "echo x >> DATA/policies.sealed", "rm -f DATA/policies.sealed", "rm -rf DATA", "mv DATA DATA.old", "mv DATA/policies.sealed x", "cp /etc/passwd DATA/policies.sealed",
        "mkdir -p DATA && cp /etc/passwd DATA/policies.sealed", "ln DATA/policies.sealed x; echo x > x", "ln -s DATA/policies.sealed x; echo x > x", "ln -s DATA d; echo x > d/policies.sealed", "ln -sf /etc/passwd DATA/policies.sealed",
        "chmod 777 DATA DATA/policies.sealed; echo x > DATA/policies.sealed", "truncate -s 0 DATA/policies.sealed", "mount --bind . DATA; echo x > DATA/policies.sealed", "umount DATA; echo x > DATA/policies.sealed",
        "umount -l DATA; rm DATA/policies.sealed", "unshare -Urm sh -c 'umount DATA; echo x > DATA/policies.sealed'", "echo x > /proc/1/root/DATA/policies.sealed", "for p in /proc/[0-9]*; do echo x > $p/root/DATA/policies.sealed; done",
        "echo x > ../data/policies.sealed", "cd ../data && rm -f *", "mv ../data ../data2; mkdir ../data", "mv ../workspace ../w2; ln -s data ../workspace", "touch ../data/policies.sealed.new && mv ../data/policies.sealed.new ../data/policies.sealed",
        "dd if=/dev/zero of=DATA/policies.sealed bs=1 count=1", "tar cf - /etc/passwd | tar xf - -C DATA", "find DATA -delete", "sed -i d DATA/policies.sealed", "python3 -c 'open(\"DATA/policies.sealed\",\"w\").write(\"x\")'",
        "perl -e 'rename \"/etc/passwd\", \"DATA/policies.sealed\"'", "cp DATA/master.key . ; cat master.key", "cat DATA/policies.sealed > stolen", "mknod d b 8 0; dd if=/dev/zero of=d bs=1 count=1", "debugfs -w -R 'rm DATA/policies.sealed' /dev/sda1",
    ])
    func commands(_ template: String) async throws {
        let canary = try await Canary()
        let before = canary.bytes
        #expect(!before.isEmpty)
        _ = try await canary.run(template.split(separator: "DATA", omittingEmptySubsequences: false).joined(separator: canary.data))
        #expect(canary.bytes == before)
        #expect(try canary.rules() == ["deny canary"])
        for name in ["master.key", "stolen"] where template.contains("DATA/") {
            let copied = FileManager.default.contents(atPath: canary.workspace + "/" + name) ?? Data()
            #expect(copied.isEmpty, "\(name) came out")
        }
        #expect(await canary.authorizer.rules().contains { $0.hasPrefix("deny: canary (chat") })
    }

    @Test("What lies in the workspace is changed by the same means, so that the canary would die") func control() async throws {
        let canary = try await Canary()
        let path = canary.workspace + "/policies.sealed"
        for command in ["echo x > policies.sealed", "ln -s policies.sealed x; echo y >> x", "mv policies.sealed z; cp z policies.sealed; rm z; echo z >> policies.sealed"] {
            let before = FileManager.default.contents(atPath: path)
            _ = try await canary.run(command)
            #expect(FileManager.default.contents(atPath: path) != before, "\(command)")
        }
        try await canary.writeFile("policies.sealed", "by the tool")
        #expect(FileManager.default.contents(atPath: path) == Data("by the tool".utf8))
    }

    @Test("The file tools find no way to the store", arguments: ["../data/policies.sealed", "DATA/policies.sealed", "link/policies.sealed", "file", "sub/../../data/policies.sealed"])
    func fileTools(_ template: String) async throws {
        let canary = try await Canary()
        let before = canary.bytes
        #expect(symlink(canary.data, canary.workspace + "/link") == 0)
        #expect(symlink(canary.store, canary.workspace + "/file") == 0)
        let path = template.split(separator: "DATA", omittingEmptySubsequences: false).joined(separator: canary.data)
        // Refused, or written to a file of the workspace in the place of a link; never through one.
        do { try await canary.writeFile(path, "x") } catch { _ = error }
        #expect(canary.bytes == before)
        #expect(try canary.rules() == ["deny canary"])
    }

    @Test("No mode gives a tool the right to change rules") func effects() {
        for mode in Mode.allCases { #expect(!mode.permittedEffects.contains(.changesPolicy)) }
    }
}
