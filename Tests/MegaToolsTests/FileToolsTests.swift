// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#endif
import MegaCore
import MegaTools
import Synchronization
import Testing

/// Raised once, read from anywhere.
private final class Flag: Sendable {
    private let state = Atomic<Bool>(false)
    var isUp: Bool { state.load(ordering: .relaxed) }
    func raise() { state.store(true, ordering: .relaxed) }
}

@Suite("File tools") struct FileToolsTests {
    private let folder: ScratchFolder
    private let provider: FileTools

    init() throws {
        folder = try ScratchFolder()
        provider = try FileTools(root: folder.path, limits: FileLimits(readBytes: 1_000, writeBytes: 5_000, listEntries: 50, searchMatches: 5))
    }

    private func tool(_ name: String) async throws -> any Tool { try #require(await provider.tools().first { $0.definition.name == name }) }
    private func run(_ name: String, _ arguments: JSONValue) async throws -> String { try await call(try await tool(name), arguments).text }
    private func code(_ name: String, _ arguments: JSONValue) async throws -> FileToolError.Code? {
        do {
            _ = try await run(name, arguments)
            return nil
        } catch let error as FileToolError {
            return error.code
        }
    }

    @Test("Write, list, read and search work together") func together() async throws {
        #expect(try await run("write_file", ["path": "notes/a.txt", "content": "one\nTwo\nthree\n"]) == "Created notes/a.txt, 14 bytes.")
        #expect(try await run("write_file", ["path": "notes/a.txt", "content": "one\nTwo\n"]).hasPrefix("Replaced notes/a.txt: 14"))
        #expect(try await run("list_files", [:]) == "notes/")
        #expect(try await run("list_files", ["recursive": true]) == "notes/\nnotes/a.txt  8 bytes")
        #expect(try await run("list_files", ["path": "notes"]) == "a.txt  8 bytes")
        #expect(try await run("read_file", ["path": "notes/a.txt"]) == "one\nTwo\n")
        #expect(try await run("read_file", ["path": .string(folder.path + "/notes/a.txt")]) == "one\nTwo\n")
        #expect(try await run("search_files", ["text": "tw"]) == "Nothing found.")
        #expect(try await run("search_files", ["text": "tw", "ignore_case": true]) == "notes/a.txt:2: Two")
        #expect(try await run("search_files", ["name": "*.txt"]) == "notes/a.txt")
        #expect(try await run("search_files", ["name": "notes/*.md"]) == "Nothing found.")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/notes") == ["a.txt"])
    }

    @Test("Long files come in parts that make up the whole, also between the bytes of a character") func parts() async throws {
        let text = String(repeating: "aé日😀", count: 400)
        try folder.write(text, to: "long")
        var offset = 0
        var whole = ""
        while true {
            let part = try await run("read_file", ["path": "long", "offset": .integer(Int64(offset))])
            guard let mark = part.firstRange(of: "\n[") else {
                whole += part
                break
            }
            whole += part[..<mark.lowerBound]
            offset = try #require(Int(part.split(separator: " ").last?.filter(\.isNumber) ?? ""))
        }
        #expect(whole == text)
    }

    @Test("Nothing outside the workspace can be reached", arguments: [
        "../x", "a/../../x", "/etc/passwd", "link/passwd", "filelink", "..", "/", "notes/../../etc/passwd", "loop/x",
    ])
    func outside(_ path: String) async throws {
        symlink("/etc", folder.path + "/link")
        symlink("/etc/passwd", folder.path + "/filelink")
        symlink("loop", folder.path + "/loop")
        #expect(try await code("read_file", ["path": .string(path)]) == .outsideWorkspace)
        let written = try await code("write_file", ["path": .string(path), "content": "x"])
        #expect(written == (path == "filelink" ? .destinationIsLink : .outsideWorkspace))
        if path != "filelink" { #expect(try await code("list_files", ["path": .string(path)]) == .outsideWorkspace) }
        #expect(try await run("search_files", ["text": "root:"]) == "Nothing found.")
        #expect(try await run("list_files", ["recursive": true]).contains("link  (symbolic link, not followed)"))
    }

    @Test("What other programs run or obey by themselves is not written, at any depth and in any case", arguments: [
        ".git/hooks/pre-commit", "sub/.git/hooks/pre-commit", ".GIT/config", ".git/commondir", ".git", ".bashrc", "sub/.envrc", ".vscode/tasks.json",
    ])
    func protected(_ path: String) async throws {
        #expect(try await code("write_file", ["path": .string(path), "content": "x"]) == .protected)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/" + path))
    }

    @Test("Names that only resemble protected ones are written", arguments: ["git/hooks/x", ".gitignore", "bashrc", "a.git/config", ".github/workflows/x.yml"])
    func unprotected(_ path: String) async throws {
        #expect(try await run("write_file", ["path": .string(path), "content": "x"]).hasPrefix("Created"))
    }

    @Test("Devices, pipes and folders are refused, at once") func kinds() async throws {
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        try FileManager.default.createDirectory(atPath: folder.path + "/dir", withIntermediateDirectories: false)
        for name in ["pipe", "dir"] {
            #expect(try await code("read_file", ["path": .string(name)]) == .wrongKind)
            #expect(try await code("write_file", ["path": .string(name), "content": "x"]) == .wrongKind)
        }
        #expect(try await code("read_file", ["path": "missing"]) == .notFound)
        #expect(try await code("read_file", ["path": ""]) == .wrongKind)
        #expect(try await code("write_file", ["path": "a", "content": .string(String(repeating: "x", count: 5_001))]) == .tooLarge)
        #expect(try await run("search_files", ["text": "x"]) == "Nothing found.")
    }

    @Test("Binary files are described, controls are taken out") func binary() async throws {
        #expect(FileManager.default.createFile(atPath: folder.path + "/p.png", contents: Data([0x89, 0x50, 0x4E, 0x47, 0, 1, 2])))
        #expect(try await run("read_file", ["path": "p.png"]).contains("PNG image, 7 bytes"))
        try folder.write("a\u{1B}[31mb\u{202E}c", to: "esc")
        #expect(try await run("read_file", ["path": "esc"]) == "abc")
    }

    @Test("A write's preview is bound to what is there and what would be written") func bindings() async throws {
        let write = try await tool("write_file")
        let arguments: JSONValue = ["path": "f", "content": "new\n"]
        let absent = try #require(try await preview(write, arguments))
        #expect(absent.bindings["existing"] == "absent")
        #expect(absent.paths == [provider.root + "/f"])
        try folder.write("old\n", to: "f")
        let present = try #require(try await preview(write, arguments))
        #expect(present.summary.contains("- old") && present.summary.contains("+ new"))
        try folder.write("oLd\n", to: "f")
        let changed = try #require(try await preview(write, arguments))
        #expect(absent != present && present.bindings["existing"] != changed.bindings["existing"])
        #expect(try await preview(write, arguments) == changed)
        #expect(try await preview(write, ["path": "f", "content": "other"])?.bindings["content"] != changed.bindings["content"])
    }

    @Test("Limits are said") func limits() async throws {
        for index in 0..<60 { try folder.write("needle\n", to: "f\(index)") }
        #expect(try await run("list_files", [:]).hasSuffix("… and more; list a folder below or search."))
        let found = try await run("search_files", ["text": "needle"])
        #expect(found.split(separator: "\n").count == 6)
        #expect(found.hasSuffix("… and more; narrow the search."))
    }

    @Test("A folder swapped for a link in the middle never leads outside", .timeLimit(.minutes(2))) func race() async throws {
        let outside = try ScratchFolder()
        try outside.write("canary", to: "secret")
        try FileManager.default.createDirectory(atPath: folder.path + "/real", withIntermediateDirectories: false)
        try folder.write("inside", to: "real/secret")
        let flag = Flag()
        let (root, target) = (folder.path, outside.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !flag.isUp {
                    rename(root + "/real", root + "/aside")
                    symlink(target, root + "/real")
                    await Task.yield()
                    unlink(root + "/real")
                    rename(root + "/aside", root + "/real")
                    await Task.yield()
                }
            }
            for _ in 0..<400 {
                do { #expect(try await run("read_file", ["path": "real/secret"]) == "inside") } catch is FileToolError {}
                do { _ = try await run("write_file", ["path": "real/made", "content": "x"]) } catch is FileToolError {}
                let found = try await run("search_files", ["text": "canary"])
                #expect(found == "Nothing found.")
            }
            flag.raise()
            try await group.waitForAll()
        }
        #expect(outside.text("made") == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["secret"])
    }

    @Test("Cancelling ends a search") func cancellation() async throws {
        for index in 0..<40 { try folder.write("x", to: "g\(index)") }
        let search = try await tool("search_files")
        let task = Task {
            // From inside, so that the search cannot be over before.
            withUnsafeCurrentTask { $0?.cancel() }
            return try await call(search, ["text": "y"])
        }
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}
