// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What the bytes of a text tell beside what a shell would run.
enum TextRules {
    /// Findings in the order of the text.
    static func findings(in input: GuardInput, script: ShellScript) -> [GuardFinding] { [] }
}
