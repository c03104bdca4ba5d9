// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A rule about commands: its stable name, what is wrong, and how to do it safely.
struct GuardRule: Sendable, Hashable {
    let id: String
    let message: String
    let remedy: String

    init(_ id: String, _ message: String, _ remedy: String) {
        self.id = id
        self.message = message
        self.remedy = remedy
    }
}

/// Gathers findings, each rule once for a place.
struct GuardReport {
    private(set) var findings: [GuardFinding] = []
    static let most = 64

    mutating func add(_ rule: GuardRule, _ action: GuardAction, _ span: Range<Int>) {
        for index in findings.indices where findings[index].rule == rule.id {
            // A stricter finding at the same place takes over.
            if findings[index].span == span {
                findings[index].action = max(findings[index].action, action)
                return
            }
        }
        guard findings.count < Self.most || (findings.map(\.action).max() ?? .allow) < action else { return }
        findings.append(GuardFinding(rule: rule.id, action: action, span: span, message: rule.message, remedy: rule.remedy))
    }
}
