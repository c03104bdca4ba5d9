// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// A tool that notes how it was called and answers what the test wants.
public final class RecordingTool: Tool {
    /// Any JSON.
    public typealias Input = JSONValue

    /// One call.
    public struct Call: Sendable, Hashable {
        /// What it was given.
        public var arguments: JSONValue
        /// Where the call happened.
        public var scope: ToolScope
        /// The key of the call.
        public var idempotencyKey: String
    }

    /// See `Tool.definition`.
    public let definition: ToolDefinition
    private let state = Mutex<[Call]>([])
    private let body: @Sendable (JSONValue, ToolContext) async throws -> ToolResult

    /// - Parameters:
    ///   - description: What the model and the flow policy are told.
    ///   - parameters: Any object passes unless given.
    ///   - body: What it does and answers; `done` unless given.
    public init(
        _ name: String, description: String = "A tool of the test.", effects: ToolEffects = [], isIdempotent: Bool = false, parameters: JSONSchema = JSONSchema(["type": "object"]),
        timeLimit: Duration = .seconds(60), flow: FlowDeclaration? = nil,
        body: @escaping @Sendable (JSONValue, ToolContext) async throws -> ToolResult = { _, _ in ToolResult("done") }
    ) {
        definition = ToolDefinition(
            name: name, description: description, parameters: parameters, effects: effects, isIdempotent: isIdempotent,
            timeLimit: timeLimit, flow: flow)
        self.body = body
    }

    /// The calls so far, in order.
    public var calls: [Call] { state.withLock { $0 } }

    /// See `Tool.call(_:in:)`.
    public func call(_ input: JSONValue, in context: ToolContext) async throws -> ToolResult {
        state.withLock {
            $0.append(Call(arguments: input, scope: context.scope, idempotencyKey: context.idempotencyKey))
        }
        return try await body(input, context)
    }
}
