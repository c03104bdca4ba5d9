// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// An action as a grant sees it.
public struct GrantCandidate: Sendable, Hashable {
    /// The tool's name.
    public var tool: String
    /// What the tool may do.
    public var effects: ToolEffects
    /// What the tool would be given.
    public var arguments: JSONValue
    /// What it would do.
    public var preview: ActionPreview

    /// Makes a candidate.
    public init(tool: String, effects: ToolEffects, arguments: JSONValue, preview: ActionPreview) {
        self.tool = tool
        self.effects = effects
        self.arguments = arguments
        self.preview = preview
    }

    init(_ action: ProposedAction) {
        self.init(tool: action.tool.name, effects: action.tool.effects, arguments: action.arguments, preview: action.preview)
    }

    init(_ request: ApprovalRequest) {
        self.init(tool: request.tool, effects: request.effects, arguments: request.arguments, preview: request.preview)
    }
}

/// Which grants may exist and what they cover.
///
/// Implement this for rules of your own; MegaSecurity's `CommandGrantRules` knows commands. Without rules an orchestrator keeps no
/// grants. Pure: counting, time and revocation are the orchestrator's.
public protocol GrantRules: Sendable {
    /// The scope of a grant given with the approval of an action.
    ///
    /// - Parameter pattern: Words the command has to begin with, program first, a last `*` for further words; nil for exactly this
    ///   action.
    /// - Throws: ``CommandError`` that says why no grant of this kind is kept.
    func scope(for candidate: GrantCandidate, pattern: [String]?) throws -> GrantScope

    /// Whether a scope covers an action. In doubt it does not.
    func covers(_ scope: GrantScope, _ candidate: GrantCandidate) -> Bool

    /// What could be typed instead of one more approval, after a person approved like actions several times: an `!approve` with terms
    /// for a grant (`CODE` stands for the request's code), or an `!allow`. Nil when nothing narrower than a yes for everything fits.
    ///
    /// - Parameter earlier: The like actions approved before.
    func proposal(for candidate: GrantCandidate, after earlier: [GrantCandidate]) -> String?
}
