// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A language model, local or hosted.
///
/// Implement this to connect a model server; check yours with `LanguageModelConformance` of MegaTesting. The stream does its work
/// while it is iterated and stops, transfer included, when its consumer is cancelled or goes away.
public protocol LanguageModel: Sendable {
    /// Names provider and model for people and logs, for example `ollama/qwen3:14b`.
    var id: String { get }

    /// The most tokens the context may have, prompt and answer together.
    var contextWindow: Int { get }

    /// Starts an answer. Failures come out of the stream, as ``ModelError``: thrown by the sequence it wraps, or by
    /// ``GenerationStream/failing(_:)`` where there is nothing to wrap.
    func generate(_ request: ModelRequest) -> GenerationStream

    /// Asks the server whether it is there, as cheaply as it allows.
    func health() async -> ComponentHealth
}

extension LanguageModel {
    /// Always healthy.
    public func health() async -> ComponentHealth { .healthy }
}

/// What a model is asked.
public struct ModelRequest: Sendable, Hashable {
    /// Instructions. Byte-identical from turn to turn, so that a provider can cache them.
    public var instructions: String
    /// The talk so far, oldest first, and what is asked now.
    public var messages: [ModelMessage]
    /// What the model may call, in a stable order.
    public var tools: [ToolDefinition]
    /// The most tokens to answer with; nil leaves it to the provider.
    public var maximumOutputTokens: Int?
    /// 0 … 2; nil leaves it to the provider.
    public var temperature: Double?

    /// Makes a request.
    public init(
        instructions: String = "", messages: [ModelMessage], tools: [ToolDefinition] = [], maximumOutputTokens: Int? = nil,
        temperature: Double? = nil
    ) {
        self.instructions = instructions
        self.messages = messages
        self.tools = tools
        self.maximumOutputTokens = maximumOutputTokens
        self.temperature = temperature
    }
}
