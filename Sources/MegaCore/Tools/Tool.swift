// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Something the assistant can do.
///
/// Implement this for a tool with typed input; for a function in place use ``FunctionTool``; for many tools at once, or tools known
/// only at run time, ``ToolProvider``. A tool runs only through the tool executor: mode, policy and approval have been passed when
/// ``call(_:in:)`` is reached, and the executor keeps the time limit, cuts and filters the output.
///
/// Throwing is for failures the model should see as an error; its `description` is shown to it, so keep secrets out.
public protocol Tool<Input>: Sendable {
    /// The arguments; decoded from the JSON object the model wrote after that passed the schema.
    associatedtype Input: Decodable & Sendable

    var definition: ToolDefinition { get }

    /// What a call would do, for policy and approval. Computed again right before the call: when it differs, the approval is void.
    ///
    /// Nil, the default, shows the arguments as they are.
    func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview?

    /// Does it. Cancellation must end the work, child processes included.
    func call(_ input: Input, in context: ToolContext) async throws -> ToolResult
}

extension Tool {
    /// None: the arguments are shown as they are.
    public func preview(_ input: Input, in scope: ToolScope) async throws -> ActionPreview? { nil }
}

/// Where a call happens, known before it is allowed.
public struct ToolScope: Sendable, Hashable {
    /// Where it happens.
    public var conversation: ConversationID
    /// Whose turn it is.
    public var person: PersonID
    /// The turn the call belongs to.
    public var turn: TurnID
    /// The session's mode when the turn began.
    public var mode: Mode
    /// Who asked for the turn.
    public var trust: TrustLabel
    /// The least trusted text the model decided on. What a tool keeps on the model's word is no more trusted than this.
    public var influence: TrustLabel

    /// Makes a scope.
    ///
    /// - Parameter influence: The same as `trust` unless given.
    public init(
        conversation: ConversationID, person: PersonID, turn: TurnID, mode: Mode, trust: TrustLabel, influence: TrustLabel? = nil
    ) {
        self.conversation = conversation
        self.person = person
        self.turn = turn
        self.mode = mode
        self.trust = trust
        self.influence = influence ?? trust
    }
}

/// What a tool gives back.
public struct ToolResult: Sendable, Hashable {
    /// For the model.
    public var text: String
    /// Whether the tool itself says it failed.
    public var isError: Bool
    /// Where the text comes from: `tool` for this machine's own words, `web` for anything fetched.
    public var trust: TrustLabel

    /// Makes a result.
    public init(_ text: String, isError: Bool = false, trust: TrustLabel = .tool) {
        self.text = text
        self.isError = isError
        self.trust = trust
    }
}

/// Many tools from one source, asked again whenever a turn begins.
public protocol ToolProvider: Sendable {
    /// The tools there are now. Fast; a source that is away returns what it last had or nothing.
    func tools() async -> [any Tool]

    func health() async -> ComponentHealth
}

extension ToolProvider {
    /// Always healthy.
    public func health() async -> ComponentHealth { .healthy }
}
