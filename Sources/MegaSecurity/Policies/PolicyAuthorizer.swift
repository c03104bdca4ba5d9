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
/// Deny and ask reach into nested bodies; allow never does. An allow rule holds for its words, run by the program of the system they
/// name, with no variables but those for the look of output, no redirections but to `/dev/null` and between output and error, and
/// further words that are known to be harmless. A command that is not fully understood or carries a finding is asked about at best.
/// Tools that only read the workspace or the person's own data are allowed without a rule; everything else gets the default verdict.
/// When text from the network or from strangers may have led to the call, a rule that allows an effect only leads to a question.
public final class PolicyAuthorizer: ActionAuthorizer {
    /// The effects that are allowed when no rule speaks.
    public static let harmless = PolicyEngine.harmless

    private let engine: Mutex<PolicyEngine>
    private let store: PolicyFile?
    private let inspector: any CommandInspector
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - rules: The configured rules.
    ///   - presets: Sets of rules that are built in.
    ///   - defaultVerdict: For effects no rule speaks of.
    ///   - store: Where rules from chats are kept; without one, ``addRule(_:pattern:)`` refuses.
    ///   - programs: Tells whether the program of a command is the one an allow rule means.
    ///   - now: The time conditions go by, and that is stamped on new rules.
    /// - Throws: ``PolicyError`` for a pattern that cannot be read or a file that cannot be.
    public init(
        rules: [PolicyRule] = [], presets: [PolicyPreset] = [], defaultVerdict: PolicyVerdict = .ask, store: PolicyFile? = nil,
        inspector: any CommandInspector = ShellInspector(), programs: any ProgramResolver = ProgramLocator(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.store = store
        self.inspector = inspector
        self.now = now
        var engine = try PolicyEngine(rules: rules + presets.flatMap(\.rules), defaultVerdict: defaultVerdict, resolver: programs)
        for rule in try store?.load() ?? [] { try engine.addStored(rule) }
        self.engine = Mutex(engine)
    }

    private init(engine: PolicyEngine, inspector: any CommandInspector, now: @escaping @Sendable () -> Date) {
        self.engine = Mutex(engine)
        store = nil
        self.inspector = inspector
        self.now = now
    }

    /// Makes an authorizer of the rules that are acceptable, for trying rules out.
    ///
    /// - Returns: It, and what was said of each rule that is not.
    public static func keepingAcceptable(
        _ rules: [PolicyRule], presets: [PolicyPreset] = [], programs: any ProgramResolver = ProgramLocator(),
        inspector: any CommandInspector = ShellInspector(), now: @escaping @Sendable () -> Date = { Date() }
    ) -> (authorizer: PolicyAuthorizer, refused: [String]) {
        var engine = PolicyEngine(defaultVerdict: .ask, resolver: programs)
        var refused: [String] = []
        for rule in rules + presets.flatMap(\.rules) {
            do {
                let entry = try PolicyEngine.Entry(rule)
                if rule.verdict == .allow, entry.pattern.kind == .everything {
                    refused.append("allow *: it would switch all questions off")
                } else {
                    engine.add(entry)
                }
            } catch {
                refused.append("\(rule.verdict.rawValue) \(rule.pattern): \(error)")
            }
        }
        return (PolicyAuthorizer(engine: engine, inspector: inspector, now: now), refused)
    }

    /// Puts other configured rules into force at once; rules from chats stay.
    ///
    /// - Throws: ``PolicyError`` for a pattern that cannot be read; the rules in force stay then.
    public func replaceConfigured(rules: [PolicyRule], presets: [PolicyPreset] = [], defaultVerdict: PolicyVerdict = .ask) throws {
        let resolver = engine.withLock { $0.resolver }
        let configured = try PolicyEngine(rules: rules + presets.flatMap(\.rules), defaultVerdict: defaultVerdict, resolver: resolver)
        engine.withLock { $0 = configured.keeping(chatRulesOf: $0) }
    }

    /// See `ActionAuthorizer.decide(_:)`.
    public func decide(_ action: ProposedAction) async throws -> AuthorizationDecision { evaluate(action).decision }

    /// What the rules say of an action, which of them, why, and what would change it.
    public func explain(_ action: ProposedAction) -> PolicyExplanation {
        var result = evaluate(action)
        result.advice = PolicyAdvice.lines(for: result, action)
        return result
    }

    private func evaluate(_ action: ProposedAction) -> PolicyExplanation {
        let inspection = action.preview.command?.text.map { inspector.inspect($0) }
        return engine.withLock { $0 }.evaluate(action, inspection, at: now())
    }

    /// See `ActionAuthorizer.rules()`.
    public func rules() async -> [String] {
        let now = now()
        let (entries, fallback, refused) = engine.withLock { ($0.entries, $0.defaultVerdict, $0.refused) }
        let lines = entries.map { entry in
            let rule = entry.rule
            var origin = rule.origin.rawValue
            if let added = rule.addedAt { origin += ", since \(added.formatted(.iso8601))" }
            if rule.conditions != .none { origin += "; \(rule.conditions)" }
            if let end = rule.conditions.expiresAt, now >= end { origin += "; expired" }
            if let note = rule.note { origin += "; \(note)" }
            return "\(rule.verdict.rawValue): \(rule.pattern) (\(origin))"
        }
        return lines + refused + ["allow: tools that only read (built in)", "\(fallback.rawValue): everything else (default)"]
    }

    /// See `ActionAuthorizer.addRule(_:pattern:)`.
    public func addRule(_ verdict: PolicyVerdict, pattern: String) async throws {
        try await add(PolicyRule(verdict, pattern, origin: .chat, addedAt: now()))
    }

    /// Adds a rule with conditions on a person's word, durable on return.
    ///
    /// - Throws: When the pattern is not acceptable or the rule cannot be kept, with the reason.
    public func add(_ rule: PolicyRule) async throws {
        guard let store else {
            throw CommandError("This installation keeps no rules from chats. Add the rule to its configuration instead.")
        }
        let entry = try PolicyEngine.Entry(rule)
        if rule.verdict == .allow, entry.pattern.kind == .everything {
            throw PolicyError.allowsEverything
        }
        try await store.append(rule)
        engine.withLock { $0.add(entry) }
    }
}
