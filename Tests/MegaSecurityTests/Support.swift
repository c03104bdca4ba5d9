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

/// A folder that disappears with the value.
final class ScratchFolder: Sendable {
    let path: String

    init(in parent: String = "/var/lib") throws {
        var generator = SystemRandomNumberGenerator()
        path = "\(parent)/megabot-test-\(String(generator.next(), radix: 36))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { _ = error }
    }

    func write(_ text: String, to name: String) throws {
        guard FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(text.utf8)) else { throw CommandError("cannot write \(name)") }
    }

    func read(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: "\(path)/\(name)").map { [UInt8]($0) } }
}

/// The permission bits of a file.
func permissions(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_mode & 0o777) : -1
}

func makeExecutable(_ path: String) { chmod(path, 0o755) }

/// The folder tests may create folders in that the sandbox does not hide.
let scratchParent: String = FileManager.default.isWritableFile(atPath: "/var/lib") ? "/var/lib" : FileManager.default.currentDirectoryPath

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// The double of MegaTesting, for tests of what is built on sealing.
struct TestSealer: DataSealer {
    private let base: ToySealer
    init(key: UInt64 = 7) { base = ToySealer(key: key) }
    func seal(_ bytes: [UInt8], context: String) throws -> [UInt8] { try base.seal(bytes, context: context) }
    func open(_ sealed: [UInt8], context: String) throws -> [UInt8] { try base.open(sealed, context: context) }
    func hash(_ bytes: [UInt8], context: String) -> [UInt8] { base.hash(bytes, context: context) }
}

enum Sample {
    static let scope = ToolScope(
        conversation: ConversationID(platform: .webSocket, chat: "c"), person: "ana", turn: TurnID(rawValue: 1), mode: .build, trust: .owner)

    static func command(_ text: String, influence: TrustLabel = .owner, inspector: ShellInspector = ShellInspector()) -> ProposedAction {
        let inspection = inspector.inspect(text)
        return ProposedAction(
            tool: ToolDefinition(name: "run_command", description: "", effects: [.executes]), arguments: ["command": .string(text)],
            preview: ActionPreview(
                summary: text,
                command: CommandPreview(
                    text: text, simpleCommands: inspection.simpleCommands, workingDirectory: "/w", isIncomplete: inspection.isIncomplete)),
            scope: scope, influence: influence)
    }

    static func tool(_ name: String, _ effects: ToolEffects, paths: [String] = [], influence: TrustLabel = .owner) -> ProposedAction {
        ProposedAction(
            tool: ToolDefinition(name: name, description: "", effects: effects), arguments: [:], preview: ActionPreview(summary: name, paths: paths),
            scope: scope, influence: influence)
    }
}
