// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Suspects tool output of what ``OutputScanner`` finds and a model may fall for: orders to it, also hidden, encoded or written in odd
/// letters, and requests to send data away. What only a terminal falls for is taken out elsewhere, and so are secrets.
public struct ToolOutputInspector: OutputInspector {
    private static let rules: Set<String> = [
        TextRule.agentInstructionHidden, .outputHiddenText, .promptInjectionInOutput, .ignorePreviousInstructions,
        .promptInjectionObfuscated, .outputDataExfiltration,
    ].reduce(into: []) { $0.insert($1.rawValue) }

    /// Makes an inspector.
    public init() {}

    /// See `OutputInspector.suspicions(in:)`.
    public func suspicions(in text: String) -> [OutputSuspicion] {
        var said: Set<String> = []
        return OutputScanner.findings(in: Array(text.utf8), secrets: nil)
            .filter { Self.rules.contains($0.rule) && said.insert($0.rule).inserted }
            .map { OutputSuspicion(rule: $0.rule, message: $0.message) }
    }
}
