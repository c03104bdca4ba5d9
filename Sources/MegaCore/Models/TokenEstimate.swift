// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// How many tokens a text takes, without the model's own tokeniser: on the safe side for budgets, not exact.
///
/// Common tokenisers average about four bytes a token for English and two to three for other scripts.
enum TokenEstimate {
    static func tokens(in text: String) -> Int {
        var text = text
        let (count, other) = text.withUTF8 { bytes in
            // The high bit tells ASCII from the rest; a plain sum, so that it runs over many bytes at once.
            (bytes.count, bytes.reduce(0) { $0 &+ Int($1 >> 7) })
        }
        return (count - other) / 4 + other / 2 + 1
    }

    static func tokens(in tool: ToolDefinition) -> Int {
        var size = tool.name.utf8.count + tool.description.utf8.count + 16
        size += length(of: tool.parameters.document)
        return size / 4
    }

    private static func length(of value: JSONValue) -> Int {
        switch value {
        case .null, .bool: 5
        case .integer, .number: 4
        case .string(let text): text.utf8.count + 2
        case .array(let elements): elements.reduce(2) { $0 + length(of: $1) + 1 }
        case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + 4 + length(of: $1.value) }
        }
    }
}
