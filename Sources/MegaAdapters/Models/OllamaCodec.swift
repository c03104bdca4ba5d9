// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// The wire format of Ollama's `/api/chat`.
struct OllamaCodec: ModelCodec {
    let name: String
    let contextWindow: Int
    let keepAlive: String?

    var path: String { "/api/chat" }
    var framing: AnswerFraming { .lines }
    var headers: HTTPFields { [:] }

    func encode(_ request: ModelRequest) -> JSONValue {
        var settings: [String: JSONValue] = ["num_ctx": .integer(Int64(contextWindow))]
        if let limit = request.maximumOutputTokens { settings["num_predict"] = .integer(Int64(limit)) }
        if let temperature = request.temperature { settings["temperature"] = .number(temperature) }
        var body: [String: JSONValue] = [
            "model": .string(name), "messages": .array(messages(of: request)), "stream": true, "options": .object(settings),
        ]
        if !request.tools.isEmpty { body["tools"] = .array(request.tools.map(OpenAIChatCodec.tool)) }
        if let keepAlive { body["keep_alive"] = .string(keepAlive) }
        return .object(body)
    }

    func makeDecoder(_ failures: ModelFailures) -> OllamaDecoder { OllamaDecoder(failures: failures) }

    private func messages(of request: ModelRequest) -> [JSONValue] {
        var messages: [JSONValue] = []
        if !request.instructions.isEmpty { messages.append(["role": "system", "content": .string(request.instructions)]) }
        for entry in ModelTranscript(request.messages).entries {
            switch entry {
            case .user(let text): messages.append(["role": "user", "content": .string(text)])
            case .assistant(let text, let calls):
                var message: [String: JSONValue] = ["role": "assistant", "content": .string(text)]
                if !calls.isEmpty {
                    message["tool_calls"] = .array(
                        calls.map { ["function": ["name": .string($0.name), "arguments": $0.objectArguments]] })
                }
                messages.append(.object(message))
                for call in calls {
                    messages.append([
                        "role": "tool", "tool_name": .string(call.name), "content": .string(call.result ?? ModelTranscript.missingResult),
                    ])
                }
            }
        }
        return messages
    }
}

/// Reads the lines of a streamed chat.
struct OllamaDecoder: AnswerDecoder {
    private let failures: ModelFailures
    private var callCount = 0
    private var finish: FinishReason?
    private var usage = TokenUsage()

    init(failures: ModelFailures) { self.failures = failures }

    mutating func decode(_ frame: JSONValue, into events: inout [GenerationEvent]) throws -> Bool {
        if let error = frame["error"], error != .null {
            throw failures.provider(.init(frame) ?? .init(type: nil, code: nil, message: ""), status: nil)
        }
        guard frame["message"] != nil || frame["done"] != nil else {
            throw failures.make(.malformedAnswer, .elsewhere, "\(failures.place) sent JSON that is no chat answer")
        }
        if let message = frame["message"] {
            if let thought = message["thinking"]?.stringValue, !thought.isEmpty { events.append(.reasoningDelta(thought)) }
            if let text = message["content"]?.stringValue, !text.isEmpty { events.append(.textDelta(text)) }
            for call in message["tool_calls"]?.arrayValue ?? [] {
                events.append(
                    .toolCallStarted(
                        index: callCount, id: call["id"]?.stringValue, name: call["function"]?["name"]?.stringValue ?? ""))
                if let arguments = call["function"]?["arguments"] {
                    let text = arguments.stringValue ?? arguments.encodedString()
                    events.append(.toolCallArgumentsDelta(index: callCount, text))
                }
                callCount += 1
            }
        }
        guard frame["done"] == .bool(true) else { return false }
        usage = TokenUsage(inputTokens: frame.count("prompt_eval_count"), outputTokens: frame.count("eval_count"))
        finish = OpenAIChatDecoder.reason(frame["done_reason"]?.stringValue ?? "stop")
        return true
    }

    mutating func decodeWhole(_ answer: JSONValue, into events: inout [GenerationEvent]) throws {
        _ = try decode(answer, into: &events)
    }

    mutating func end(isClosed: Bool, into events: inout [GenerationEvent]) throws {
        guard let finish else { throw failures.incomplete() }
        events.append(.usage(usage))
        events.append(.finished(callCount > 0 && finish == .stop ? .toolCalls : finish))
    }
}
