// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import MegaCore
import Testing

/// What of the host an attempt tries to reach, and a folder for the command.
final class EscapeGround: Sendable {
    /// The same for all, so that one runner serves all.
    private struct Surroundings: Sendable {
        let outside: ScratchFolder
        let readable: ScratchFolder
        let listener: Int32

        init() throws {
            (outside, readable) = (try ScratchFolder(in: scratchParent), try ScratchFolder(in: scratchParent))
            for folder in [outside, readable] {
                chmod(folder.path, 0o777)
                try folder.write(EscapeGround.secret, to: "file")
                chmod(folder.path + "/file", 0o666)
            }
            mkdir(readable.path + "/hidden", 0o755)
            try readable.write(EscapeGround.secret, to: "hidden/secret")
            listener = try EscapeGround.listen(readable.path + "/socket")
            chmod(readable.path + "/socket", 0o777)
        }
    }

    private static let surroundings = Result {
        // A static value is never released, and its folders must not stay.
        atexit { EscapeGround.removeSurroundings() }
        return try Surroundings()
    }

    private static func removeSurroundings() {
        guard case .success(let surroundings) = surroundings else { return }
        for folder in [surroundings.outside, surroundings.readable] {
            do { try FileManager.default.removeItem(atPath: folder.path) } catch { _ = error }
        }
    }

    let outside: ScratchFolder
    let readable: ScratchFolder
    let workspace: ScratchFolder
    let mark = "7\(UInt32.random(in: 1...UInt32.max))"
    let key: Int32 = .random(in: 1...Int32.max)
    private let listeners: [Int32]
    private let segment: Int32
    let port: UInt16

    static let secret = "canary-\(UInt32.random(in: 1_000_000...UInt32.max))"

    /// - Parameter user: The owner of the workspace.
    init(user: UInt32) throws {
        let surroundings = try Self.surroundings.get()
        (outside, readable) = (surroundings.outside, surroundings.readable)
        workspace = try ScratchFolder(in: scratchParent)
        mkdir(workspace.path + "/.git", 0o755)
        mkdir(workspace.path + "/.git/hooks", 0o755)
        try workspace.write("[core]\n", to: ".git/config")
        for path in ["", "/.git", "/.git/hooks", "/.git/config"] { chown(workspace.path + path, user, user) }
        chmod(workspace.path, 0o755)
        let abstract = try Self.listen("\0megabot-\(mark)")
        let (tcp, port) = try Self.listenTCP()
        listeners = [abstract, tcp]
        self.port = port
        segment = shmget(key, 4096, 0o666 | Int32(IPC_CREAT))
    }

    deinit {
        for listener in listeners { close(listener) }
        if segment >= 0 { shmctl(segment, Int32(IPC_RMID), nil) }
    }

    var variables: [String: String] {
        [
            "OUT": outside.path, "RO": readable.path, "HOST_PID": "\(getpid())", "HOST_PORT": "\(port)", "ABSTRACT": "megabot-\(mark)",
            "SHM": "\(key)", "MARK": mark,
        ]
    }

    /// Whether a process of the host has the mark among its arguments.
    var hasLivingProcess: Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { name in
            guard name.allSatisfy(\.isNumber), let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).split(separator: "\0").contains { $0 == mark }
        }
    }

    /// What has changed outside.
    func damage() -> String? {
        for folder in [outside, readable] where folder.read("file") != Array(Self.secret.utf8) { return "\(folder.path)/file has changed" }
        if (try? FileManager.default.contentsOfDirectory(atPath: outside.path)) != ["file"] { return "\(outside.path) has changed" }
        if Set((try? FileManager.default.contentsOfDirectory(atPath: readable.path)) ?? []) != ["file", "hidden", "socket"] {
            return "\(readable.path) has changed"
        }
        if (try? FileManager.default.contentsOfDirectory(atPath: workspace.path + "/.git/hooks")) != [] { return "a hook was planted" }
        if workspace.read(".git/config") != Array("[core]\n".utf8) { return "git's configuration has changed" }
        for name in [".bashrc", ".profile", ".zshrc", ".vscode", ".ssh", ".envrc"] {
            if FileManager.default.fileExists(atPath: "\(workspace.path)/\(name)") { return "\(name) was planted" }
        }
        return hasLivingProcess ? "a process lives on" : nil
    }

    private static func listen(_ name: String) throws -> Int32 {
        let made = socket(AF_UNIX, 1, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes.prefix(100)) }
        let length = socklen_t(2 + bytes.count + (bytes.first == 0 ? 0 : 1))
        let result = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(made, $0, length) } }
        guard made >= 0, result == 0, Glibc.listen(made, 16) == 0 else { throw CommandError("no socket") }
        return made
    }

    private static func listenTCP() throws -> (Int32, UInt16) {
        let made = socket(AF_INET, 1, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(made, pointer, length) == 0 && Glibc.listen(made, 16) == 0 && getsockname(made, pointer, &length) == 0
            }
        }
        guard made >= 0, result else { throw CommandError("no port") }
        return (made, UInt16(bigEndian: address.sin_port))
    }
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

func sleepSeconds(_ seconds: UInt32) { sleep(seconds) }
