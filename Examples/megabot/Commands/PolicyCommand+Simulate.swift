// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct PolicySimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Replays the audit's decisions under changed rules and lists what would have been decided otherwise.",
        discussion: "Example: megabot policy simulate --since 7d --add \"allow git log\" --remove \"ask git push\"")

    @OptionGroup var options: InstallationOptions
    @Option(help: "How far back: a number with m, h, d or w.") var since = "7d"
    @Option(help: "A rule to add: allow, ask or deny and a pattern.") var add: [String] = []
    @Option(help: "A rule to leave out: allow, ask or deny and its pattern.") var remove: [String] = []
    @Option(help: "The most changes that are listed.") var limit = 50

    func validate() throws {
        if Self.seconds(since) == nil { throw ValidationError("--since takes a number with m, h, d or w, such as 7d.") }
        for text in add + remove where Self.rule(text) == nil { throw ValidationError("\"\(text)\" is no rule; write allow, ask or deny and a pattern.") }
    }

    func run() async throws {
        try await reporting {
            let installation = try await options.load()
            guard PrivateFiles.status(installation.auditLog) != nil else { throw Complaint("there is no audit at \(installation.auditLog) yet.") }
            let keys = try await installation.keyRing()
            let sealer = keys.sealer
            // The audit has keys of its own.
            let records = try await PolicyHistory.records(
                folder: installation.auditLog, sealer: keys.auditSealer, since: Date().addingTimeInterval(-(Self.seconds(since) ?? 0)))
            let stored = PrivateFiles.status(installation.policies) == nil ? [] : try PolicyFile(path: installation.policies, sealer: sealer).rules()
            let rules = installation.policyRules + stored
            let removed = remove.compactMap(Self.rule)
            let changed = rules.filter { rule in !removed.contains { $0.verdict == rule.verdict && $0.pattern == rule.pattern } } + add.compactMap(Self.rule)
            for rule in removed where !rules.contains(where: { $0.verdict == rule.verdict && $0.pattern == rule.pattern }) {
                throw Complaint("there is no rule \"\(rule.verdict.rawValue) \(rule.pattern)\" to leave out.", mend: "See: megabot policy list")
            }
            let presets = try installation.policyPresets()
            let fallback = installation.configuration.policies.fallback
            let result = try PolicySimulation(
                records, workspace: installation.workspace,
                current: { try PolicyAuthorizer(rules: rules, presets: presets, defaultVerdict: fallback, now: $0) },
                changed: { try PolicyAuthorizer(rules: changed, presets: presets, defaultVerdict: fallback, now: $0) })
            show(result)
        }
    }

    private func show(_ result: PolicySimulation) {
        func counts(_ verdicts: [PolicyVerdict: Int]) -> String {
            PolicyVerdict.allCases.map { "\(verdicts[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
        }
        for change in result.changes.suffix(max(0, limit)) {
            let summary = OutputSanitizer.visible(change.summary).prefix(160)
            Console.line("\(change.at.formatted(.iso8601))  \(change.before.rawValue) -> \(change.after.rawValue)  \(change.tool): \(summary)  (\(change.reason))")
        }
        Console.line("\(result.decisions) decisions, \(result.changes.count) would change")
        Console.line("  now:   \(counts(result.before))")
        Console.line("  then:  \(counts(result.after))")
        if result.skipped > 0 { Console.line("  \(result.skipped) were too long to be kept whole and are left out") }
    }

    private static func rule(_ text: String) -> PolicyRule? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let verdict = PolicyVerdict(rawValue: String(parts[0])) else { return nil }
        return PolicyRule(verdict, String(parts[1]))
    }

    private static func seconds(_ text: String) -> Double? {
        guard let unit = text.last, let number = Double(text.dropLast()), number > 0, number < 1_000_000 else { return nil }
        let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        return units[unit].map { $0 * number }
    }
}
