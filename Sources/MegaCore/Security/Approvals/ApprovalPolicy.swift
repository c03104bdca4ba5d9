// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Who has to say yes to what, when people are asked further, and how often is too often.
public struct ApprovalPolicy: Sendable {
    /// A class of actions that needs more than one yes, or somebody else's.
    public struct ActionClass: Sendable, Hashable {
        /// For the question and the audit.
        public var name: String
        /// Tools with any of these effects are in it.
        public var effects: ToolEffects
        /// Tools with these names are in it.
        public var tools: Set<String>
        /// How many different persons have to say yes.
        public var approvers: Int
        /// Whether the person whose turn it is may not be one of them.
        public var separatesDuties: Bool

        /// Makes a class; fewer than one approver counts as one.
        public init(
            _ name: String, effects: ToolEffects = [], tools: Set<String> = [], approvers: Int = 2, separatesDuties: Bool = false
        ) {
            self.name = name
            self.effects = effects
            self.tools = tools
            self.approvers = max(1, approvers)
            self.separatesDuties = separatesDuties
        }
    }

    /// Where a question goes when nobody has answered it.
    public struct Escalation: Sendable, Hashable {
        /// How long after the question, or after the end of the quiet hours.
        public var after: Duration
        /// By which means.
        public var medium: ApprovalMedium
        /// Where.
        public var conversation: ConversationID

        /// Makes a step.
        public init(after: Duration, medium: ApprovalMedium = .chat, to conversation: ConversationID) {
            self.after = after
            self.medium = medium
            self.conversation = conversation
        }
    }

    /// The classes; of several that fit, the strictest of each demand holds.
    public var classes: [ActionClass]
    /// The chain, in order of time.
    public var escalation: [Escalation]
    /// When nobody is woken: steps due then wait for the end, and the question stays open until after it.
    public var quietHours: QuietHours?
    /// After so many approvals of like actions within a day the question proposes a grant or a rule; 0 never does.
    public var fatigueLimit: Int

    /// A policy; the default asks the owner once, in the conversation.
    public init(
        classes: [ActionClass] = [], escalation: [Escalation] = [], quietHours: QuietHours? = nil, fatigueLimit: Int = 5
    ) {
        self.classes = classes
        self.escalation = escalation
        self.quietHours = quietHours
        self.fatigueLimit = fatigueLimit
    }

    /// What a tool's action demands.
    func demand(for tool: String, effects: ToolEffects) -> (approvers: Int, separatesDuties: Bool) {
        let fitting = classes.filter { $0.tools.contains(tool) || !$0.effects.isDisjoint(with: effects) }
        return (fitting.map(\.approvers).max() ?? 1, fitting.contains(where: \.separatesDuties))
    }
}

/// By which means people are asked; open.
public struct ApprovalMedium: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The raw value.
    public let rawValue: String
    /// Wraps a raw value.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The name.
    public var description: String { rawValue }

    /// A message in a conversation.
    public static let chat = ApprovalMedium(rawValue: "chat")
    /// The web page of the installation.
    public static let dashboard = ApprovalMedium(rawValue: "dashboard")
    /// A telephone call.
    public static let voice = ApprovalMedium(rawValue: "voice")
}
