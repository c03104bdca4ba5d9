// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

import Crypto
import MegaCore
import Synchronization

/// What an approval of a command is bound to besides its words: the folder, the programs, and the files it names.
struct CommandBindings {
    /// Where the sandbox looks for programs unless the environment says otherwise.
    static let standardPath = "/usr/local/bin:/usr/bin:/bin"
    /// Files and programs named in one command, at most; a command that names more is refused.
    static let mostNames = 256
    /// Bytes of a file that are read for its digest; of a larger one the identity and the times count.
    private static let longestDigested = 256 << 20

    var facts: [String: String] = [:]
    var programs: [ProgramIdentity] = []

    /// Blocking; run it off the cooperative pool.
    static func make(
        simpleCommands: [[String]], text: String, workspace: String, environment: [String: String] = [:]
    ) throws -> CommandBindings {
        var status = stat()
        guard stat(workspace, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw FileToolError(.notFound, reason: "The working folder \(workspace) is not there.")
        }
        var bindings = CommandBindings()
        bindings.facts["folder"] = "\(workspace) \(status.st_dev):\(status.st_ino)"
        let folders = (environment["PATH"] ?? standardPath).split(separator: ":", omittingEmptySubsequences: false).map {
            $0.hasPrefix("/") ? String($0) : workspace + "/" + $0
        }
        var names: Set<[UInt8]> = []
        func isNew(_ name: String) throws -> Bool {
            guard names.insert(Array(name.utf8)).inserted else { return false }
            guard names.count <= mostNames * 16 else { throw tooMany }
            return true
        }
        for words in simpleCommands {
            guard let first = words.first, !bindings.programs.contains(where: { $0.name.utf8.elementsEqual(first.utf8) }) else { continue }
            let program = Self.program(first, folders, workspace)
            bindings.programs.append(program)
            bindings.facts["program \(first)"] = program.path.isEmpty ? "not a program on the path" : "\(program.path) → \(program.target) \(program.digest)"
            guard bindings.programs.count <= mostNames else { throw tooMany }
        }
        // Every word, and every piece of the text between spaces, quotes and operators: what a redirection or an option reads counts too.
        for word in Array(simpleCommands.joined()) + pieces(of: text) {
            guard try isNew(word), let path = named(word, workspace: workspace) else { continue }
            // Names that look alike but have different bytes are different files.
            var name = "file \(word)"
            while bindings.facts[name] != nil { name += "′" }
            bindings.facts[name] = identity(path)
            guard bindings.facts.count <= mostNames else { throw tooMany }
        }
        return bindings
    }

    private static let tooMany = FileToolError(
        .tooLarge, reason: "The command names more than \(mostNames) programs and files. Write a script with write_file and run that, or split it.")

    private static func pieces(of text: String) -> [String] {
        let borders = Set(" \t\n\r<>|&;()\"'`=,".utf8)
        return text.utf8.split(whereSeparator: { borders.contains($0) }).compactMap { String($0) }
    }

    private static func program(_ name: String, _ folders: [String], _ workspace: String) -> ProgramIdentity {
        let candidates = name.contains("/") ? [name.hasPrefix("/") ? name : workspace + "/" + name] : folders.map { "\($0)/\(name)" }
        guard name.utf8.count < 1024, !name.utf8.contains(0), let path = candidates.first(where: isProgram), let resolved = realpath(path, nil) else {
            return ProgramIdentity(name: name, path: "", target: "", digest: "")
        }
        defer { free(resolved) }
        let target = String(cString: resolved)
        return ProgramIdentity(name: name, path: path, target: target, digest: identity(target))
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }

    /// The path a word stands for, when it names a file.
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
            let state = FileState(status)
            if let known = digests.withLock({ $0[state] }) { return known }
            guard status.st_size <= longestDigested else { return "\(state)" }
            var hash = SHA256()
            var offset = 0
            while true {
                let piece = try file.bytes(at: offset, count: 1 << 20)
                if piece.isEmpty { break }
                hash.update(data: piece)
                offset += piece.count
                guard offset <= longestDigested else { return "\(state)" }
            }
            let digest = FileContents.hex(hash.finalize())
            // Only of what did not change while it was read, and not a moment ago: within one tick of the file system's clock a second
            // change would leave the times as they are.
            let after = FileState(try file.status())
            if after == state, after.isSettled { digests.withLock { $0.remember(digest, of: state) } }
            return digest
        } catch {
            return "unreadable"
        }
    }

    private static let digests = Mutex(DigestCache())
}

/// Tells the states of a file apart without reading it. The change time cannot be set by a program.
private struct FileState: Hashable, CustomStringConvertible {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var modified: [Int]
    var changed: [Int]

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        #if canImport(Darwin)
        modified = [status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec]
        changed = [status.st_ctimespec.tv_sec, status.st_ctimespec.tv_nsec]
        #else
        modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        #endif
    }

    /// Whether the last change is more than two seconds past.
    var isSettled: Bool { time(nil) - (changed.first ?? 0) > 2 }

    var description: String { "\(device):\(inode) \(size) \(modified) \(changed)" }
}

/// Digests of programs that are run again and again.
private struct DigestCache {
    private var known: [FileState: String] = [:]

    subscript(state: FileState) -> String? { known[state] }

    mutating func remember(_ digest: String, of state: FileState) {
        if known.count >= 1000 { known.removeAll(keepingCapacity: true) }
        known[state] = digest
    }
}
