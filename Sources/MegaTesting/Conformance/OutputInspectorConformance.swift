// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// What every `OutputInspector` must do.
public enum OutputInspectorConformance {
    /// An inspector and texts it has to suspect.
    public struct Subject: Sendable {
        /// The inspector under test.
        public var inspector: any OutputInspector
        /// Texts that must be suspected; at least one.
        public var suspicious: [String]

        /// A subject.
        public init(_ inspector: any OutputInspector, suspicious: [String]) {
            self.inspector = inspector
            self.suspicious = suspicious
        }
    }

    private static let harmless = [
        "", "\n", "total 8\n-rw-r--r-- 1 ana ana 27 Nov 25 15:59 notes.txt\n", "The boiler is at 60 °C — see README.md, line 12.\n",
        "日本語 👩‍👩‍👧 and \"quotes\"\n", "error: cannot find 'x' in scope\n  --> main.swift:3:1\n", "{\"id\": 7, \"items\": [1, 2, 3]}",
    ]

    /// All checks.
    public static let checks: [ConformanceCheck<Subject>] = [
        .init("What is suspicious is suspected, also in the middle of a long text, each rule once and the same each time") { subject in
            try ConformanceFailure.unless(!subject.suspicious.isEmpty, expected: "a text to suspect", seen: "none")
            let page = String(repeating: "An ordinary line of an ordinary page.\n", count: 500)
            for text in subject.suspicious {
                for whole in [text, page + text + "\n" + page] {
                    let found = subject.inspector.suspicions(in: whole)
                    try ConformanceFailure.unless(!found.isEmpty, expected: "a suspicion", seen: "none, in \(whole.utf8.count) bytes")
                    try ConformanceFailure.unlessEqual(Set(found.map(\.rule)).count, found.count, "rules")
                    try ConformanceFailure.unlessEqual(subject.inspector.suspicions(in: whole), found, "the second time")
                }
            }
        },
        .init("Ordinary output is not") { subject in
            for text in harmless {
                let found = subject.inspector.suspicions(in: text)
                try ConformanceFailure.unless(found.isEmpty, expected: "nothing", seen: found.map(\.rule).joined(separator: ", "))
            }
        },
        .init("Rules are names in snake case, and what is said of a text holds nothing of it") { subject in
            for text in subject.suspicious {
                for one in subject.inspector.suspicions(in: text) {
                    let isName = !one.rule.isEmpty && one.rule.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
                    try ConformanceFailure.unless(isName, expected: "a name", seen: one.rule)
                    try ConformanceFailure.unless(!one.message.isEmpty && !one.message.contains(text), expected: "a sentence", seen: one.message)
                }
            }
        },
    ]
}
