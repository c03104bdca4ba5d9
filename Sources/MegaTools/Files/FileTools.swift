// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Tools to list, read, write and search files of one folder and nothing outside it.
///
/// `list_files`, `read_file` and `search_files` read, `write_file` writes. Paths are relative to the folder; links are never followed.
public struct FileTools: ToolProvider {
    private let workspace: Workspace
    private let limits: FileLimits
    private let protectedPaths: [String]

    /// The folder, absolute, links followed.
    public var root: String { workspace.root }

    /// - Parameters:
    ///   - root: An existing folder.
    ///   - protectedPaths: What `write_file` refuses to write, whether it exists or not: names, and names of folders with all that is below
    ///     them, at any depth. What is in a `.git` is refused always.
    /// - Throws: ``FileToolError`` when it cannot be opened.
    public init(root: String, limits: FileLimits = FileLimits(), protectedPaths: [String] = ProtectedPaths.standard) throws {
        self.protectedPaths = protectedPaths
        workspace = try Workspace(root: root)
        self.limits = limits
    }

    /// See `ToolProvider.tools()`.
    public func tools() async -> [any Tool] {
        [
            ListFilesTool(workspace: workspace, limits: limits), ReadFileTool(workspace: workspace, limits: limits),
            WriteFileTool(workspace: workspace, limits: limits, protectedPaths: protectedPaths), SearchFilesTool(workspace: workspace, limits: limits),
        ]
    }

    /// Down when the folder is gone.
    public func health() async -> ComponentHealth {
        do {
            _ = try await FileWork.run { [workspace] _ in try workspace.folder([]).raw }
            return .healthy
        } catch {
            return .down(String(describing: error))
        }
    }
}

struct ListFilesTool: Tool {
    struct Input: Decodable, Sendable {
        var path: String?
        var recursive: Bool?
    }

    let workspace: Workspace
    let limits: FileLimits

    var definition: ToolDefinition {
        ToolDefinition(
            name: "list_files", description: "Lists files and folders of the workspace with their sizes. Folders end in a slash.",
            parameters: .object([
                .optional("path", .string("Folder, relative to the workspace; the workspace itself when left out")),
                .optional("recursive", .boolean("Also list what is in the folders below")),
            ]), effects: .readsFiles, isIdempotent: true, flow: FlowDeclaration(resultIntegrity: .tool))
    }

    func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview? {
        let components = try workspace.components(input.path ?? "")
        return ActionPreview(summary: "list \(workspace.shown(components))", paths: [workspace.absolute(components)])
    }

    func call(_ input: Input, in context: ToolContext) async throws -> ToolResult {
        let components = try workspace.components(input.path ?? "")
        let text = try await FileWork.run { [workspace, limits] ticket in
            var lines: [String] = []
            var isCut = false
            var walk = FileWalk(workspace: workspace, limits: limits, isRecursive: input.recursive ?? false)
            try walk.visit(components) { entry, _ in
                try ticket.check()
                guard lines.count < limits.listEntries else {
                    isCut = true
                    return false
                }
                lines.append(entry.line(relativeTo: components))
                return true
            }
            if lines.isEmpty { return "The folder is empty." }
            lines.sort()
            return lines.joined(separator: "\n") + (isCut || walk.isCut ? "\n… and more; list a folder below or search." : "")
        }
        return ToolResult(text)
    }
}

struct ReadFileTool: Tool {
    struct Input: Decodable, Sendable {
        var path: String
        var offset: Int?
        var limit: Int?
    }

    let workspace: Workspace
    let limits: FileLimits

    var definition: ToolDefinition {
        ToolDefinition(
            name: "read_file", description: "Reads a text file of the workspace. Long files come in parts: pass the offset it tells you.",
            parameters: .object([
                .required("path", .string("File, relative to the workspace")),
                .optional("offset", .integer("Byte to begin at", minimum: 0)),
                .optional("limit", .integer("Most bytes to read", minimum: 1, maximum: limits.readBytes)),
            ]), effects: .readsFiles, isIdempotent: true, flow: FlowDeclaration(resultIntegrity: .tool))
    }

    func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview? {
        let components = try workspace.components(input.path)
        return ActionPreview(summary: "read \(workspace.shown(components))", paths: [workspace.absolute(components)])
    }

    func call(_ input: Input, in context: ToolContext) async throws -> ToolResult {
        let components = try workspace.components(input.path)
        let text = try await FileWork.run { [workspace, limits] _ in
            let file = try workspace.file(components)
            let size = try file.size()
            let offset = max(0, input.offset ?? 0)
            guard offset <= size else { throw FileToolError(.notFound, reason: "The file has \(size) bytes; there is nothing at \(offset).") }
            var bytes = try file.bytes(at: offset, count: min(max(1, input.limit ?? limits.readBytes), limits.readBytes, max(1, size - offset)))
            guard FileContents.isText(bytes) || (offset > 0 && !bytes.contains(0)) else {
                return "“\(workspace.shown(components))” is \(FileContents.kind(bytes)), \(size) bytes; its content is not shown."
            }
            let end = offset + bytes.count
            if end < size { while let last = bytes.last, last & 0xC0 == 0x80, bytes.count > 1 { bytes.removeLast() } }
            if end < size, let last = bytes.last, last >= 0xC0, bytes.count > 1 { bytes.removeLast() }
            let next = offset + bytes.count
            let text = OutputSanitizer.clean(String(decoding: bytes, as: UTF8.self))
            return next < size ? text + "\n[\(size - next) more bytes; go on with offset \(next)]" : text
        }
        return ToolResult(text.isEmpty ? "The file is empty." : text)
    }
}
