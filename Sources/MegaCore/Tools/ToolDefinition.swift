// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a model is told of a tool, and what the executor enforces.
public struct ToolDefinition: Sendable, Hashable {
    /// 1 … 64 characters of `[A-Za-z0-9_-]`, as the model providers demand. Unique within one orchestrator.
    public var name: String
    /// For the model: what it does and when to use it.
    public var description: String
    /// What the arguments must be; checked before the tool sees them.
    public var parameters: JSONSchema
    /// What it may do to the world.
    public var effects: ToolEffects
    /// Whether running it twice does no more than running it once. Only such tools are run again after a crash in the middle.
    public var isIdempotent: Bool
    /// The most time one call may take, approvals not counted.
    public var timeLimit: Duration
    /// How its results, its effects and its arguments take part in information flow. Nil means undeclared: the safe defaults of
    /// ``ToolDefinition/resultIntegrity`` hold and every argument counts as sensitive.
    public var flow: FlowDeclaration?

    /// Makes a definition.
    public init(
        name: String, description: String, parameters: JSONSchema = .object(), effects: ToolEffects = [],
        isIdempotent: Bool = false, timeLimit: Duration = .seconds(60), flow: FlowDeclaration? = nil
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.effects = effects
        self.isIdempotent = isIdempotent
        self.timeLimit = timeLimit
        self.flow = flow
    }
}
