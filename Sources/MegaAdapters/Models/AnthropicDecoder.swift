// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Reads the events of a streamed message. Unknown events, blocks and deltas are ignored, as the API's versioning asks for.
struct AnthropicDecoder: AnswerDecoder {
    private let failures: ModelFailures
    /// Our index of each tool-use block, by the block's own.
    private var calls: [Int64: Int] = [:]
    private var usage = TokenUsage()
    private var finish: FinishReason?
    private var hasStarted = false
    private var hasStopped = false

    init(failures: ModelFailures) { self.failures = failures }

    mutating func decode(_ frame: JSONValue, into events: inout [GenerationEvent]) throws -> Bool {
        let block = frame["index"]?.integerValue ?? 0
        switch frame["type"]?.stringValue {
        case "message_start":
            hasStarted = true
            if let reported = frame["message"]?["usage"] { take(usage: reported) }
        case "content_block_start":
            if let content = frame["content_block"] { try take(block: content, at: block, into: &events) }
        case "content_block_delta":
            guard let delta = frame["delta"] else { break }
            switch delta["type"]?.stringValue {
            case "text_delta": append(delta["text"], GenerationEvent.textDelta, to: &events)
            case "thinking_delta": append(delta["thinking"], GenerationEvent.reasoningDelta, to: &events)
            case "input_json_delta":
                if let index = calls[block] { append(delta["partial_json"], { .toolCallArgumentsDelta(index: index, $0) }, to: &events) }
            default: break
            }
        case "message_delta":
            if let reported = frame["usage"] { take(usage: reported) }
            if let reason = frame["delta"]?["stop_reason"]?.stringValue { finish = Self.reason(reason) }
        case "message_stop":
            hasStopped = true
            return true
        case "error": throw failures.provider(.init(frame) ?? .init(type: nil, code: nil, message: ""), status: nil)
        case nil where !hasStarted:
            throw failures.make(.malformedAnswer, .elsewhere, "\(failures.place) sent JSON that is no event of the Messages API")
        default: break
        }
        return false
    }

    mutating func decodeWhole(_ answer: JSONValue, into events: inout [GenerationEvent]) throws {
        if answer["type"]?.stringValue == "error" || answer["error"] != nil { _ = try decode(answer, into: &events) }
        guard let blocks = answer["content"]?.arrayValue else {
            throw failures.make(.malformedAnswer, .elsewhere, "\(failures.place) sent JSON that is no message")
        }
        for (index, block) in blocks.enumerated() { try take(block: block, at: Int64(index), into: &events) }
        if let reported = answer["usage"] { take(usage: reported) }
        finish = answer["stop_reason"]?.stringValue.map(Self.reason) ?? .unknown
        hasStopped = true
    }

    mutating func end(isClosed: Bool, into events: inout [GenerationEvent]) throws {
        guard hasStopped || finish != nil else { throw failures.incomplete() }
        events.append(.usage(usage))
        events.append(.finished(finish ?? (calls.isEmpty ? .unknown : .toolCalls)))
    }

    private mutating func take(block: JSONValue, at position: Int64, into events: inout [GenerationEvent]) throws {
        switch block["type"]?.stringValue {
        case "text": append(block["text"], GenerationEvent.textDelta, to: &events)
        case "thinking": append(block["thinking"], GenerationEvent.reasoningDelta, to: &events)
        case "tool_use":
            let index = calls.count
            calls[position] = index
            events.append(
                .toolCallStarted(index: index, id: block["id"]?.stringValue, name: block["name"]?.stringValue ?? ""))
            if let input = block["input"], case .object(let members) = input, !members.isEmpty {
                events.append(.toolCallArgumentsDelta(index: index, input.encodedString()))
            }
        default: break
        }
    }

    private func append(_ text: JSONValue?, _ make: (String) -> GenerationEvent, to events: inout [GenerationEvent]) {
        if let text = text?.stringValue, !text.isEmpty { events.append(make(text)) }
    }

    /// Later reports replace earlier ones, member by member. Anthropic counts cached tokens beside the others.
    private mutating func take(usage reported: JSONValue) {
        if reported["input_tokens"]?.integerValue != nil {
            usage.cachedInputTokens = reported.count("cache_read_input_tokens")
            usage.inputTokens =
                reported.count("input_tokens") + reported.count("cache_creation_input_tokens") + usage.cachedInputTokens
        }
        if reported["output_tokens"]?.integerValue != nil { usage.outputTokens = reported.count("output_tokens") }
    }

    private static func reason(_ text: String) -> FinishReason {
        switch text {
        case "end_turn", "stop_sequence": .stop
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": .toolCalls
        case "refusal": .contentFilter
        default: .unknown
        }
    }
}
