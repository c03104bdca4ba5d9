// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// The wire format of the Messages API, as its reference has it.
struct AnthropicCodec: ModelCodec {
    let name: String
    let outputTokens: Int
    let apiVersion: AnthropicModel.APIVersion

    static let keyHeader = HTTPField.Name("x-api-key") ?? .authorization
    private static let versionHeader = HTTPField.Name("anthropic-version")

    var path: String { "/v1/messages" }
    var framing: AnswerFraming { .events }
    var headers: HTTPFields {
        var fields = HTTPFields()
        if let name = Self.versionHeader { fields[name] = apiVersion.rawValue }
        return fields
    }

    func encode(_ request: ModelRequest) -> JSONValue {
        let cached: JSONValue = ["type": "ephemeral"]
        var body: [String: JSONValue] = [
            "model": .string(name), "messages": .array(messages(of: request)), "stream": true,
            "max_tokens": .integer(Int64(max(1, request.maximumOutputTokens ?? outputTokens))),
        ]
        let hasInstructions = request.instructions.contains { !$0.isWhitespace }
        if hasInstructions {
            // The cache covers everything up to its mark, tools included: they stand before the instructions.
            body["system"] = [["type": "text", "text": .string(request.instructions), "cache_control": cached]]
        }
        if !request.tools.isEmpty {
            let last = request.tools.count - 1
            body["tools"] = .array(
                request.tools.enumerated().map { index, tool in
                    var value: [String: JSONValue] = [
                        "name": .string(tool.name), "description": .string(tool.description), "input_schema": tool.parameters.document,
                    ]
                    if index == last, !hasInstructions { value["cache_control"] = cached }
                    return .object(value)
                })
        }
        // Anthropic's scale ends at 1.
        if apiVersion == .june2023, let temperature = request.temperature { body["temperature"] = .number(min(max(temperature, 0), 1)) }
        return .object(body)
    }

    func makeDecoder(_ failures: ModelFailures) -> AnthropicDecoder { AnthropicDecoder(failures: failures) }

    /// Roles alternate, the user begins, text blocks are never blank, results come first in the message behind their calls.
    private func messages(of request: ModelRequest) -> [JSONValue] {
        var messages: [(role: String, blocks: [JSONValue])] = []
        func append(_ role: String, _ blocks: [JSONValue]) {
            guard !blocks.isEmpty else { return }
            if let last = messages.indices.last, messages[last].role == role {
                messages[last].blocks += blocks
            } else {
                messages.append((role, blocks))
            }
        }
        for entry in ModelTranscript(request.messages).entries {
            switch entry {
            case .user(let text):
                append("user", [Self.text(text) ?? ["type": "text", "text": .string(ModelTranscript.noText)]])
            case .assistant(let text, let calls):
                if messages.isEmpty { append("user", [["type": "text", "text": "(the conversation began earlier)"]]) }
                let uses: [JSONValue] = calls.map {
                    ["type": "tool_use", "id": .string($0.id), "name": .string($0.name), "input": $0.objectArguments]
                }
                // Text may not stand behind a call of the same message, and a message may not end in blanks.
                append("assistant", (Self.text(text.trimmedAtEnd).map { [$0] } ?? []) + uses)
                append(
                    "user",
                    calls.map {
                        ["type": "tool_result", "tool_use_id": .string($0.id), "content": .string($0.result ?? ModelTranscript.missingResult)]
                    })
            }
        }
        // Newer models refuse to continue a message of their own.
        if messages.last?.role == "assistant" { append("user", [["type": "text", "text": "(continue)"]]) }
        return messages.map { ["role": .string($0.role), "content": .array($0.blocks)] }
    }

    private static func text(_ text: String) -> JSONValue? {
        text.allSatisfy(\.isWhitespace) ? nil : ["type": "text", "text": .string(text)]
    }
}

extension String {
    var trimmedAtEnd: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
