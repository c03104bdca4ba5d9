// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// An inspector that suspects what the test says.
public struct ScriptedInspector: OutputInspector {
    private let suspect: @Sendable (String) -> [OutputSuspicion]

    /// Suspects what the test makes of each text.
    public init(_ suspect: @escaping @Sendable (String) -> [OutputSuspicion]) { self.suspect = suspect }

    /// Suspects every text that holds a word.
    public init(word: String, rule: String = "word") {
        self.init { $0.contains(word) ? [OutputSuspicion(rule: rule, message: "It holds a word.")] : [] }
    }

    /// See `OutputInspector.suspicions(in:)`.
    public func suspicions(in text: String) -> [OutputSuspicion] { suspect(text) }
}
