// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Puts the command guard before rules: what it blocks is denied, what it asks about is asked whatever a rule allows, and what it sees is
/// said in the question.
///
/// The stricter of guard and rules holds, so no allow rule makes a command run that the guard would stop; an approval or a grant of a
/// person answers the guard's questions like any other, and nothing answers a block. Actions without a command are left to the rules.
///
/// ```swift
/// let authorizer = GuardedAuthorizer(try PolicyAuthorizer(rules: rules))
/// ```
public struct GuardedAuthorizer: ActionAuthorizer {
    /// What the guard's verdict does.
    public enum Enforcement: String, Sendable, Hashable, CaseIterable {
        /// Block denies, ask asks.
        case enforce
        /// Nothing but the words in a question that is asked anyway.
        case advise
    }

    private let base: any ActionAuthorizer
    private let commandGuard = CommandGuard()
    private let enforcement: Enforcement

    /// - Parameters:
    ///   - base: The rules.
    ///   - enforcement: What the guard's verdict does.
    public init(_ base: any ActionAuthorizer, enforcement: Enforcement = .enforce) {
        self.base = base
        self.enforcement = enforcement
    }

    /// See `ActionAuthorizer.decide(_:)`.
    public func decide(_ action: ProposedAction) async throws -> AuthorizationDecision {
        let decision = try await base.decide(action)
        guard let verdict = verdict(on: action), verdict.action != .allow else { return decision }
        let summary = verdict.summary
        switch (decision, enforcement == .enforce ? verdict.action : .warn) {
        case (.deny, _): return decision
        case (_, .block): return .deny(reason: "the command guard blocks it: \(summary)")
        case (.askHuman(let reason), _): return .askHuman(reason: "\(summary) Also: \(reason)")
        case (.allow, .ask): return .askHuman(reason: summary)
        case (.allow, _): return decision
        }
    }

    /// What the guard says of an action's command; nil when it has none.
    public func verdict(on action: ProposedAction) -> GuardVerdict? {
        guard let command = action.preview.command else { return nil }
        let text = command.text ?? command.simpleCommands.map { $0.map(ShellQuoting.quoted).joined(separator: " ") }.joined(separator: "\n")
        return commandGuard.check(GuardInput(bytes: Array(text.utf8)))
    }

    /// See `ActionAuthorizer.rules()`.
    public func rules() async -> [String] {
        let built = switch enforcement {
        case .enforce: ["deny: what the command guard blocks (built in)", "ask: what the command guard asks about (built in)"]
        case .advise: ["the command guard only advises (configuration)"]
        }
        return built + (await base.rules())
    }

    /// See `ActionAuthorizer.addRule(_:pattern:)`.
    public func addRule(_ verdict: PolicyVerdict, pattern: String) async throws { try await base.addRule(verdict, pattern: pattern) }
}

extension GuardVerdict {
    /// The strictest findings in a few sentences for people: what is wrong, the rule's name, and how to do the first of them safely.
    public var summary: String {
        var said: Set<String> = []
        let worst = findings.sorted { $0.action > $1.action }.filter { said.insert($0.rule).inserted }.prefix(3)
        guard let first = worst.first else { return isIncomplete ? "A part of it was not understood." : "" }
        let lines = worst.map { "\($0.message) [\($0.rule)]" }
        return lines.joined(separator: " ") + (first.remedy.isEmpty ? "" : " \(first.remedy)")
    }
}
