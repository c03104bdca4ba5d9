// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// Ollama's native API as its documentation describes it.
struct FakeOllama: FakeModelAPI {
    var path: String { "/api/chat" }
    var streamsByDefault: Bool { true }

    func authenticationProblem(_ headers: HTTPFields, key: String?) -> String? {
        guard let key, headers[.authorization] != "Bearer \(key)" else { return nil }
        return "unauthorized"
    }

    func headerProblems(_ headers: HTTPFields, request: JSONValue) -> [String] { [] }

    func problems(in request: JSONValue) -> [String] {
        let function = shape(
            ["name": ["type": "string", "minLength": 1], "description": ["type": "string"], "parameters": ["type": "object"]],
            required: ["name"])
        let tool = shape(["type": ["const": "function"], "function": function], required: ["type", "function"])
        let call = shape(
            ["function": shape(["name": ["type": "string", "minLength": 1], "arguments": ["type": "object"]], required: ["name", "arguments"])],
            required: ["function"])
        var found = check(
            request, "",
            shape(
                [
                    "model": ["type": "string"], "messages": ["type": "array"], "stream": ["type": "boolean"],
                    "tools": ["type": "array", "items": tool], "keep_alive": ["type": ["string", "number"]],
                    "options": shape(
                        ["num_ctx": ["type": "integer", "minimum": 1], "num_predict": ["type": "integer"], "temperature": ["type": "number"]],
                        required: []),
                ], required: ["model", "messages"]))
        var calls = 0
        for (index, message) in (request["messages"]?.arrayValue ?? []).enumerated() {
            let place = "/messages/\(index)"
            found += check(
                message, place,
                shape(
                    [
                        "role": ["enum": ["system", "user", "assistant", "tool"]], "content": ["type": "string"],
                        "tool_calls": ["type": "array", "items": call], "tool_name": ["type": "string"],
                    ], required: ["role", "content"]))
            let role = message["role"]?.stringValue
            if role != "assistant", message["tool_calls"] != nil { found.append("\(place): only the assistant calls tools") }
            if role == "tool" {
                calls -= 1
                if calls < 0 { found.append("\(place): a result without a call") }
            } else {
                if calls > 0 { found.append("\(place): \(calls) calls have no result") }
                calls = message["tool_calls"]?.arrayValue?.count ?? 0
            }
        }
        if calls > 0 { found.append("/messages: \(calls) calls have no result") }
        return found
    }

    func list(path: String, models: [String]) -> FakeModelServer.Response? {
        switch path {
        case "/api/version": return .init(type: "application/json", body: text(["version": "0.9.0"]))
        case "/api/tags":
            let list = models.map { name -> JSONValue in
                let tagged = name.contains(":") ? name : name + ":latest"
                return [
                    "name": .string(tagged), "model": .string(tagged), "size": 1_000_000, "digest": "0", "modified_at": "2026-01-01T00:00:00Z",
                    "details": ["family": "test", "families": [.string(name.contains("embed") ? "bert" : "test")], "format": "gguf"],
                ]
            }
            return .init(type: "application/json", body: text(["models": .array(list)]))
        default: return nil
        }
    }

    private func line(_ model: String, _ message: JSONValue) -> [String: JSONValue] {
        ["model": .string(model), "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false]
    }

    private func calls(_ answer: FakeModelServer.Answer) -> JSONValue {
        .array(answer.toolCalls.map { ["function": ["name": .string($0.name), "arguments": $0.arguments]] })
    }

    private func finished(_ line: [String: JSONValue], _ answer: FakeModelServer.Answer) -> JSONValue {
        var line = line
        line["done"] = true
        line["done_reason"] = .string(answer.finish == .length ? "length" : "stop")
        line["prompt_eval_count"] = .integer(Int64(answer.usage.inputTokens))
        line["eval_count"] = .integer(Int64(answer.usage.outputTokens))
        line["total_duration"] = 1_000_000
        return .object(line)
    }

    func stream(
        _ answer: FakeModelServer.Answer, model: String, request: JSONValue, error: (type: String, message: String)?
    ) -> FakeModelServer.Response {
        var lines: [JSONValue] = answer.reasoning.map {
            .object(line(model, ["role": "assistant", "content": "", "thinking": .string($0)]))
        }
        lines += answer.text.map { .object(line(model, ["role": "assistant", "content": .string($0)])) }
        if let error {
            lines.append(["error": .string(error.message)])
        } else {
            if !answer.toolCalls.isEmpty {
                lines.append(.object(line(model, ["role": "assistant", "content": "", "tool_calls": calls(answer)])))
            }
            lines.append(finished(line(model, ["role": "assistant", "content": ""]), answer))
        }
        return .init(type: "application/x-ndjson", body: lines.map { text($0) + "\n" }.joined())
    }

    func whole(_ answer: FakeModelServer.Answer, model: String) -> FakeModelServer.Response {
        var message: [String: JSONValue] = ["role": "assistant", "content": .string(answer.text.joined())]
        if !answer.toolCalls.isEmpty { message["tool_calls"] = calls(answer) }
        return .init(type: "application/json; charset=utf-8", body: text(finished(line(model, .object(message)), answer)))
    }

    func failure(status: Int, type: String, message: String) -> FakeModelServer.Response {
        .init(status: status, type: "application/json; charset=utf-8", body: text(["error": .string(message)]))
    }
}
