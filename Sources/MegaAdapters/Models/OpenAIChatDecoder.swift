// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Reads the chunks of a chat completion, and the dialects of compatible servers: reasoning under two names, content in parts,
/// tool calls without or with repeated indices, whole answers instead of streams.
struct OpenAIChatDecoder: AnswerDecoder {
    private let failures: ModelFailures
    /// Our index of each (server's index, id) pair, in order of appearance.
    private var calls: [(server: Int, id: String)] = []
    private var finish: FinishReason?
    private var wasRefused = false
    private var sawContent = false
    private var usage: TokenUsage?

    init(failures: ModelFailures) { self.failures = failures }

    mutating func decode(_ frame: JSONValue, into events: inout [GenerationEvent]) throws -> Bool {
        if let error = frame["error"], error != .null {
            throw failures.provider(.init(frame) ?? .init(type: nil, code: nil, message: ""), status: nil)
        }
        if let reported = frame["usage"], case .object = reported { usage = Self.usage(reported) }
        guard let choices = frame["choices"]?.arrayValue else {
            if frame["object"] == nil, frame["usage"] == nil, frame["id"] == nil {
                throw failures.make(.malformedAnswer, .elsewhere, "\(failures.place) sent JSON that is no chat completion")
            }
            return false
        }
        for choice in choices where (choice["index"]?.integerValue ?? 0) == 0 {
            if let delta = choice["delta"] ?? choice["message"] { take(delta, into: &events) }
            if let reason = choice["finish_reason"]?.stringValue { finish = Self.reason(reason) }
        }
        return false
    }

    mutating func decodeWhole(_ answer: JSONValue, into events: inout [GenerationEvent]) throws {
        _ = try decode(answer, into: &events)
        // A whole answer is complete by being there.
        if finish == nil { finish = .unknown }
    }

    mutating func end(isClosed: Bool, into events: inout [GenerationEvent]) throws {
        guard finish != nil || (isClosed && sawContent) else { throw failures.incomplete() }
        var reason = finish ?? .stop
        if wasRefused { reason = .contentFilter }
        if !calls.isEmpty, reason == .stop || reason == .unknown { reason = .toolCalls }
        if let usage { events.append(.usage(usage)) }
        events.append(.finished(reason))
    }

    private mutating func take(_ delta: JSONValue, into events: inout [GenerationEvent]) {
        if let thought = delta["reasoning_content"]?.stringValue ?? delta["reasoning"]?.stringValue, !thought.isEmpty {
            events.append(.reasoningDelta(thought))
        }
        switch delta["content"] {
        case .string(let text)? where !text.isEmpty: events.append(.textDelta(text))
        case .array(let parts)?:
            for part in parts { if let text = part["text"]?.stringValue, !text.isEmpty { events.append(.textDelta(text)) } }
        default: break
        }
        if let refusal = delta["refusal"]?.stringValue, !refusal.isEmpty {
            wasRefused = true
            events.append(.textDelta(refusal))
        }
        for (position, call) in (delta["tool_calls"]?.arrayValue ?? []).enumerated() { take(call: call, at: position, into: &events) }
        if !events.isEmpty { sawContent = true }
    }

    private mutating func take(call: JSONValue, at position: Int, into events: inout [GenerationEvent]) {
        let id = call["id"]?.stringValue ?? ""
        let name = call["function"]?["name"]?.stringValue ?? ""
        let server: Int
        if let index = call["index"]?.integerValue {
            server = Int(truncatingIfNeeded: index)
        } else if id.isEmpty, name.isEmpty, let last = calls.last {
            server = last.server
        } else {
            server = calls.last.map { $0.id == id && !id.isEmpty ? $0.server : $0.server + 1 } ?? position
        }
        let known = calls.lastIndex { $0.server == server }
        let index: Int
        // The same index with another id and a name is another call: some servers number every call 0.
        if let known, id.isEmpty || name.isEmpty || calls[known].id.isEmpty || calls[known].id == id {
            index = known
            if calls[known].id.isEmpty, !id.isEmpty {
                calls[known].id = id
                events.append(.toolCallStarted(index: index, id: id, name: name))
            }
        } else {
            index = calls.count
            calls.append((server, id))
            events.append(.toolCallStarted(index: index, id: id.isEmpty ? nil : id, name: name))
        }
        switch call["function"]?["arguments"] {
        case .string(let fragment)? where !fragment.isEmpty: events.append(.toolCallArgumentsDelta(index: index, fragment))
        case .object(let members)?:
            events.append(.toolCallArgumentsDelta(index: index, JSONValue.object(members).encodedString()))
        default: break
        }
    }

    static func reason(_ text: String) -> FinishReason {
        switch text {
        case "stop", "eos": .stop
        case "length": .length
        case "tool_calls", "function_call": .toolCalls
        case "content_filter": .contentFilter
        default: .unknown
        }
    }

    private static func usage(_ value: JSONValue) -> TokenUsage {
        TokenUsage(
            inputTokens: value.count("prompt_tokens"), outputTokens: value.count("completion_tokens"),
            cachedInputTokens: (value["prompt_tokens_details"] ?? .null).count("cached_tokens"))
    }
}

extension JSONValue {
    /// A count under a name; 0 when there is none or it is negative.
    func count(_ name: String) -> Int { Int(clamping: max(0, self[name]?.integerValue ?? 0)) }
}
