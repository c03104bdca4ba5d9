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
        var findings = report.findings + TextRules.findings(in: input, script: script)
        findings.sort { ($0.span.lowerBound, $0.rule) < ($1.span.lowerBound, $1.rule) }
        return GuardVerdict(findings: findings, isIncomplete: !script.gaps.isEmpty)
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
