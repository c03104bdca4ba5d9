// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Findings as they are gathered: each place once for each rule, and a bounded number of them.
struct TextFindings: Sendable {
    private(set) var items: [GuardFinding] = []
    private var seen: [TextRule: (count: Int, worst: GuardAction)] = [:]

    /// Places one rule names at most; more say nothing new.
    private static let mostPerRule = 16

    mutating func add(_ rule: TextRule, _ span: Range<Int>, _ action: GuardAction? = nil) {
        let action = action ?? rule.action
        let known = seen[rule] ?? (count: 0, worst: .allow)
        if known.count >= Self.mostPerRule {
            // A later place may be worse than the first ones; the verdict must not depend on how many mild ones come before it.
            guard action > known.worst, let at = items.firstIndex(where: { $0.rule == rule.rawValue }) else { return }
            items[at].action = action
            seen[rule] = (count: known.count, worst: action)
            return
        }
        if known.count > 0, let at = items.firstIndex(where: { $0.rule == rule.rawValue && $0.span == span }) {
            items[at].action = max(items[at].action, action)
            seen[rule] = (count: known.count, worst: max(known.worst, action))
            return
        }
        seen[rule] = (count: known.count + 1, worst: max(known.worst, action))
        items.append(GuardFinding(rule: rule.rawValue, action: action, span: span, message: rule.message, remedy: rule.remedy))
    }

    func contains(_ rule: TextRule) -> Bool { seen[rule] != nil }

    /// In the order of the text.
    var sorted: [GuardFinding] {
        items.enumerated().sorted { ($0.element.span.lowerBound, $0.offset) < ($1.element.span.lowerBound, $1.offset) }.map(\.element)
    }
}
