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
    /// The same simple commands with all that is known of each. Empty from inspectors that tell no more than the words; then the
    /// flags above speak for every command of the text.
    public var commands: [Command]
    /// Why it is incomplete, for people; may be empty.
    public var gaps: [String]

    /// Makes a report.
    public init(
        simpleCommands: [[String]], isIncomplete: Bool, hasRedirections: Bool = false, hasAssignments: Bool = false,
        findings: [Finding] = [], commands: [Command] = [], gaps: [String] = []
    ) {
        self.simpleCommands = simpleCommands
        self.isIncomplete = isIncomplete
        self.hasRedirections = hasRedirections
        self.hasAssignments = hasAssignments
        self.findings = findings
        self.commands = commands
        self.gaps = gaps
    }
}

extension CommandInspection {
    /// One simple command as it stands in the text.
    public struct Command: Sendable, Hashable {
        /// `NAME=value` in front of a command.
        public struct Assignment: Sendable, Hashable {
            /// The variable.
            public var name: String
            /// What it is set to, as far as it is known.
            public var value: String
            /// False when a part of the value is decided only when it runs.
            public var isLiteral: Bool

            /// Makes an assignment.
            public init(name: String, value: String, isLiteral: Bool) {
                self.name = name
                self.value = value
                self.isLiteral = isLiteral
            }
        }

        /// `2>file`, `<word`, `>&1` and the like.
        public struct Redirection: Sendable, Hashable {
            /// The operator without the descriptor in front: `>`, `>>`, `<`, `>&` and so on.
            public var operation: String
            /// The descriptor in front, when there is one.
            public var descriptor: Int?
            /// The file or the descriptor, as far as it is known; empty for here-documents.
            public var target: String
            /// False when a part of the target is decided only when it runs.
            public var isLiteral: Bool

            /// Makes a redirection.
            public init(operation: String, descriptor: Int? = nil, target: String, isLiteral: Bool) {
                self.operation = operation
                self.descriptor = descriptor
                self.target = target
                self.isLiteral = isLiteral
            }
        }

        /// The program and its arguments, quotes removed; empty for assignments alone.
        public var words: [String]
        /// The places of words of which a part is decided only when it runs.
        public var openWords: Set<Int>
        /// What is set for it.
        public var assignments: [Assignment]
        /// Where it reads from and writes to.
        public var redirections: [Redirection]
        /// 0 for what the text runs itself; more inside substitutions and bodies handed to other shells and programs.
        public var depth: Int
        /// The programs it is run through, outermost first, such as `sudo` or `xargs`.
        public var wrappers: [String]

        /// Makes a command.
        public init(
            words: [String], openWords: Set<Int> = [], assignments: [Assignment] = [], redirections: [Redirection] = [], depth: Int = 0,
            wrappers: [String] = []
        ) {
            self.words = words
            self.openWords = openWords
            self.assignments = assignments
            self.redirections = redirections
            self.depth = depth
            self.wrappers = wrappers
        }
    }
}
