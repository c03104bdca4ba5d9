// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging
import MegaCore
import Synchronization

/// A folder that disappears with the value.
final class ScratchFolder: Sendable {
    let path: String

    init(in parent: String = "/tmp") throws {
        var generator = SystemRandomNumberGenerator()
        path = "\(parent)/megabot-tools-\(String(generator.next(), radix: 36))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { _ = error }
    }

    func write(_ text: String, to name: String) throws {
        guard FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(text.utf8)) else { throw CommandError("cannot write \(name)") }
    }

    func text(_ name: String) -> String? { FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } }
}

/// What a tool showed while it ran.
final class Shown: Sendable {
    private let pieces = Mutex<[String]>([])
    func add(_ text: String) { pieces.withLock { $0.append(text) } }
    var text: String { pieces.withLock { $0.joined() } }
}

enum Sample {
    static let scope = ToolScope(
        conversation: ConversationID(platform: .webSocket, chat: "c"), person: "ana", turn: TurnID(rawValue: 1), mode: .build, trust: .owner)

    static func context(_ shown: Shown = Shown()) -> ToolContext {
        ToolContext(
            scope: scope, callID: "1", idempotencyKey: "1", logger: Logger(label: "test"), deadline: .now + .seconds(60), output: { shown.add($0) })
    }
}

/// Calls a tool the way the executor does: arguments as JSON.
func call(_ tool: any Tool, _ arguments: JSONValue, _ context: ToolContext = Sample.context()) async throws -> ToolResult {
    func open<T: Tool>(_ tool: T) async throws -> ToolResult {
        try await tool.call(try JSONDecoder().decode(T.Input.self, from: JSONEncoder().encode(arguments)), in: context)
    }
    return try await open(tool)
}

func preview(_ tool: any Tool, _ arguments: JSONValue) async throws -> ActionPreview? {
    func open<T: Tool>(_ tool: T) async throws -> ActionPreview? {
        try await tool.preview(try JSONDecoder().decode(T.Input.self, from: JSONEncoder().encode(arguments)), in: Sample.scope)
    }
    return try await open(tool)
}
