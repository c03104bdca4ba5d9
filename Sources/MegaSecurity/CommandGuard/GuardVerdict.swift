// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What to do about a text, mildest first.
public enum GuardAction: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case allow, warn, ask, block

    private var severity: Int {
        switch self {
        case .allow: 0
        case .warn: 1
        case .ask: 2
        case .block: 3
        }
    }

    /// Whether the left one is milder.
    public static func < (left: GuardAction, right: GuardAction) -> Bool { left.severity < right.severity }
}

/// Something a rule saw in a text.
public struct GuardFinding: Sendable, Hashable, Codable {
    /// The rule's stable name, in snake case, such as `pipe_to_shell`.
    public var rule: String
    /// What the rule asks for.
    public var action: GuardAction
    /// Where, as offsets of bytes in the text that was checked. Within a nested body it is the outer word's place.
    public var span: Range<Int>
    /// What is wrong, for people; says nothing of what stands in the text but what is safe to show.
    public var message: String
    /// How to do it safely, for people.
    public var remedy: String

    /// Makes a finding.
    public init(rule: String, action: GuardAction, span: Range<Int>, message: String, remedy: String) {
        self.rule = rule
        self.action = action
        self.span = span
        self.message = message
        self.remedy = remedy
    }
}

/// What the guard says of a text.
public struct GuardVerdict: Sendable, Hashable, Codable {
    /// The strictest action of all findings.
    public var action: GuardAction
    /// What was found, in the order of the text.
    public var findings: [GuardFinding]
    /// True when a part of a command was not understood. No rule may allow it by itself then.
    public var isIncomplete: Bool

    /// Makes a verdict; the action is the strictest finding's.
    public init(findings: [GuardFinding], isIncomplete: Bool) {
        self.findings = findings
        self.isIncomplete = isIncomplete
        action = findings.map(\.action).max() ?? .allow
    }
}
