// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Findings as they are gathered: each place once for each rule, and a bounded number of them.
struct TextFindings: Sendable {
    private(set) var items: [GuardFinding] = []
    private var counts: [TextRule: Int] = [:]

    /// Places one rule names at most; more say nothing new.
    private static let mostPerRule = 16

    mutating func add(_ rule: TextRule, _ span: Range<Int>, _ action: GuardAction? = nil) {
        let count = counts[rule, default: 0]
        let action = action ?? rule.action
        if count >= Self.mostPerRule {
            // A later place may be worse than the first ones; the verdict must not depend on how many mild ones come before it.
            if let at = items.firstIndex(where: { $0.rule == rule.rawValue }), items[at].action < action { items[at].action = action }
            return
        }
        if let at = items.firstIndex(where: { $0.rule == rule.rawValue && $0.span == span }) {
            items[at].action = max(items[at].action, action)
            return
        }
        counts[rule] = count + 1
        items.append(GuardFinding(rule: rule.rawValue, action: action, span: span, message: rule.message, remedy: rule.remedy))
    }

    func contains(_ rule: TextRule) -> Bool { counts[rule] != nil }

    /// In the order of the text.
    var sorted: [GuardFinding] {
        items.enumerated().sorted { ($0.element.span.lowerBound, $0.offset) < ($1.element.span.lowerBound, $1.offset) }.map(\.element)
    }
}
