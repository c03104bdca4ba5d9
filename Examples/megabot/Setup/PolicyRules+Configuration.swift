// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity

extension MegaConfiguration.Policies {
    /// The configured rules.
    var ruleList: [PolicyRule] {
        deny.map { PolicyRule(.deny, $0) } + ask.map { PolicyRule(.ask, $0) } + allow.map { PolicyRule(.allow, $0) }
            + rules.map { PolicyRule($0.verdict, $0.pattern, conditions: $0.conditions, note: $0.note) }
    }

    /// The configured presets.
    func presetList() throws -> [PolicyPreset] {
        try presets.map { name in
            guard let preset = PolicyPreset(rawValue: name) else {
                throw Complaint("policies.presets: there is no preset \"\(name)\".", mend: "Use \(PolicyPreset.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return preset
        }
    }
}

extension Installation {
    /// What the command guard's verdicts do.
    var guardEnforcement: GuardedAuthorizer.Enforcement { configuration.security.commandGuard == .advise ? .advise : .enforce }
}
