// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore

/// Rules put in order, and what they say of an action. A pure value: the time and what programs there are come from outside.
struct PolicyEngine: Sendable {
    /// The effects that are allowed when no rule speaks.
    static let harmless: ToolEffects = [.readsFiles, .readsPrivateData, .readsUntrusted, .writesMemory]

    struct Entry: Sendable {
        let rule: PolicyRule
        let pattern: PolicyPattern

        init(_ rule: PolicyRule) throws {
            self.rule = rule
            pattern = try PolicyPattern(rule.pattern, verdict: rule.verdict)
        }

        var label: String { "\(rule.verdict.rawValue) \(rule.pattern)" }
    }

    private(set) var entries: [Entry] = []
    /// Places in ``entries`` by verdict.
    private var denying: [Int] = []
    private var asking: [Int] = []
    private var allowing: [Int] = []
    /// Stored allow rules that are not in force, with the reason.
    private(set) var refused: [String] = []
    var defaultVerdict = PolicyVerdict.ask
    let resolver: any ProgramResolver

    init(defaultVerdict: PolicyVerdict, resolver: any ProgramResolver) {
        self.defaultVerdict = defaultVerdict
        self.resolver = resolver
    }

    init(rules: [PolicyRule], defaultVerdict: PolicyVerdict, resolver: any ProgramResolver) throws {
        self.init(defaultVerdict: defaultVerdict, resolver: resolver)
        for rule in rules { add(try Entry(rule)) }
    }

    /// Adds a rule that was acceptable once. An allow rule that is so no more is left out, which only leads to questions.
    mutating func addStored(_ rule: PolicyRule) throws {
        do { add(try Entry(rule)) } catch let error as PolicyError where rule.verdict == .allow {
            refused.append("allow: \(rule.pattern) (not in force: \(error.reason))")
        }
    }

    /// These rules, followed by those another one has from chats.
    func keeping(chatRulesOf other: PolicyEngine) -> PolicyEngine {
        var result = self
        for entry in other.entries where entry.rule.origin == .chat { result.add(entry) }
        result.refused += other.refused
        return result
    }

    mutating func add(_ entry: Entry) {
        switch entry.rule.verdict {
        case .deny: denying.append(entries.count)
        case .ask: asking.append(entries.count)
        case .allow: allowing.append(entries.count)
        }
        entries.append(entry)
    }

    /// - Parameter inspection: What is in the command's text, when the action is one.
    func evaluate(_ action: ProposedAction, _ inspection: CommandInspection?, at now: Date) -> PolicyExplanation {
        if let command = action.preview.command { return evaluate(action, command, inspection, now) }
        return evaluateTool(action, now)
    }

    // MARK: - Commands

    private func evaluate(_ action: ProposedAction, _ preview: CommandPreview, _ inspection: CommandInspection?, _ now: Date) -> PolicyExplanation {
        let line = PolicyCommandLine(preview, inspection)
        var result = PolicyExplanation(verdict: .allow, rule: nil, reason: "")
        result.obstacles = line.obstacles
        result.parts.reserveCapacity(line.commands.count)
        for command in line.commands { result.parts.append(part(command, line, action, preview, now)) }

        if let finding = line.findings.first(where: { $0.verdict == .deny }) {
            return result.deciding(.deny, "\(finding.rule): \(finding.message)")
        }
        // A rule against the tool itself, or against everything.
        let whole = PolicyCommand(words: [])
        if let entry = first(denying, whole, action, preview, now) { return result.deciding(.deny, "rule: \(entry.label)", entry.label) }
        if let part = result.parts.first(where: { $0.verdict == .deny && $0.rule != nil }) { return result.deciding(.deny, part.reason, part.rule) }
        if let entry = first(asking, whole, action, preview, now) { return result.deciding(.ask, "rule: \(entry.label)", entry.label) }
        if let part = result.parts.first(where: { $0.verdict == .ask && $0.rule != nil }) { return result.deciding(.ask, part.reason, part.rule) }
        if let finding = line.findings.first(where: { $0.verdict == .ask }) { return result.deciding(.ask, "\(finding.rule): \(finding.message)") }
        let fallback: PolicyVerdict = defaultVerdict == .deny ? .deny : .ask
        if let part = result.parts.first(where: { $0.verdict != .allow }) { return result.deciding(fallback, part.reason) }
        if let obstacle = line.obstacles.first { return result.deciding(fallback, obstacle) }
        var labels: [String] = []
        for case let rule? in result.parts.map(\.rule) where !labels.contains(rule) { labels.append(rule) }
        return tempered(result.deciding(.allow, "every part is allowed", labels.joined(separator: "; ")), action)
    }

    /// What the rules say of one simple command.
    private func part(
        _ command: PolicyCommand, _ line: PolicyCommandLine, _ action: ProposedAction, _ preview: CommandPreview, _ now: Date
    ) -> PolicyExplanation.Part {
        func make(_ verdict: PolicyVerdict, _ reason: String, _ rule: String? = nil) -> PolicyExplanation.Part {
            .init(command: command.shown, depth: command.depth, wrappers: command.wrappers, verdict: verdict, rule: rule, reason: reason)
        }
        if let entry = first(denying, command, action, preview, now) { return make(.deny, "rule: \(entry.label)", entry.label) }
        if let entry = first(asking, command, action, preview, now) { return make(.ask, "rule: \(entry.label)", entry.label) }
        let fallback: PolicyVerdict = defaultVerdict == .deny ? .deny : .ask
        if command.words.isEmpty { return make(fallback, "it only sets variables or redirects") }
        var reason: String?
        for index in allowing {
            let entry = entries[index]
            guard isAbout(entry.pattern, command, action) else { continue }
            if let unmet = entry.rule.conditions.unmet(action.scope, paths: line.changesFolder ? [] : [preview.workingDirectory], at: now, isStrict: false) {
                reason = reason ?? "“\(entry.label)” does not hold: \(unmet)"
                continue
            }
            if let obstacle = command.obstacle(in: line, resolver) { return make(fallback, obstacle) }
            return make(.allow, "rule: \(entry.label)", entry.label)
        }
        return make(fallback, reason ?? "no rule allows “\(command.shown)”")
    }

    /// The first rule of a strict kind that holds.
    private func first(_ indices: [Int], _ command: PolicyCommand, _ action: ProposedAction, _ preview: CommandPreview, _ now: Date) -> Entry? {
        for index in indices {
            let entry = entries[index]
            guard reaches(entry.pattern, command, action) else { continue }
            if entry.rule.conditions.unmet(action.scope, paths: [preview.workingDirectory], at: now, isStrict: true) == nil { return entry }
        }
        return nil
    }

    /// Whether a deny or ask rule is about a command; without words, whether it is about the tool.
    private func reaches(_ pattern: PolicyPattern, _ command: PolicyCommand, _ action: ProposedAction) -> Bool {
        if command.words.isEmpty { return pattern.covers(tool: action.tool.name) }
        switch pattern.kind {
        case .everything, .tools: return false
        case .words(let words): return StrictMatch.matches(words, command.words, isExact: pattern.isExact)
        case .tool(let name, _, let words): return name == action.tool.name && StrictMatch.matches(words, command.words, isExact: pattern.isExact)
        }
    }

    /// Whether an allow rule is about a command: its words, from the first on, and the same program.
    private func isAbout(_ pattern: PolicyPattern, _ command: PolicyCommand, _ action: ProposedAction) -> Bool {
        let words: [String]
        switch pattern.kind {
        case .everything, .tools: return false
        case .words(let own): words = own
        case .tool(let name, _, let own):
            guard name == action.tool.name else { return false }
            words = own
        }
        guard command.words.count >= words.count, !pattern.isExact || command.words.count == words.count else { return false }
        for index in 1..<max(1, words.count) where command.words[index] != words[index] { return false }
        guard let wanted = words.first, let given = command.words.first else { return false }
        if wanted == given { return true }
        guard command.baseName == ShellWords.baseName(wanted), let program = resolver.resolve(given) else { return false }
        return program == resolver.resolve(wanted)
    }

    // MARK: - Other tools

    private func evaluateTool(_ action: ProposedAction, _ now: Date) -> PolicyExplanation {
        func first(_ indices: [Int], everyPath: Bool) -> Entry? {
            for index in indices where matches(entries[index].pattern, action, everyPath: everyPath) {
                if entries[index].rule.conditions.unmet(action.scope, paths: action.preview.paths, at: now, isStrict: !everyPath) == nil { return entries[index] }
            }
            return nil
        }
        let result = PolicyExplanation(verdict: .allow, rule: nil, reason: "")
        if let entry = first(denying, everyPath: false) { return result.deciding(.deny, "rule: \(entry.label)", entry.label) }
        if let entry = first(asking, everyPath: false) { return result.deciding(.ask, "rule: \(entry.label)", entry.label) }
        if let entry = first(allowing, everyPath: true) { return tempered(result.deciding(.allow, "rule: \(entry.label)", entry.label), action) }
        if action.tool.effects.isSubset(of: Self.harmless) { return result.deciding(.allow, "reads only (built in)") }
        if defaultVerdict == .allow { return tempered(result.deciding(.allow, "default"), action) }
        return result.deciding(defaultVerdict, "it \(action.tool.effects.phrase), and no rule speaks of it")
    }

    /// - Parameter everyPath: Whether all paths have to be the rule's (allow), or one is enough (deny, ask).
    private func matches(_ pattern: PolicyPattern, _ action: ProposedAction, everyPath: Bool) -> Bool {
        if pattern.covers(tool: action.tool.name) { return true }
        guard case .tool(let name, let argument, _) = pattern.kind, name == action.tool.name else { return false }
        let wanted = argument.hasSuffix("*") ? String(argument.dropLast()) : argument
        let below = wanted.hasSuffix("/") ? wanted : wanted + "/"
        func isCovered(_ path: String) -> Bool {
            path == wanted || path.hasPrefix(below) || (!wanted.hasPrefix("/") && (path.hasSuffix("/" + wanted) || path.contains("/" + below)))
        }
        let paths = action.preview.paths
        return everyPath ? !paths.isEmpty && paths.allSatisfy(isCovered) : paths.contains(where: isCovered)
    }

    /// What may be the wish of a text from outside is asked about, allowed or not.
    private func tempered(_ explanation: PolicyExplanation, _ action: ProposedAction) -> PolicyExplanation {
        guard action.influence == .web || action.influence == .unknown, !action.tool.effects.isDisjoint(with: .consequential) else { return explanation }
        return explanation.deciding(.ask, "\(action.influence.source) may have led to it", explanation.rule)
    }
}

extension PolicyExplanation {
    func deciding(_ verdict: PolicyVerdict, _ reason: String, _ rule: String? = nil) -> PolicyExplanation {
        var copy = self
        copy.verdict = verdict
        copy.reason = reason
        copy.rule = rule
        return copy
    }
}
