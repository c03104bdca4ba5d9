// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A tool made of a closure and a schema.
///
/// ```swift
/// struct Roll: Decodable { var sides: Int }
/// let dice = FunctionTool("roll", "Rolls a die", parameters: .object([.required("sides", .integer("Sides"))])) { (roll: Roll, _) in
///     "\(Int.random(in: 1...roll.sides))"
/// }
/// ```
public struct FunctionTool<Input: Decodable & Sendable>: Tool {
    /// See ``Tool/definition``.
    public let definition: ToolDefinition
    private let body: @Sendable (Input, ToolContext) async throws -> ToolResult

    /// - Parameters:
    ///   - name: See ``ToolDefinition/name``.
    ///   - body: Returns the text for the model or throws.
    public init(
        _ name: String, _ description: String, parameters: JSONSchema = .object(), effects: ToolEffects = [],
        isIdempotent: Bool = false, timeLimit: Duration = .seconds(60), flow: FlowDeclaration? = nil,
        body: @escaping @Sendable (Input, ToolContext) async throws -> String
    ) {
        self.init(
            name, description, parameters: parameters, effects: effects, isIdempotent: isIdempotent, timeLimit: timeLimit, flow: flow,
            result: { ToolResult(try await body($0, $1)) })
    }

    /// A tool that says where its text comes from: `trust: .web` for anything fetched.
    ///
    /// - Parameters:
    ///   - name: See ``ToolDefinition/name``.
    ///   - result: Returns what the model gets or throws.
    public init(
        _ name: String, _ description: String, parameters: JSONSchema = .object(), effects: ToolEffects = [],
        isIdempotent: Bool = false, timeLimit: Duration = .seconds(60), flow: FlowDeclaration? = nil,
        result: @escaping @Sendable (Input, ToolContext) async throws -> ToolResult
    ) {
        definition = ToolDefinition(
            name: name, description: description, parameters: parameters, effects: effects, isIdempotent: isIdempotent,
            timeLimit: timeLimit, flow: flow)
        body = result
    }

    /// See ``Tool/call(_:in:)``.
    public func call(_ input: Input, in context: ToolContext) async throws -> ToolResult {
        try await body(input, context)
    }
}
