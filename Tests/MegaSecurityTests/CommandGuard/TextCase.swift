// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

@testable import MegaSecurity
import Testing

/// A text, where it goes, and what a rule is to say of it.
struct TextCase: Sendable, CustomTestStringConvertible {
    var text: String
    /// nil where nothing is to be found at all.
    var rule: String?
    var action: GuardAction
    var context = GuardContext.exec
    var dialect = ShellDialect.posix

    static func flags(_ text: String, _ rule: String, _ action: GuardAction = .block, in context: GuardContext = .exec) -> TextCase {
        TextCase(text: text, rule: rule, action: action, context: context)
    }

    static func passes(_ text: String, in context: GuardContext = .exec) -> TextCase {
        TextCase(text: text, rule: nil, action: .allow, context: context)
    }

    var testDescription: String { String(text.unicodeScalars.map { $0.isASCII ? Character($0) : "?" }) }

    func check(_ location: SourceLocation = #_sourceLocation) {
        let found = Guarded.findings(text, context, dialect)
        if let rule {
            let hits = found.filter { $0.rule == rule }
            #expect(!hits.isEmpty, "no \(rule) in \(found.map(\.rule))", sourceLocation: location)
            #expect(hits.map(\.action).max() == action, sourceLocation: location)
            for hit in hits {
                #expect(hit.span.lowerBound >= 0 && hit.span.upperBound <= text.utf8.count, sourceLocation: location)
            }
        } else {
            #expect(found.filter { $0.action > .allow }.map(\.rule) == [], sourceLocation: location)
        }
    }
}

enum Guarded {
    static func findings(_ bytes: [UInt8], _ context: GuardContext = .exec, _ dialect: ShellDialect = .posix) -> [GuardFinding] {
        let script = context == .output ? ShellScript() : ShellReader.read(bytes, dialect: dialect)
        return TextRules.findings(in: GuardInput(bytes: bytes, context: context, dialect: dialect), script: script)
    }

    static func findings(_ text: String, _ context: GuardContext = .exec, _ dialect: ShellDialect = .posix) -> [GuardFinding] {
        findings(Array(text.utf8), context, dialect)
    }

    static func action(_ text: String, _ context: GuardContext = .exec) -> GuardAction { findings(text, context).map(\.action).max() ?? .allow }
}
