// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What is known outside the core of patterns and presets, so that a configuration's policies are checked with everything else and each
/// problem gets its line. MegaSecurity's is `PolicyVocabulary.standard`.
public struct PolicyVocabulary: Sendable {
    /// The names of presets.
    public let presets: [String]
    private let findFlaw: @Sendable (PolicyVerdict, String) -> String?
    private let findLeak: @Sendable (String) -> String?

    /// - Parameters:
    ///   - presets: The names of presets.
    ///   - flaw: What is wrong with a rule's pattern and what to write instead, in words; nil when it is acceptable.
    ///   - leak: Why no secret may be bound to a program, in words; nil when one may.
    public init(
        presets: [String], flaw: @escaping @Sendable (PolicyVerdict, String) -> String?, leak: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.presets = presets
        findFlaw = flaw
        findLeak = leak
    }

    /// What is wrong with a rule's pattern, in words; nil when it is acceptable.
    public func flaw(_ verdict: PolicyVerdict, _ pattern: String) -> String? { findFlaw(verdict, pattern) }

    /// Why no secret may be bound to a program, by name or path, in words; nil when one may.
    public func leak(of program: String) -> String? { findLeak(program) }
}
