// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Looks for what a tool's output tries to do to whoever reads it: orders to a model, hidden text, requests to send data away.
///
/// Asked once for each result, with the text as the tool gave it, before control characters and secrets are taken out. What it suspects
/// changes nothing in the text: the model is told in front of it, the result counts as text from the network, and the audit names the
/// rules. MegaSecurity's `ToolOutputInspector` is the built-in one.
public protocol OutputInspector: Sendable {
    /// What is suspicious in a text; at most a few, each rule once. The time must grow with the length only.
    func suspicions(in text: String) -> [OutputSuspicion]
}

/// Something suspicious in a tool's output.
public struct OutputSuspicion: Sendable, Hashable, Codable {
    /// The rule's stable name, in snake case.
    public var rule: String
    /// What it is, in a sentence; holds nothing of the text.
    public var message: String

    /// Makes a suspicion.
    public init(rule: String, message: String) {
        self.rule = rule
        self.message = message
    }
}
