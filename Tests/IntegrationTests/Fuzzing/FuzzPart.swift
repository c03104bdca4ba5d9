// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaAdapters
import MegaCore
import MegaSecurity
import MegaTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Something that reads bytes from outside, and what must hold for all bytes. A crash or an endless loop ends the process by itself.
enum FuzzPart: String, CaseIterable, Sendable {
    case shell, fernet, secrets, text, policies

    /// Tries the next text.
    ///
    /// - Throws: ``FuzzFailure`` with the text when something does not hold.
    func check(_ texts: inout HostileText) throws {
        switch self {
        case .shell: try shell(&texts)
        case .fernet: try fernet(&texts)
        case .secrets: try secrets(&texts)
        case .text: try text(&texts)
        case .policies: try policies(&texts)
        }
    }

    /// The parser with the rules: findings lie within the text, the same text has the same verdict.
    private func shell(_ texts: inout HostileText) throws {
        let bytes = texts.next(.shell)
        let dialect = ShellDialect.allCases[texts.below(ShellDialect.allCases.count)]
        let input = GuardInput(bytes: bytes, context: texts.below(4) == 0 ? .paste : .exec, dialect: dialect)
        let verdict = CommandGuard().check(input)
        for finding in verdict.findings where finding.span.upperBound > bytes.count || finding.span.lowerBound < 0 {
            throw FuzzFailure("\(finding.rule) lies outside", bytes)
        }
        if verdict != CommandGuard().check(input) { throw FuzzFailure("two verdicts", bytes) }
        if verdict.isIncomplete, input.context == .exec, verdict.action < .ask { throw FuzzFailure("incomplete and only \(verdict.action.rawValue)", bytes) }
        let inspection = ShellInspector().inspect(String(decoding: bytes, as: UTF8.self))
        if inspection.simpleCommands.count > 2_000 { throw FuzzFailure("too many commands", bytes) }
    }

    /// Damaged tokens are refused, whole ones are opened.
    private func fernet(_ texts: inout HostileText) throws {
        let codec = FernetCodec(key: try FernetKey(Secret("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=")))
        let now = Date(timeIntervalSince1970: Double(texts.below(2_000_000_000)))
        let content = texts.next(.output)
        let token = try codec.seal(content, now: now) { count in (0..<count).map { _ in UInt8(texts.below(256)) } }
        guard try codec.open(token, now: now, timeToLive: 60).content == content else { throw FuzzFailure("another content", content) }
        let other = texts.damaged(Array(token.utf8))
        let text = String(decoding: other, as: UTF8.self)
        do {
            let opened = try codec.open(text, now: now, timeToLive: nil)
            // Only padding and the line's end are not covered by the signature.
            if opened.content != content { throw FuzzFailure("a damaged token was opened", other) }
        } catch is FernetError {}
        do { _ = try codec.open(String(decoding: content, as: UTF8.self), now: now, timeToLive: 60); throw FuzzFailure("anything opens", content) } catch is FernetError {}
    }

    /// Findings lie within, in order; a stream finds the same; what is redacted once stays.
    private func secrets(_ texts: inout HostileText) throws {
        let bytes = texts.next(.output)
        let scanner = SecretScanner()
        let whole = scanner.findings(in: bytes)
        var end = 0
        for finding in whole {
            guard finding.range.lowerBound >= end, finding.range.upperBound <= bytes.count, !finding.range.isEmpty else { throw FuzzFailure("\(finding) is out of place", bytes) }
            end = finding.range.upperBound
        }
        var stream = scanner.stream()
        var found: [SecretFinding] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + texts.below(2_000))
            found += stream.feed(piece)
            rest = rest.dropFirst(piece.count)
        }
        guard found + stream.finish() == whole else { throw FuzzFailure("a stream finds something else", bytes) }
        _ = try SecretRedactor().redact(String(decoding: bytes, as: UTF8.self))
    }

    /// Rules on output and pastes: findings lie within, and cutting the text changes nothing.
    private func text(_ texts: inout HostileText) throws {
        let bytes = texts.next(.output)
        let whole = OutputScanner.findings(in: bytes)
        for finding in whole where finding.span.upperBound > bytes.count || finding.span.lowerBound < 0 { throw FuzzFailure("\(finding.rule) lies outside", bytes) }
        var scanner = OutputScanner()
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 + texts.below(500))
            scanner.consume(piece)
            rest = rest.dropFirst(piece.count)
        }
        guard scanner.finish() == whole else { throw FuzzFailure("in pieces something else is found", bytes) }
        _ = CommandGuard().check(GuardInput(bytes: bytes, context: .paste))
    }

    /// Configuration with rules is taken or refused with reasons; what is taken can be put in force or is refused by name.
    private func policies(_ texts: inout HostileText) throws {
        let bytes = texts.next(.policies)
        let yaml = String(decoding: bytes, as: UTF8.self)
        let report = MegaConfiguration.check(ConfigurationSources(yaml: .init(name: "fuzz.yaml", content: yaml), environment: [:]))
        if report.configuration == nil, report.problems.isEmpty { throw FuzzFailure("refused without a reason", bytes) }
        for line in yaml.split(separator: "\n").prefix(16) {
            for verdict in PolicyVerdict.allCases {
                do { _ = try PolicyAuthorizer(rules: [PolicyRule(verdict, String(line))]) } catch is PolicyError {}
            }
        }
        for rule in report.configuration?.policies.rules ?? [] {
            do { _ = try PolicyAuthorizer(rules: [PolicyRule(rule.verdict, rule.pattern, conditions: rule.conditions)]) } catch is PolicyError {}
        }
    }
}

/// A text for which something does not hold.
struct FuzzFailure: Error, CustomStringConvertible {
    let description: String

    init(_ reason: String, _ bytes: [UInt8]) {
        description = "\(reason): \(bytes.count) bytes, in base64 \(Data(bytes).base64EncodedString())"
    }
}
