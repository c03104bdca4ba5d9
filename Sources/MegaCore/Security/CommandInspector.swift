// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Reads a shell command without running it.
///
/// Implement this for another shell. What is not understood is incomplete, never guessed.
public protocol CommandInspector: Sendable {
    func inspect(_ command: String) -> CommandInspection
}

/// What a command would run.
public struct CommandInspection: Sendable, Hashable {
    /// A finding that matters whatever the rules say, such as invisible characters.
    public struct Finding: Sendable, Hashable {
        /// What it asks for at least.
        public var verdict: PolicyVerdict
        /// Stable name of the rule.
        public var rule: String
        /// For people.
        public var message: String

        /// Makes a finding.
        public init(verdict: PolicyVerdict, rule: String, message: String) {
            self.verdict = verdict
            self.rule = rule
            self.message = message
        }
    }

    /// The words of every simple command, quotes removed. Words that are only known at run time make it incomplete.
    public var simpleCommands: [[String]]
    /// True when any part was not fully understood.
    public var isIncomplete: Bool
    /// True when output goes to, or input comes from, a file (other than /dev/null) by redirection.
    public var hasRedirections: Bool
    /// True when variables are set for a command (`A=b program`).
    public var hasAssignments: Bool
    /// What stood out.
    public var findings: [Finding]

    /// Makes a report.
    public init(
        simpleCommands: [[String]], isIncomplete: Bool, hasRedirections: Bool = false, hasAssignments: Bool = false,
        findings: [Finding] = []
    ) {
        self.simpleCommands = simpleCommands
        self.isIncomplete = isIncomplete
        self.hasRedirections = hasRedirections
        self.hasAssignments = hasAssignments
        self.findings = findings
    }
}
