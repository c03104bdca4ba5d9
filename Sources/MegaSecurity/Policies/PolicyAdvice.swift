// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What would change an answer, for people.
enum PolicyAdvice {
    static func lines(for explanation: PolicyExplanation, _ action: ProposedAction) -> [String] {
        switch explanation.verdict {
        case .allow: return explanation.rule.map { ["Without \($0) it would be asked about."] } ?? ["A rule “deny \(action.tool.name)” or “ask \(action.tool.name)” would stop it."]
        case .deny:
            guard let rule = explanation.rule else { return ["No rule can allow this; write it differently."] }
            return ["Only taking the rule “\(rule)” away, or a narrower one in its place: deny wins over every allow."]
        case .ask: return asked(explanation, action)
        }
    }

    /// The name alone where that is acceptable as an allow rule, else with the mark of tools.
    private static func pattern(for tool: String) -> String {
        ProgramKnowledge.reasonAgainstAllowing([tool]) == nil ? tool : PolicyPattern.toolMark + tool
    }

    private static func asked(_ explanation: PolicyExplanation, _ action: ProposedAction) -> [String] {
        var lines: [String] = []
        if let rule = explanation.rule, rule.hasPrefix("ask ") {
            lines.append("Taking the rule “\(rule)” away, or a narrower one in its place: ask wins over allow.")
        }
        if action.preview.command == nil {
            if explanation.rule == nil { lines.append("A rule “allow \(pattern(for: action.tool.name))” would let it through.") }
            return lines
        }
        lines += explanation.obstacles.map { "Written so that this does not hold: \($0)." }
        var proposed: Set<String> = []
        for part in explanation.parts where part.verdict != .allow && part.rule == nil {
            guard part.depth == 0, part.wrappers.isEmpty else { continue }
            let words = ShellInspector().inspect(part.command).simpleCommands.first ?? []
            let candidates = (1...2).map { Array(words.prefix($0)) }.filter { ProgramKnowledge.reasonAgainstAllowing($0) == nil && !$0.isEmpty }
            guard part.reason.hasPrefix("no rule allows"), let words = candidates.first else {
                lines.append("For “\(part.command)”: \(part.reason).")
                continue
            }
            if let finding = ProgramKnowledge.finding(in: ShellInspector().inspect(part.command).simpleCommands.first ?? []) {
                lines.append("No rule: “\(OutputSanitizer.visible(finding.word))” \(finding.risk.effect).")
            } else if proposed.insert(words.joined(separator: " ")).inserted {
                lines.append("A rule “allow \(words.joined(separator: " "))” would let “\(part.command)” through.")
            }
        }
        return lines.isEmpty ? ["A person's approval."] : lines
    }
}
