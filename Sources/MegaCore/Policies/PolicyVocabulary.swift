// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What is known outside the core of patterns and presets, so that a configuration's policies are checked with everything else and each
/// problem gets its line. MegaSecurity's is `PolicyVocabulary.standard`.
public struct PolicyVocabulary: Sendable {
    /// The names of presets.
    public let presets: [String]
    private let findFlaw: @Sendable (PolicyVerdict, String) -> String?

    /// - Parameters:
    ///   - presets: The names of presets.
    ///   - flaw: What is wrong with a rule's pattern and what to write instead, in words; nil when it is acceptable.
    public init(presets: [String], flaw: @escaping @Sendable (PolicyVerdict, String) -> String?) {
        self.presets = presets
        findFlaw = flaw
    }

    /// What is wrong with a rule's pattern, in words; nil when it is acceptable.
    public func flaw(_ verdict: PolicyVerdict, _ pattern: String) -> String? { findFlaw(verdict, pattern) }
}
