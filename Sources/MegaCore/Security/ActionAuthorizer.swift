// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A tool call as the authorizer sees it.
public struct ProposedAction: Sendable, Hashable {
    /// The tool that would run.
    public var tool: ToolDefinition
    /// What it would be given, as checked against its schema.
    public var arguments: JSONValue
    /// What it would do.
    public var preview: ActionPreview
    /// Where, for whom and in which mode.
    public var scope: ToolScope
    /// The least trusted text in the context the model decided on. `web` or `unknown` means it may have been told to do this.
    public var influence: TrustLabel

    /// Makes an action to be decided about.
    public init(
        tool: ToolDefinition, arguments: JSONValue, preview: ActionPreview, scope: ToolScope, influence: TrustLabel
    ) {
        self.tool = tool
        self.arguments = arguments
        self.preview = preview
        self.scope = scope
        self.influence = influence
    }
}

/// What an authorizer says.
public enum AuthorizationDecision: Sendable, Hashable {
    /// Go on. The rule is for the audit.
    case allow(rule: String)
    /// Do not run it. The reason is told to model and person.
    case deny(reason: String)
    /// A person has to decide.
    case askHuman(reason: String)
}

/// Decides whether an action may run.
///
/// Implement this for rules of your own. An error counts as deny. MegaSecurity's `PolicyAuthorizer` matches rules on parsed commands.
public protocol ActionAuthorizer: Sendable {
    func decide(_ action: ProposedAction) async throws -> AuthorizationDecision

    /// The rules in force, one line each, for `!policies`.
    func rules() async -> [String]

    /// Adds a rule on a person's word (`!allow`, `!deny`), durable on return.
    ///
    /// - Parameter pattern: A command prefix, a tool name, or `*`.
    /// - Throws: When the pattern is not acceptable, with the reason.
    func addRule(_ verdict: PolicyVerdict, pattern: String) async throws
}

/// The verdicts a rule can have, strictest last.
public enum PolicyVerdict: String, Sendable, Hashable, Codable, CaseIterable {
    case allow, ask, deny
}

extension ActionAuthorizer {
    /// None to show.
    public func rules() async -> [String] { [] }
    /// Refuses: the rules stand in code.
    public func addRule(_ verdict: PolicyVerdict, pattern: String) async throws {
        throw CommandError("This installation's rules are fixed in code; they cannot be changed from the chat.")
    }
}

/// Asks for everything that has consequences and allows the rest. The default of an orchestrator that was given no authorizer.
public struct AskingAuthorizer: ActionAuthorizer {
    /// Makes the authorizer.
    public init() {}

    /// See ``ActionAuthorizer/decide(_:)``.
    public func decide(_ action: ProposedAction) async throws -> AuthorizationDecision {
        action.tool.effects.isDisjoint(with: .consequential)
            ? .allow(rule: "no consequences") : .askHuman(reason: "it \(action.tool.effects.phrase)")
    }

    /// See ``ActionAuthorizer/rules()``.
    public func rules() async -> [String] { ["ask: every tool with consequences (built in)"] }
}
