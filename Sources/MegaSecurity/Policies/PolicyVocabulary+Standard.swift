// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

extension PolicyVocabulary {
    /// The patterns and presets that ``PolicyAuthorizer`` takes.
    public static let standard = PolicyVocabulary(presets: PolicyPreset.allCases.map(\.rawValue)) { verdict, pattern in
        do {
            let entry = try PolicyEngine.Entry(PolicyRule(verdict, pattern))
            return verdict == .allow && entry.pattern.kind == .everything ? PolicyError.allowsEverything.reason : nil
        } catch {
            return "\(error)"
        }
    } leak: { program in
        let name = ShellWords.baseName(program)
        guard ProgramKnowledge.isInterpreter(name) || ProgramKnowledge.rules(for: name)?.runsAnything == true else { return nil }
        return "it runs whatever it is told to."
    }
}
