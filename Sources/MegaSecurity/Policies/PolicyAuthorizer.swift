// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import MegaCore
import Synchronization

/// Decides by rules on the parsed command: deny over ask over allow, the strictest over every simple command.
///
/// Deny and ask reach into nested bodies; allow never does. A command that is not fully understood, has redirections (other than to
/// `/dev/null` and between descriptors), sets variables, or carries a finding is asked about at best. Tools that only read the
/// workspace or the person's own data are allowed without a rule; everything else gets the default verdict. When text from the
/// network or from strangers may have led to the call, a rule that allows an effect only leads to a question.
public final class PolicyAuthorizer: ActionAuthorizer {
    /// The effects that are allowed when no rule speaks.
    public static let harmless: ToolEffects = [.readsFiles, .readsPrivateData, .readsUntrusted, .writesMemory]

    private struct Compiled: Sendable {
        var rule: PolicyRule
        var pattern: PolicyPattern
    }

    private let compiled: Mutex<[Compiled]>
    private let defaultVerdict: PolicyVerdict
    private let store: PolicyFile?
    private let inspector: any CommandInspector
    private let locator: ProgramLocator
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - rules: The configured rules.
    ///   - defaultVerdict: For effects no rule speaks of.
    ///   - store: Where rules from chats are kept; without one, ``addRule(_:pattern:)`` refuses.
    ///   - programFolders: Where a bare program name of an allow rule has to be found; nobody but the administrator may write there.
    ///   - now: The time stamped on new rules.
    /// - Throws: ``PolicyError`` for a pattern that cannot be read or a file that cannot be.
    public init(
        rules: [PolicyRule] = [], defaultVerdict: PolicyVerdict = .ask, store: PolicyFile? = nil,
        inspector: any CommandInspector = ShellInspector(),
        programFolders: [String] = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"],
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.defaultVerdict = defaultVerdict
        self.store = store
        self.inspector = inspector
        locator = ProgramLocator(folders: programFolders)
        self.now = now
        let all = rules + (try store?.load() ?? [])
        compiled = Mutex(try all.map { Compiled(rule: $0, pattern: try PolicyPattern($0.pattern, verdict: $0.verdict)) })
    }

    /// See `ActionAuthorizer.decide(_:)`.
    public func decide(_ action: ProposedAction) async throws -> AuthorizationDecision {
        let rules = compiled.withLock { $0 }
        if let command = action.preview.command { return decide(action, command, rules) }
        let matching = rules.filter { matches($0.pattern, action, everyPath: $0.rule.verdict == .allow) }
        if let denied = matching.first(where: { $0.rule.verdict == .deny }) { return .deny(reason: "rule: deny \(denied.rule.pattern)") }
        if let asked = matching.first(where: { $0.rule.verdict == .ask }) { return .askHuman(reason: "rule: ask \(asked.rule.pattern)") }
        if let allowed = matching.first { return tempered(.allow(rule: "allow \(allowed.rule.pattern)"), action) }
        if action.tool.effects.isSubset(of: Self.harmless) { return .allow(rule: "reads only (built in)") }
        return standard("it \(action.tool.effects.description)", action)
    }

    /// See `ActionAuthorizer.rules()`.
    public func rules() async -> [String] {
        let lines = compiled.withLock { $0 }.map { entry in
            let since = entry.rule.addedAt.map { ", since \($0.formatted(.iso8601))" } ?? ""
            return "\(entry.rule.verdict.rawValue): \(entry.rule.pattern) (\(entry.rule.origin.rawValue)\(since))"
        }
        return lines + ["allow: tools that only read (built in)", "\(defaultVerdict.rawValue): everything else (default)"]
    }

    /// See `ActionAuthorizer.addRule(_:pattern:)`.
    public func addRule(_ verdict: PolicyVerdict, pattern: String) async throws {
        guard let store else {
            throw CommandError("This installation keeps no rules from chats. Add the rule to its configuration instead.")
        }
        let parsed = try PolicyPattern(pattern, verdict: verdict)
        if verdict == .allow, parsed.kind == .everything {
            throw PolicyError(.tooBroad, reason: "Allowing everything would switch all questions off. Allow single tools or command beginnings.")
        }
        let rule = PolicyRule(verdict, pattern, origin: .chat, addedAt: now())
        try await store.append(rule)
        compiled.withLock { $0.append(Compiled(rule: rule, pattern: parsed)) }
    }

    // MARK: - Commands

    private func decide(_ action: ProposedAction, _ command: CommandPreview, _ rules: [Compiled]) -> AuthorizationDecision {
        let inspection = command.text.map { inspector.inspect($0) }
        // Both what the tool said and what the inspector finds now: neither can hide a command from a deny rule.
        let commands = (inspection?.simpleCommands ?? []) + command.simpleCommands.filter { !(inspection?.simpleCommands.contains($0) ?? false) }
        if let finding = inspection?.findings.first(where: { $0.verdict == .deny }) {
            return .deny(reason: "\(finding.rule): \(finding.message)")
        }
        let strict = rules.filter { $0.rule.verdict != .allow }
        func first(_ verdict: PolicyVerdict) -> Compiled? {
            strict.first { $0.rule.verdict == verdict && reaches($0.pattern, action, commands) }
        }
        if let denied = first(.deny) { return .deny(reason: "rule: deny \(denied.rule.pattern)") }
        if let asked = first(.ask) { return .askHuman(reason: "rule: ask \(asked.rule.pattern)") }
        if let finding = inspection?.findings.first(where: { $0.verdict == .ask }) {
            return .askHuman(reason: "\(finding.rule): \(finding.message)")
        }
        var usedRules: [String] = []
        for words in commands {
            guard let rule = rules.first(where: { $0.rule.verdict == .allow && permits($0.pattern, action, words) }) else {
                return standard("no rule allows “\(Self.shown(words))”", action)
            }
            if !usedRules.contains(rule.rule.pattern) { usedRules.append(rule.rule.pattern) }
        }
        if let reason = reasonToAsk(command, inspection, commands) { return standard(reason, action, isAllowable: false) }
        return tempered(.allow(rule: "allow \(usedRules.joined(separator: "; "))"), action)
    }

    /// Why a command whose every part is allowed is asked about all the same.
    private func reasonToAsk(_ command: CommandPreview, _ inspection: CommandInspection?, _ commands: [[String]]) -> String? {
        if commands.isEmpty { return "no command was recognised in it" }
        if command.isIncomplete || inspection?.isIncomplete == true { return "parts of it are decided only when it runs" }
        if inspection?.hasRedirections == true { return "it redirects to or from a file" }
        if inspection?.hasAssignments == true { return "it sets variables" }
        for words in commands {
            if let odd = ProgramKnowledge.dangerousWord(in: words) { return "“\(odd)” can make it run, write or send something" }
        }
        return nil
    }

    /// Whether deny or ask holds.
    private func reaches(_ pattern: PolicyPattern, _ action: ProposedAction, _ commands: [[String]]) -> Bool {
        switch pattern.kind {
        case .everything: true
        case .words(let words): words == [action.tool.name] || commands.contains { PolicyPattern.strictly(words, matches: $0) }
        case .tool(let name, let argument):
            name == action.tool.name
                && commands.contains { PolicyPattern.strictly(PolicyPattern.strictWords(argument), matches: $0) }
        }
    }

    /// Whether allow holds for one simple command.
    private func permits(_ pattern: PolicyPattern, _ action: ProposedAction, _ command: [String]) -> Bool {
        guard let program = command.first, ProgramKnowledge.reasonAgainstAllowing(command) == nil, locator.isSystemProgram(program) else { return false }
        switch pattern.kind {
        case .everything: return true
        case .words(let words): return command.starts(with: words)
        case .tool(let name, let argument):
            // why: a pattern that cannot be read was refused when the rule was added.
            guard name == action.tool.name, let words = try? PolicyPattern.words(argument, verdict: .allow) else { return false }
            return command.starts(with: words)
        }
    }

    // MARK: - Other tools

    /// - Parameter everyPath: Whether all paths have to be the rule's (allow), or one is enough (deny, ask).
    private func matches(_ pattern: PolicyPattern, _ action: ProposedAction, everyPath: Bool) -> Bool {
        switch pattern.kind {
        case .everything: return true
        case .words(let words): return words == [action.tool.name]
        case .tool(let name, let argument):
            guard name == action.tool.name else { return false }
            let wanted = argument.hasSuffix("*") ? String(argument.dropLast()) : argument
            let below = wanted.hasSuffix("/") ? wanted : wanted + "/"
            func isCovered(_ path: String) -> Bool {
                path == wanted || path.hasPrefix(below) || (!wanted.hasPrefix("/") && (path.hasSuffix("/" + wanted) || path.contains("/" + below)))
            }
            let paths = action.preview.paths
            return everyPath ? !paths.isEmpty && paths.allSatisfy(isCovered) : paths.contains(where: isCovered)
        }
    }

    private func tempered(_ decision: AuthorizationDecision, _ action: ProposedAction) -> AuthorizationDecision {
        guard action.influence == .web || action.influence == .unknown, !action.tool.effects.isDisjoint(with: .consequential) else { return decision }
        return .askHuman(reason: "text from outside (\(action.influence.rawValue)) may have led to it")
    }

    private func standard(_ reason: String, _ action: ProposedAction, isAllowable: Bool = true) -> AuthorizationDecision {
        switch defaultVerdict {
        case .deny: .deny(reason: reason)
        case .allow where isAllowable && action.preview.command == nil: tempered(.allow(rule: "default"), action)
        case .allow, .ask: .askHuman(reason: reason)
        }
    }

    private static func shown(_ words: [String]) -> String {
        String(OutputSanitizer.visible(words.joined(separator: " ")).prefix(120))
    }
}
