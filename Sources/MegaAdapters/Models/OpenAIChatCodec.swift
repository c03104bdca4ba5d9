// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// The wire format of OpenAI's chat completions, as its API reference has it.
struct OpenAIChatCodec: ModelCodec {
    let name: String
    let tokenLimitName: String

    var path: String { "/chat/completions" }
    var framing: AnswerFraming { .events }
    var headers: HTTPFields { [:] }

    func encode(_ request: ModelRequest) -> JSONValue {
        var body: [String: JSONValue] = [
            "model": .string(name), "messages": .array(messages(of: request)), "stream": true, "stream_options": ["include_usage": true],
        ]
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(Self.tool)) }
        if let limit = request.maximumOutputTokens { body[tokenLimitName] = .integer(Int64(limit)) }
        if let temperature = request.temperature { body["temperature"] = .number(min(max(temperature, 0), 2)) }
        return .object(body)
    }

    func makeDecoder(_ failures: ModelFailures) -> OpenAIChatDecoder { OpenAIChatDecoder(failures: failures) }

    /// A tool in the form Ollama shares.
    static func tool(_ tool: ToolDefinition) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(tool.name), "description": .string(tool.description), "parameters": tool.parameters.document,
            ],
        ]
    }

    private func messages(of request: ModelRequest) -> [JSONValue] {
        var messages: [JSONValue] = []
        if !request.instructions.isEmpty { messages.append(["role": "system", "content": .string(request.instructions)]) }
        for entry in ModelTranscript(request.messages).entries {
            switch entry {
            case .user(let text): messages.append(["role": "user", "content": .string(text)])
            case .assistant(let text, let calls):
                var message: [String: JSONValue] = ["role": "assistant", "content": text.isEmpty ? .null : .string(text)]
                if !calls.isEmpty { message["tool_calls"] = .array(calls.map(Self.call)) }
                messages.append(.object(message))
                for call in calls {
                    messages.append([
                        "role": "tool", "tool_call_id": .string(call.id), "content": .string(call.result ?? ModelTranscript.missingResult),
                    ])
                }
            }
        }
        return messages
    }

    private static func call(_ call: ModelTranscript.Call) -> JSONValue {
        let arguments: String
        if case .string(let text) = call.arguments {
            arguments = text
        } else {
            arguments = call.arguments.encodedString()
        }
        return [
            "id": .string(call.id), "type": "function", "function": ["name": .string(call.name), "arguments": .string(arguments)],
        ]
    }
}
