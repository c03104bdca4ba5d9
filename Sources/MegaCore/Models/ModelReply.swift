// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A whole answer of a model.
public struct ModelReply: Sendable, Hashable, Codable {
    /// The words of the answer.
    public var text: String
    /// What it wants run, in its order.
    public var toolCalls: [ToolCall]
    /// What the provider counted.
    public var usage: TokenUsage
    /// Why it stopped.
    public var finishReason: FinishReason

    /// Makes an answer.
    public init(text: String, toolCalls: [ToolCall] = [], usage: TokenUsage = TokenUsage(), finishReason: FinishReason = .stop) {
        self.text = text
        self.toolCalls = toolCalls
        self.usage = usage
        self.finishReason = finishReason
    }
}

/// Puts an answer together from its events. Fragments of parallel tool calls may be interleaved.
public struct ReplyAccumulator: Sendable {
    private struct PartialCall {
        var id: String?
        var name: String
        var arguments = ""
    }

    private var text = ""
    private var calls: [Int: PartialCall] = [:]
    private var usage = TokenUsage()
    private var finishReason: FinishReason?

    /// Begins with nothing.
    public init() {}

    /// Takes in the next event.
    public mutating func add(_ event: GenerationEvent) {
        switch event {
        case .textDelta(let delta): text += delta
        case .reasoningDelta: break
        case .toolCallStarted(let index, let id, let name):
            if calls[index] == nil {
                calls[index] = PartialCall(id: id, name: name)
            } else {
                // Some servers repeat the head with every fragment.
                if let id, !id.isEmpty { calls[index]?.id = id }
                if !name.isEmpty { calls[index]?.name = name }
            }
        case .toolCallArgumentsDelta(let index, let fragment):
            calls[index, default: PartialCall(id: nil, name: "")].arguments += fragment
        case .usage(let reported): usage = reported
        case .finished(let reason): finishReason = reason
        }
    }

    /// The answer so far. Arguments that are no valid JSON stay a string, so that the executor can say what is wrong with them.
    ///
    /// - Parameter prefix: Makes ids for calls that came without one, unique within the turn.
    public func reply(idPrefix prefix: String = "call") -> ModelReply {
        var seen: Set<String> = []
        let toolCalls = calls.sorted { $0.key < $1.key }.map { index, call in
            var id = call.id.flatMap { $0.isEmpty ? nil : $0 } ?? "\(prefix)-\(index)"
            if !seen.insert(id).inserted {
                id = "\(prefix)-\(index)"
                seen.insert(id)
            }
            return ToolCall(id: id, name: call.name, arguments: Self.parse(call.arguments))
        }
        let reason = finishReason ?? (toolCalls.isEmpty ? .unknown : .toolCalls)
        return ModelReply(text: text, toolCalls: toolCalls, usage: usage, finishReason: reason)
    }

    private static func parse(_ arguments: String) -> JSONValue {
        if arguments.allSatisfy(\.isWhitespace) { return .object([:]) }
        do { return try JSONValue(parsing: arguments) } catch { return .string(arguments) }
    }
}
