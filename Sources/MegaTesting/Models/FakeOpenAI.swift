// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// Chat completions as OpenAI's API reference describes them.
struct FakeOpenAI: FakeModelAPI {
    var path: String { "/v1/chat/completions" }
    var streamsByDefault: Bool { false }

    func authenticationProblem(_ headers: HTTPFields, key: String?) -> String? {
        guard let key, headers[.authorization] != "Bearer \(key)" else { return nil }
        return "Incorrect API key provided: \(headers[.authorization] ?? "none")"
    }

    func headerProblems(_ headers: HTTPFields, request: JSONValue) -> [String] { [] }

    func problems(in request: JSONValue) -> [String] {
        var found = check(
            request, "",
            shape(
                [
                    "model": ["type": "string"], "messages": ["type": "array"], "stream": ["type": "boolean"],
                    "stream_options": shape(["include_usage": ["type": "boolean"]], required: []),
                    "max_tokens": ["type": "integer", "minimum": 1], "max_completion_tokens": ["type": "integer", "minimum": 1],
                    "temperature": ["type": "number", "minimum": 0, "maximum": 2],
                    "tools": ["type": "array", "items": Self.tool(shape)],
                ], required: ["model", "messages"]))
        if request["stream_options"] != nil, request["stream"] != .bool(true) {
            found.append("/stream_options: only allowed when streaming")
        }
        if request["tools"] == .array([]) { found.append("/tools: is empty") }
        let messages = request["messages"]?.arrayValue ?? []
        if messages.isEmpty { found.append("/messages: is empty") }
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            let place = "/messages/\(index)"
            let role = message["role"]?.stringValue ?? ""
            if role != "tool", !open.isEmpty { found.append("\(place): calls \(open) have no tool message") }
            if role != "tool" { open = [] }
            switch role {
            case "system", "developer", "user":
                found += check(message, place, shape(["role": [:], "content": ["type": ["string", "array"]]], required: ["role", "content"]))
            case "assistant":
                found += check(message, place, Self.assistant(shape))
                let calls = message["tool_calls"]?.arrayValue
                if calls == nil, message["content"]?.stringValue == nil { found.append("\(place): neither content nor tool_calls") }
                if calls == [] { found.append("\(place)/tool_calls: is empty") }
                open = (calls ?? []).compactMap { $0["id"]?.stringValue }
            case "tool":
                found += check(
                    message, place,
                    shape(["role": [:], "content": ["type": "string"], "tool_call_id": ["type": "string"]], required: ["content", "tool_call_id"]))
                let id = message["tool_call_id"]?.stringValue ?? ""
                if let answered = open.firstIndex(of: id) {
                    open.remove(at: answered)
                } else {
                    found.append("\(place): no preceding call has the id \(id)")
                }
            default: found.append("\(place)/role: \(role) is no role")
            }
        }
        if !open.isEmpty { found.append("/messages: calls \(open) have no tool message") }
        return found
    }

    private static func tool(_ shape: ([String: JSONValue], [String]) -> JSONValue) -> JSONValue {
        let function = shape(
            [
                "name": ["type": "string", "minLength": 1, "maxLength": 64], "description": ["type": "string"],
                "parameters": ["type": "object"], "strict": ["type": "boolean"],
            ], ["name"])
        return shape(["type": ["const": "function"], "function": function], ["type", "function"])
    }

    private static func assistant(_ shape: ([String: JSONValue], [String]) -> JSONValue) -> JSONValue {
        let function = shape(["name": ["type": "string", "minLength": 1], "arguments": ["type": "string"]], ["name", "arguments"])
        let call = shape(
            ["id": ["type": "string", "minLength": 1, "maxLength": 40], "type": ["const": "function"], "function": function],
            ["id", "type", "function"])
        return shape(["role": [:], "content": ["type": ["string", "null"]], "tool_calls": ["type": "array", "items": call]], ["role"])
    }

    func list(path: String, models: [String]) -> FakeModelServer.Response? {
        guard path == "/v1/models" else { return nil }
        let data = models.map { JSONValue.object(["id": .string($0), "object": "model", "created": 1, "owned_by": "test"]) }
        return .init(type: "application/json", body: text(["object": "list", "data": .array(data)]))
    }

    func stream(
        _ answer: FakeModelServer.Answer, model: String, request: JSONValue, error: (type: String, message: String)?
    ) -> FakeModelServer.Response {
        var body = ""
        func send(_ choices: JSONValue, usage: JSONValue? = nil) {
            var chunk: [String: JSONValue] = [
                "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": .string(model), "choices": choices,
            ]
            if let usage { chunk["usage"] = usage }
            body += "data: \(text(.object(chunk)))\n\n"
        }
        func send(delta: JSONValue) { send([["index": 0, "delta": delta, "finish_reason": nil]]) }
        send(delta: ["role": "assistant", "content": ""])
        for piece in answer.reasoning { send(delta: ["reasoning_content": .string(piece)]) }
        for piece in answer.text { send(delta: ["content": .string(piece)]) }
        if let error {
            body += "data: \(text(["error": ["type": .string(error.type), "message": .string(error.message), "code": nil]]))\n\n"
            return .init(type: "text/event-stream", body: body)
        }
        for (index, call) in answer.toolCalls.enumerated() {
            send(delta: [
                "tool_calls": [
                    [
                        "index": .integer(Int64(index)), "id": .string(call.id), "type": "function",
                        "function": ["name": .string(call.name), "arguments": ""],
                    ]
                ]
            ])
        }
        // Fragments of parallel calls take turns, which the format allows.
        let fragmented = answer.toolCalls.map { fragments($0.arguments.stringValue ?? text($0.arguments), of: answer.argumentFragment) }
        for round in 0..<(fragmented.map(\.count).max() ?? 0) {
            for (index, fragments) in fragmented.enumerated() where round < fragments.count {
                send(delta: ["tool_calls": [["index": .integer(Int64(index)), "function": ["arguments": .string(fragments[round])]]]])
            }
        }
        send([["index": 0, "delta": [:], "finish_reason": .string(Self.reason(answer.finish))]])
        if request["stream_options"]?["include_usage"] == .bool(true) { send([], usage: Self.usage(answer.usage)) }
        body += "data: [DONE]\n\n"
        return .init(type: "text/event-stream", body: body)
    }

    func whole(_ answer: FakeModelServer.Answer, model: String) -> FakeModelServer.Response {
        let content = answer.text.joined()
        var message: [String: JSONValue] = ["role": "assistant", "content": content.isEmpty ? .null : .string(content)]
        if !answer.toolCalls.isEmpty {
            message["tool_calls"] = .array(
                answer.toolCalls.map {
                    [
                        "id": .string($0.id), "type": "function",
                        "function": ["name": .string($0.name), "arguments": .string($0.arguments.stringValue ?? text($0.arguments))],
                    ]
                })
        }
        let choice: JSONValue = ["index": 0, "message": .object(message), "finish_reason": .string(Self.reason(answer.finish))]
        return .init(
            type: "application/json",
            body: text([
                "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": .string(model), "choices": [choice],
                "usage": Self.usage(answer.usage),
            ]))
    }

    func failure(status: Int, type: String, message: String) -> FakeModelServer.Response {
        .init(
            status: status, type: "application/json",
            body: text(["error": ["message": .string(message), "type": .string(type), "param": nil, "code": nil]]))
    }

    private static func reason(_ reason: FinishReason) -> String {
        switch reason {
        case .stop, .unknown: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        }
    }

    private static func usage(_ usage: TokenUsage) -> JSONValue {
        [
            "prompt_tokens": .integer(Int64(usage.inputTokens)), "completion_tokens": .integer(Int64(usage.outputTokens)),
            "total_tokens": .integer(Int64(usage.inputTokens + usage.outputTokens)),
            "prompt_tokens_details": ["cached_tokens": .integer(Int64(usage.cachedInputTokens))],
        ]
    }
}
