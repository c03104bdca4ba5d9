// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// The Messages API as Anthropic's reference describes it.
struct FakeAnthropic: FakeModelAPI {
    var path: String { "/v1/messages" }
    var streamsByDefault: Bool { false }

    func authenticationProblem(_ headers: HTTPFields, key: String?) -> String? {
        guard let key, let name = HTTPField.Name("x-api-key") else { return nil }
        // The newer version of the API, which the official SDK 2.12 speaks, takes a bearer token.
        let given = version(headers) == "2026-10-21" ? headers[.authorization].map { $0.split(separator: " ").last.map(String.init) ?? "" } : headers[name]
        return given == key ? nil : "the key is missing or wrong"
    }

    private func version(_ headers: HTTPFields) -> String? { HTTPField.Name("anthropic-version").flatMap { headers[$0] } }

    func headerProblems(_ headers: HTTPFields, request: JSONValue) -> [String] {
        switch version(headers) {
        case "2023-06-01"?: []
        case "2026-10-21"?: request["temperature"] == nil ? [] : ["/temperature: is unknown in this version"]
        default: ["anthropic-version: header is missing or unknown"]
        }
    }

    func problems(in request: JSONValue) -> [String] {
        let cache = shape(["type": ["const": "ephemeral"]], required: ["type"])
        let tool = shape(
            [
                "name": ["type": "string", "minLength": 1, "maxLength": 64], "description": ["type": "string"],
                "input_schema": ["type": "object"], "cache_control": cache,
            ], required: ["name", "input_schema"])
        var found = check(
            request, "",
            shape(
                [
                    "model": ["type": "string"], "messages": ["type": "array"], "max_tokens": ["type": "integer", "minimum": 1],
                    "stream": ["type": "boolean"], "temperature": ["type": "number", "minimum": 0, "maximum": 1],
                    "system": ["type": ["string", "array"]], "tools": ["type": "array", "items": tool],
                ], required: ["model", "messages", "max_tokens"]))
        for (index, block) in (request["system"]?.arrayValue ?? []).enumerated() {
            found += check(
                block, "/system/\(index)",
                shape(["type": ["const": "text"], "text": ["type": "string", "minLength": 1], "cache_control": cache], required: ["type", "text"]))
        }
        for tool in request["tools"]?.arrayValue ?? [] where tool["input_schema"]?["type"] != .string("object") {
            found.append("/tools: input_schema is not of type object")
        }
        let messages = request["messages"]?.arrayValue ?? []
        if messages.first?["role"] != .string("user") { found.append("/messages/0: the first message must be the user's") }
        var role = ""
        var open: [String] = []
        var seen: Set<String> = []
        for (index, message) in messages.enumerated() {
            let place = "/messages/\(index)"
            found += check(
                message, place,
                shape(["role": ["enum": ["user", "assistant"]], "content": ["type": ["string", "array"]]], required: ["role", "content"]))
            if message["role"]?.stringValue == role { found.append("\(place): roles must alternate") }
            role = message["role"]?.stringValue ?? ""
            var blocks = message["content"]?.arrayValue ?? []
            if let text = message["content"]?.stringValue { blocks = [["type": "text", "text": .string(text)]] }
            if blocks.isEmpty { found.append("\(place)/content: is empty") }
            var results: [String] = []
            var uses: [String] = []
            var sawText = false
            for (number, block) in blocks.enumerated() {
                let spot = "\(place)/content/\(number)"
                switch block["type"]?.stringValue {
                case "text":
                    sawText = true
                    found += check(
                        block, spot, shape(["type": [:], "text": ["type": "string"], "cache_control": cache], required: ["text"]))
                    if block["text"]?.stringValue?.allSatisfy(\.isWhitespace) != false { found.append("\(spot): text must not be blank") }
                case "tool_use":
                    if role != "assistant" { found.append("\(spot): tool_use is the assistant's") }
                    found += check(
                        block, spot,
                        shape(
                            [
                                "type": [:], "id": ["type": "string", "minLength": 1], "name": ["type": "string", "minLength": 1],
                                "input": ["type": "object"],
                            ], required: ["id", "name", "input"]))
                    let id = block["id"]?.stringValue ?? ""
                    let allowed = id.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-") }
                    if !allowed { found.append("\(spot)/id: has characters outside [a-zA-Z0-9_-]") }
                    if !seen.insert(id).inserted { found.append("\(spot)/id: tool_use ids must be unique") }
                    uses.append(id)
                case "tool_result":
                    if role != "user" { found.append("\(spot): tool_result is the user's") }
                    if sawText { found.append("\(spot): results must come before text") }
                    found += check(
                        block, spot,
                        shape(
                            ["type": [:], "tool_use_id": ["type": "string"], "content": ["type": ["string", "array"]], "is_error": ["type": "boolean"]],
                            required: ["tool_use_id"]))
                    results.append(block["tool_use_id"]?.stringValue ?? "")
                default: found.append("\(spot)/type: is no known type")
                }
            }
            if Set(results) != Set(open) { found.append("\(place): tool_use ids \(open) are answered by results \(results)") }
            open = uses
        }
        if !open.isEmpty { found.append("/messages: tool_use ids \(open) have no tool_result") }
        if let last = messages.last, role == "assistant", last["content"]?.arrayValue?.last?["text"]?.stringValue?.last?.isWhitespace == true {
            found.append("/messages: the final assistant text ends in a blank")
        }
        return found
    }

    func list(path: String, models: [String]) -> FakeModelServer.Response? {
        guard path == "/v1/models" else { return nil }
        let data = models.map { JSONValue.object(["id": .string($0), "type": "model", "display_name": .string($0), "created_at": "2026-01-01T00:00:00Z"]) }
        return .init(type: "application/json", body: text(["data": .array(data), "has_more": false, "first_id": nil, "last_id": nil]))
    }

    func stream(
        _ answer: FakeModelServer.Answer, model: String, request: JSONValue, error: (type: String, message: String)?
    ) -> FakeModelServer.Response {
        var body = ""
        func send(_ type: String, _ members: [String: JSONValue]) {
            var event = members
            event["type"] = .string(type)
            body += "event: \(type)\ndata: \(text(.object(event)))\n\n"
        }
        send(
            "message_start",
            [
                "message": [
                    "id": "msg_1", "type": "message", "role": "assistant", "model": .string(model), "content": [], "stop_reason": nil,
                    "stop_sequence": nil, "usage": Self.usage(answer.usage, output: 1),
                ]
            ])
        send("ping", [:])
        var index: Int64 = 0
        func block(_ start: JSONValue, _ deltas: [JSONValue]) {
            send("content_block_start", ["index": .integer(index), "content_block": start])
            for delta in deltas { send("content_block_delta", ["index": .integer(index), "delta": delta]) }
            send("content_block_stop", ["index": .integer(index)])
            index += 1
        }
        if !answer.reasoning.isEmpty {
            block(
                ["type": "thinking", "thinking": "", "signature": ""],
                answer.reasoning.map { ["type": "thinking_delta", "thinking": .string($0)] }
                    + [["type": "signature_delta", "signature": "c2lnbmVk"]])
        }
        if !answer.text.isEmpty {
            block(["type": "text", "text": ""], answer.text.map { ["type": "text_delta", "text": .string($0)] })
        }
        if let error {
            send("error", ["error": ["type": .string(error.type), "message": .string(error.message)]])
            return .init(type: "text/event-stream; charset=utf-8", body: body)
        }
        for call in answer.toolCalls {
            block(
                ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": [:]],
                fragments(call.arguments.stringValue ?? text(call.arguments), of: answer.argumentFragment).map {
                    ["type": "input_json_delta", "partial_json": .string($0)]
                })
        }
        send(
            "message_delta",
            [
                "delta": ["stop_reason": .string(Self.reason(answer.finish)), "stop_sequence": nil],
                "usage": ["output_tokens": .integer(Int64(answer.usage.outputTokens))],
            ])
        send("message_stop", [:])
        return .init(type: "text/event-stream; charset=utf-8", body: body)
    }

    func whole(_ answer: FakeModelServer.Answer, model: String) -> FakeModelServer.Response {
        var blocks: [JSONValue] = []
        if !answer.text.isEmpty { blocks.append(["type": "text", "text": .string(answer.text.joined())]) }
        blocks += answer.toolCalls.map { ["type": "tool_use", "id": .string($0.id), "name": .string($0.name), "input": $0.arguments] }
        return .init(
            type: "application/json",
            body: text([
                "id": "msg_1", "type": "message", "role": "assistant", "model": .string(model), "content": .array(blocks),
                "stop_reason": .string(Self.reason(answer.finish)), "stop_sequence": nil,
                "usage": Self.usage(answer.usage, output: answer.usage.outputTokens),
            ]))
    }

    func failure(status: Int, type: String, message: String) -> FakeModelServer.Response {
        .init(
            status: status, type: "application/json",
            body: text(["type": "error", "error": ["type": .string(type), "message": .string(message)], "request_id": "req_1"]))
    }

    private static func reason(_ reason: FinishReason) -> String {
        switch reason {
        case .stop, .unknown: "end_turn"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        case .contentFilter: "refusal"
        }
    }

    /// The provider counts cached tokens beside the others.
    private static func usage(_ usage: TokenUsage, output: Int) -> JSONValue {
        [
            "input_tokens": .integer(Int64(usage.inputTokens - usage.cachedInputTokens)), "output_tokens": .integer(Int64(output)),
            "cache_creation_input_tokens": 0, "cache_read_input_tokens": .integer(Int64(usage.cachedInputTokens)),
        ]
    }
}
