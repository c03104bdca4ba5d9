// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A time that stands still, or the present.
struct PolicyClock: Sendable {
    private var fixed: Date?

    init() {}

    /// Nil when the text is no time.
    init?(_ text: String) {
        guard let date = PolicyDate.parse(text) else { return nil }
        fixed = date
    }

    var now: @Sendable () -> Date {
        guard let fixed else { return { Date() } }
        return { fixed }
    }
}

extension Installation {
    /// The configured rules.
    var policyRules: [PolicyRule] { configuration.policies.ruleList }

    /// The configured presets.
    func policyPresets() throws -> [PolicyPreset] { try configuration.policies.presetList() }

    /// The rules in force, those from chats included; for looking at, without a place to put new ones.
    func policyAuthorizer(adding rules: [PolicyRule] = [], now: PolicyClock = PolicyClock()) async throws -> PolicyAuthorizer {
        let stored = PrivateFiles.status(policies) == nil ? [] : try PolicyFile(path: policies, sealer: try await sealer()).rules()
        return try PolicyAuthorizer(
            rules: policyRules + stored + rules, presets: try policyPresets(), defaultVerdict: configuration.policies.fallback, now: now.now)
    }
}
