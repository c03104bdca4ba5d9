// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Tells which program a command's first word stands for.
public protocol ProgramResolver: Sendable {
    /// A name that is the same for the same program, such as its absolute path; nil when the word names no program that could be
    /// allowed: one outside the system's folders, or none at all.
    func resolve(_ word: String) -> String?
}

/// Finds programs in the folders only the system's administrator can write.
public struct ProgramLocator: ProgramResolver {
    private let folders: [(path: String, real: String)]

    /// - Parameter folders: Absolute, in the order they are searched.
    public init(folders: [String] = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"]) {
        self.folders = folders.map { ($0, RealPath.of($0) ?? $0) }
    }

    /// See ``ProgramResolver/resolve(_:)``. The folder's links are followed, the program's own are not: its name decides what a
    /// program with several names does.
    public func resolve(_ word: String) -> String? {
        if ShellBuiltins.harmless.contains(word) { return word }
        guard word.contains("/") else {
            let folder = folders.first { access($0.path + "/" + word, X_OK) == 0 }
            return folder.map { $0.real + "/" + word }
        }
        guard let folder = folders.first(where: { word.hasPrefix($0.path + "/") && !word.dropFirst($0.path.count + 1).contains("/") }),
            access(word, X_OK) == 0
        else { return nil }
        return folder.real + word.dropFirst(folder.path.count)
    }
}

/// Takes every plainly written name for a program of the system. For tests of policies on machines that have not all programs.
public struct AssumedPrograms: ProgramResolver {
    private static let folders = ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/local/bin/", "/usr/local/sbin/"]

    /// Makes the resolver.
    public init() {}

    /// See ``ProgramResolver/resolve(_:)``.
    public func resolve(_ word: String) -> String? {
        if ShellBuiltins.harmless.contains(word) { return word }
        let name: Substring
        if let folder = Self.folders.first(where: word.hasPrefix) { name = word.dropFirst(folder.count) } else { name = word[...] }
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || [0x2B, 0x2D, 0x2E, 0x5F].contains(byte)
        }
        return isPlain && !name.hasPrefix(".") ? "/usr/bin/\(name)" : nil
    }
}

/// Commands a shell runs by itself.
enum ShellBuiltins {
    /// Those that only print, test or go to another folder.
    static let harmless: Set<String> = ["echo", "printf", "test", "[", "true", "false", "pwd", ":", "cd", "type"]
    /// Those after which words and files may mean something else.
    static let changingFolder: Set<String> = ["cd", "pushd", "popd", "chdir"]
}

/// Paths with their links followed.
enum RealPath {
    /// Nil when nothing is there.
    static func of(_ path: String) -> String? {
        guard let buffer = realpath(path, nil) else { return nil }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}
