// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The rules that look at a text as text: its characters, the names and addresses in it, and what its words set, fetch and write.
///
/// One pass over the bytes decides what is looked at. A command in ASCII costs that pass, a look at its program's name and a search for
/// credentials; nothing of the Unicode tables is even decoded for it.
enum TextRules {
    /// Bytes of a command looked at; a longer one is reported by the parser as not understood. Output has no such bound.
    static let longestText = 1 << 20

    static func findings(in input: GuardInput, script: ShellScript) -> [GuardFinding] {
        if input.context == .output { return OutputScanner.findings(in: input.bytes) }
        let bytes = input.bytes.count > longestText ? Array(input.bytes.prefix(longestText)) : input.bytes
        var found = TextFindings()
        let profile = TextProfile(bytes)
        let inspected = script.commands.filter { Fetcher.isInspector($0.words) }.map { span($0) }
        if profile.hasNonASCII || profile.hasControl {
            let text = TextScalar.decode(bytes)
            InvisibleRules.check(text, context: input.context, into: &found)
            if profile.hasNonASCII { confusables(text, input, script, inspected, into: &found) }
        }
        if input.context == .paste {
            if profile.hasLineBreak { PasteRules.check(bytes, into: &found) }
            InjectionScanner.check(bytes, hasNonASCII: profile.hasNonASCII, into: &found)
        }
        for command in script.commands { check(command, input.dialect, bytes, into: &found) }
        if mentionsPackages(script) { EcosystemRules.sources(script, bytes, into: &found) }
        AgentConfigRules.content(script, bytes, into: &found)
        CredentialRules.check(bytes, into: &found)
        return found.sorted
    }

    private static func check(_ command: ShellCommand, _ dialect: ShellDialect, _ bytes: [UInt8], into found: inout TextFindings) {
        let program = command.words.first.map { Fetcher.baseName($0.text) } ?? ""
        EnvironmentRules.check(command, program: program, dialect: dialect, into: &found)
        TransportRules.check(command, program: program, dialect: dialect, into: &found)
        EcosystemRules.check(command, program: program, into: &found)
        FileRules.check(command, program: program, into: &found)
        AgentConfigRules.check(command, program: program, into: &found)
        ExfiltrationRules.check(command, program: program, bytes: bytes, into: &found)
        for assignment in command.assignments {
            for reference in HostExtractor.references(in: assignment.value) { HostRules.check(reference, use: .mentioned, into: &found) }
        }
        for redirection in command.redirections {
            for reference in HostExtractor.references(in: redirection.target) { HostRules.check(reference, use: .mentioned, into: &found) }
        }
    }

    /// Words that imitate ASCII, and program names that do. What is handed to a checker is its data.
    private static func confusables(
        _ text: [TextScalar], _ input: GuardInput, _ script: ShellScript, _ inspected: [Range<Int>], into found: inout TextFindings
    ) {
        var words = TextFindings()
        ConfusableRules.check(text, context: input.context, into: &words)
        for item in words.items where !inspected.contains(where: { $0.contains(item.span.lowerBound) }) {
            guard let rule = TextRule(rawValue: item.rule) else { continue }
            found.add(rule, item.span, item.action)
        }
        for command in script.commands {
            guard let first = command.words.first, first.text.utf8.contains(where: { $0 >= 0x80 }) else { continue }
            let scalars = first.text.unicodeScalars.map(\.value)
            guard ConfusableRules.isSpoofed(name: scalars) else { continue }
            // A paste can be prose; there the name has to be one that somebody would want to imitate.
            if input.context == .paste, !isProgram(scalars) { continue }
            found.add(.confusableText, first.span)
        }
    }

    private static func isProgram(_ scalars: [UInt32]) -> Bool {
        let folded = scalars.flatMap { Lookalikes.ascii($0).text }
        let name = Fetcher.baseName(String(decoding: folded, as: UTF8.self))
        return Fetcher.all[name] != nil || ShellWords.interpreters.contains(name) || PasteRules.isCommand(name)
    }

    private static func span(_ command: ShellCommand) -> Range<Int> {
        guard let first = command.words.first, let last = command.words.last else { return 0..<0 }
        return first.span.lowerBound..<max(first.span.upperBound, last.span.upperBound)
    }

    /// Whether the text can say something about package sources at all.
    private static func mentionsPackages(_ script: ShellScript) -> Bool {
        script.commands.contains { command in
            command.words.contains { $0.text.hasPrefix("/etc/") || $0.text.hasPrefix("apt-key") || $0.text.contains("gpgcheck") || $0.text.contains("trusted=") }
                || command.redirections.contains { $0.target.text.hasPrefix("/etc/") }
        }
    }
}
