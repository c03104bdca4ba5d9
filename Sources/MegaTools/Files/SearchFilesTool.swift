// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

struct SearchFilesTool: Tool {
    struct Input: Decodable, Sendable {
        var text: String?
        var name: String?
        var path: String?
        var ignoreCase: Bool?

        enum CodingKeys: String, CodingKey {
            case text, name, path
            case ignoreCase = "ignore_case"
        }
    }

    let workspace: Workspace
    let limits: FileLimits

    var definition: ToolDefinition {
        ToolDefinition(
            name: "search_files",
            description: "Finds files of the workspace by name and by the text in them. Answers `path:line: text`, or paths when no text is given.",
            parameters: .object([
                .optional("text", .string("Text to find, literally")),
                .optional("name", .string("File name pattern with * and ?, such as *.swift; with a slash it is matched against the whole path")),
                .optional("path", .string("Folder to search in; the workspace when left out")),
                .optional("ignore_case", .boolean("Whether upper and lower case are the same")),
            ]), effects: .readsFiles, isIdempotent: true, flow: FlowDeclaration(resultIntegrity: .tool))
    }

    func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview? {
        let components = try workspace.components(input.path ?? "")
        return ActionPreview(summary: "search \(workspace.shown(components))", paths: [workspace.absolute(components)])
    }

    func call(_ input: Input, in context: ToolContext) async throws -> ToolResult {
        let components = try workspace.components(input.path ?? "")
        guard input.text?.isEmpty == false || input.name?.isEmpty == false else {
            throw FileToolError(.failed, reason: "Give a text to find, a name pattern, or both.")
        }
        let text = try await FileWork.run { [workspace, limits] ticket in
            var results: [String] = []
            var isCut = false
            let ignoresCase = input.ignoreCase ?? false
            let needle = input.text.flatMap { $0.isEmpty ? nil : Array((ignoresCase ? $0.lowercased() : $0).utf8) }
            let pattern = input.name.flatMap { $0.isEmpty ? nil : GlobPattern($0) }
            var walk = FileWalk(workspace: workspace, limits: limits, isRecursive: true)
            try walk.visit(components) { entry, folder in
                try ticket.check()
                guard entry.kind == .file, let name = entry.components.last, pattern?.matches(name: name, path: entry.components) ?? true else { return true }
                let path = entry.components.joined(separator: "/")
                guard let needle else {
                    results.append(path)
                    isCut = results.count >= limits.searchMatches
                    return !isCut
                }
                guard entry.size <= limits.searchFileBytes else { return true }
                do {
                    let file = try workspace.file(name, in: folder, shown: path)
                    var bytes = try file.bytes(at: 0, count: min(entry.size, limits.searchFileBytes))
                    guard !bytes.prefix(4096).contains(0) else { return true }
                    let original = bytes
                    // Lower case by bytes keeps the places; letters outside ASCII compare exactly.
                    if ignoresCase { for index in bytes.indices where (0x41...0x5A).contains(bytes[index]) { bytes[index] |= 0x20 } }
                    LineSearch.lines(with: needle, in: bytes) { number, range in
                        let line = OutputSanitizer.clean(String(decoding: original[range].prefix(240), as: UTF8.self))
                        results.append("\(path):\(number): \(line)")
                        return results.count < limits.searchMatches
                    }
                } catch is FileToolError {
                    // Gone, replaced or unreadable since the listing: no match there.
                    return true
                }
                isCut = results.count >= limits.searchMatches
                return !isCut
            }
            if results.isEmpty { return "Nothing found." }
            return results.joined(separator: "\n") + (isCut || walk.isCut ? "\n… and more; narrow the search." : "")
        }
        return ToolResult(text)
    }
}

/// Finds the lines that hold a value.
enum LineSearch {
    /// Calls `found` with the number of the line, from 1, and its bytes, until it returns false.
    static func lines(with needle: [UInt8], in bytes: [UInt8], found: (Int, Range<Int>) -> Bool) {
        guard let first = needle.first else { return }
        var number = 1
        var start = 0
        var index = 0
        bytes.withUnsafeBufferPointer { bytes in
            while index < bytes.count {
                let byte = bytes[index]
                if byte == 0x0A {
                    number += 1
                    start = index + 1
                } else if byte == first, index + needle.count <= bytes.count, needle.indices.allSatisfy({ bytes[index + $0] == needle[$0] }) {
                    var end = index
                    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
                    guard found(number, start..<end) else { return }
                    index = end
                    continue
                }
                index += 1
            }
        }
    }
}

/// `*` for any run of characters, `?` for one. A pattern with a slash is matched against the whole path, where `*` crosses no slash and
/// `**` does.
struct GlobPattern {
    private let pattern: [Character]
    private let isPath: Bool

    init(_ text: String) {
        pattern = Array(text.prefix(512))
        isPath = text.contains("/")
    }

    func matches(name: String, path: [String]) -> Bool {
        matches(Array(isPath ? path.joined(separator: "/") : name))
    }

    /// Linear but for one remembered star, so that no pattern makes it slow.
    private func matches(_ text: [Character]) -> Bool {
        var (p, t) = (0, 0)
        var star: (pattern: Int, text: Int, crosses: Bool)?
        while t < text.count {
            if p < pattern.count, pattern[p] == "*" {
                var next = p
                while next < pattern.count, pattern[next] == "*" { next += 1 }
                star = (next, t, next - p > 1 || !isPath)
                p = next
            } else if p < pattern.count, pattern[p] == text[t] || (pattern[p] == "?" && text[t] != "/") {
                p += 1
                t += 1
            } else if let last = star, last.crosses || text[last.text] != "/" {
                p = last.pattern
                t = last.text + 1
                star?.text = t
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == "*" { p += 1 }
        return p == pattern.count
    }
}
