// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

struct WriteFileTool: Tool {
    struct Input: Decodable, Sendable {
        var path: String
        var content: String
    }

    let workspace: Workspace
    let limits: FileLimits
    let protectedPaths: [String]

    var definition: ToolDefinition {
        ToolDefinition(
            name: "write_file", description: "Writes a text file of the workspace as a whole, replacing what is there. Missing folders are made.",
            parameters: .object([
                .required("path", .string("File, relative to the workspace")), .required("content", .string("The whole new content")),
            ]), effects: .writesFiles, isIdempotent: true,
            flow: FlowDeclaration(resultIntegrity: .tool, sensitiveArguments: ["path": .path], contentArguments: ["content"]))
    }

    func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview? {
        let components = try writable(input.path)
        let bytes = Array(input.content.utf8)
        try check(bytes)
        let (existing, size) = try await FileWork.run { [workspace, limits] _ -> ([UInt8]?, Int) in
            do {
                let file = try workspace.file(components)
                let size = try file.size()
                // A file too large to compare is bound by its first part and its size.
                return (try file.bytes(at: 0, count: min(size, limits.writeBytes * 2)), size)
            } catch let error as FileToolError where error.code == .notFound {
                return (nil, 0)
            }
        }
        let path = workspace.shown(components)
        var bindings = ["content": FileContents.digest(bytes), "existing": "absent"]
        let summary: String
        if let existing {
            bindings["existing"] = "\(FileContents.digest(existing)) \(size)"
            let change = FileContents.isText(existing)
                ? FileContents.difference(String(decoding: existing, as: UTF8.self), input.content) : "replaces \(FileContents.kind(existing))"
            summary = "replace \(path) (\(size) bytes) by \(bytes.count) bytes\n\(change)"
        } else {
            summary = "create \(path), \(bytes.count) bytes\n\(FileContents.difference("", input.content))"
        }
        return ActionPreview(summary: summary, paths: [workspace.absolute(components)], bindings: bindings)
    }

    func call(_ input: Input, in context: ToolContext) async throws -> ToolResult {
        let components = try writable(input.path)
        let bytes = Array(input.content.utf8)
        try check(bytes)
        let outcome = try await FileWork.run { [workspace] _ in try workspace.replace(components, with: bytes) }
        let path = workspace.shown(components)
        return ToolResult(
            outcome.created ? "Created \(path), \(bytes.count) bytes." : "Replaced \(path): \(outcome.previousSize) bytes before, \(bytes.count) now.")
    }

    /// The path, unless it is one other programs run or obey by themselves.
    private func writable(_ path: String) throws -> [String] {
        let components = try workspace.components(path)
        // File systems there are that do not tell letters' cases apart.
        let names = components.map { $0.lowercased() }
        for entry in [".git"] + protectedPaths {
            let wanted = entry.lowercased().split(separator: "/").map(String.init)
            guard !wanted.isEmpty, names.count >= wanted.count else { continue }
            for start in 0...(names.count - wanted.count) where Array(names[start..<start + wanted.count]) == wanted {
                throw FileToolError(
                    .protected, reason: "\(workspace.shown(components)) is protected: other programs run or obey \(entry) by themselves. A person has to write it.")
            }
        }
        return components
    }

    private func check(_ bytes: [UInt8]) throws {
        guard bytes.count <= limits.writeBytes else {
            throw FileToolError(.tooLarge, reason: "The content has \(bytes.count) bytes; at most \(limits.writeBytes) may be written in one call.")
        }
    }
}
