// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// What the rules say of an action, and why.
public struct PolicyExplanation: Sendable, Hashable {
    /// What they say of one simple command.
    public struct Part: Sendable, Hashable {
        /// The command, its words as they would be written, shortened.
        public var command: String
        /// How deep it is nested; 0 for what stands at the top.
        public var depth: Int
        /// The programs it is run through, outermost first.
        public var wrappers: [String]
        /// The verdict if it stood alone.
        public var verdict: PolicyVerdict
        /// The rule that decided, such as `deny rm -rf`; nil when none did.
        public var rule: String?
        /// Why, in words.
        public var reason: String
    }

    /// The verdict on the whole.
    public var verdict: PolicyVerdict
    /// The rules that decided; nil when none did.
    public var rule: String?
    /// Why, in words.
    public var reason: String
    /// Every simple command, in the order of the text; empty when the action is none.
    public var parts: [Part] = []
    /// Why the text as a whole cannot be allowed, though no rule is against it.
    public var obstacles: [String] = []
    /// What would change the answer, for people.
    public var advice: [String] = []

    /// The same for an executor.
    public var decision: AuthorizationDecision {
        switch verdict {
        case .allow: .allow(rule: rule.map { $0 } ?? reason)
        case .ask: .askHuman(reason: reason)
        case .deny: .deny(reason: reason)
        }
    }
}
