// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What an approval of a command is bound to besides its words: the folder, the programs, and the scripts it names.
enum CommandBindings {
    private static let folders = ["/usr/local/bin", "/usr/bin", "/bin"]
    /// Files named in the words that are looked at, at most.
    private static let mostFiles = 32
    private static let longestDigested = 8 << 20

    /// Blocking; run it off the cooperative pool.
    static func make(simpleCommands: [[String]], workspace: String) throws -> [String: String] {
        var status = stat()
        guard stat(workspace, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw FileToolError(.notFound, reason: "The working folder \(workspace) is not there.")
        }
        var bindings = ["folder": "\(workspace) \(status.st_dev):\(status.st_ino)"]
        for words in simpleCommands {
            guard bindings.count <= mostFiles else { break }
            for (index, word) in words.enumerated() where bindings.count <= mostFiles {
                if index == 0, !word.contains("/") {
                    bindings["program \(word)"] = program(word)
                } else if let path = named(word, workspace: workspace) {
                    bindings["file \(word)"] = identity(path)
                }
            }
        }
        return bindings
    }

    private static func program(_ name: String) -> String {
        let candidates: [String] = folders.map { "\($0)/\(name)" }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else { return "not a program on the path" }
        var status = stat()
        guard stat(path, &status) == 0 else { return path }
        return "\(path) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    /// The path a word stands for, when it names something: programs by path, and files of the workspace.
    private static func named(_ word: String, workspace: String) -> String? {
        guard !word.isEmpty, !word.hasPrefix("-"), word.utf8.count < 1024, !word.utf8.contains(0) else { return nil }
        let path = word.hasPrefix("/") ? word : workspace + "/" + word
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return path
    }

    /// The content's digest for files of reasonable size, else what can be told without reading.
    private static func identity(_ path: String) -> String {
        let raw = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard raw >= 0 else { return "unreadable" }
        let file = Descriptor(raw)
        do {
            let status = try file.status()
            guard status.st_mode & S_IFMT == S_IFREG else { return "no regular file" }
            guard status.st_size <= longestDigested else { return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)" }
            return FileContents.digest(try file.bytes(at: 0, count: Int(status.st_size)))
        } catch {
            return "unreadable"
        }
    }
}
