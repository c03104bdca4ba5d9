// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaSecurity
import Testing

/// A text of `Cases/`, written from manual pages and specifications, and what is expected of the guard.
struct OwnCase: Decodable, Sendable, CustomTestStringConvertible {
    var text: String
    var least: GuardAction?
    var kind: String?
    var context: GuardContext?
    var shell: ShellDialect?

    var testDescription: String { "\(kind ?? "harmless"): \(text.debugDescription)" }

    func check() -> GuardVerdict {
        CommandGuard().check(GuardInput(bytes: Array(text.utf8), context: context ?? .exec, dialect: shell ?? .bash))
    }

    /// The lines of a file, one JSON object each.
    static func all(in name: String) throws -> [OwnCase] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
        return try Data(contentsOf: folder.appending(path: name)).split(separator: 0x0A).map { try JSONDecoder().decode(OwnCase.self, from: $0) }
    }
}

@Suite("The guard on commands of our own") struct OwnCaseTests {
    @Test("What loses, sends, hides or breaks in is said, as strictly as it must be") func flagged() throws {
        let cases = try OwnCase.all(in: "flagged.jsonl")
        #expect(cases.count >= 150)
        for entry in cases {
            let verdict = entry.check()
            #expect(verdict.action >= (entry.least ?? .warn), "\(entry.testDescription): \(verdict.action) by \(verdict.findings.map(\.rule))")
        }
    }

    @Test("Everyday commands and texts pass without a word") func harmless() throws {
        let cases = try OwnCase.all(in: "harmless.jsonl")
        #expect(cases.count >= 100)
        for entry in cases {
            let verdict = entry.check()
            #expect(verdict.action == .allow, "\(entry.testDescription): \(verdict.action) by \(verdict.findings.map(\.rule))")
        }
    }
}
