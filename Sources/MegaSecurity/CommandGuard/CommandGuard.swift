// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Says what a text would do before it is run, pasted or shown: allow, warn, ask or block, with the places and how to do it safely.
///
/// It reads the text as the shell would and looks at every command in it, nested ones included. It runs nothing, opens nothing, keeps
/// nothing, and nothing in the text can switch it off. The work is bounded by the length of the text.
///
///     let verdict = CommandGuard().check(GuardInput(bytes: Array("curl https://example.com/x.sh | sh".utf8)))
///     // verdict.action == .block, verdict.findings[0].rule == "pipe_to_shell"
public struct CommandGuard: Sendable {
    /// Makes a guard.
    public init() {}

    /// Checks a text.
    ///
    /// A verdict is incomplete when a part was not understood: a program named only when it runs, something opened and not closed, too
    /// much nesting. An incomplete command is at least asked about. Pasted text that no shell would accept is incomplete without being
    /// asked about, since most of what is pasted is no command.
    public func check(_ input: GuardInput) -> GuardVerdict {
        guard input.context != .output else {
            return GuardVerdict(findings: TextRules.findings(in: input, script: ShellScript()), isIncomplete: false)
        }
        let script = ShellReader.read(input.bytes, dialect: input.dialect)
        var report = GuardReport()
        RuleBook.check(script, &report)
        gaps(script, input, &report)
        let findings = Self.join(report.findings, TextRules.findings(in: input, script: script))
        return GuardVerdict(findings: findings, isIncomplete: !script.gaps.isEmpty)
    }

    /// Rules on text that say the same as one on commands.
    private static let same = [
        "startup_file_write": "dotfile_overwrite", "archive_over_home": "archive_extract", "credential_sweep": "credential_file_sweep",
        "data_exfiltration": "data_exfiltration",
    ]

    /// Both kinds of findings in the order of the text, each thing said once.
    private static func join(_ commands: [GuardFinding], _ text: [GuardFinding]) -> [GuardFinding] {
        var findings = text
        for finding in commands {
            let isSaid = same[finding.rule].map { other in
                text.contains { $0.rule == other && $0.action >= finding.action && $0.span.overlaps(finding.span) }
            } ?? false
            if !isSaid { findings.append(finding) }
        }
        return findings.sorted { ($0.span.lowerBound, $0.rule) < ($1.span.lowerBound, $1.rule) }
    }

    private func gaps(_ script: ShellScript, _ input: GuardInput, _ report: inout GuardReport) {
        for gap in script.gaps.prefix(8) {
            switch gap.kind {
            case .program, .body: report.add(RuleCatalog.dynamicProgram, .ask, gap.span)
            case .limit: report.add(RuleCatalog.wrapperDepth, .ask, gap.span)
            case .syntax: if input.context == .exec { report.add(RuleCatalog.notUnderstood, .ask, gap.span) }
            }
        }
    }
}
