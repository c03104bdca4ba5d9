// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import MegaSecurity
import Testing

/// The figures on given cases, where those are present.
@Suite("Secrets in given cases") struct SecretFigureTests {
    private static let folder = "../shared/cases/security"
    private static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/secrets_cases.jsonl")

    private struct MissingCases: Error {}

    private func rows(_ name: String) throws -> [JSONValue] {
        guard let bytes = FileManager.default.contents(atPath: "\(Self.folder)/\(name)") else { throw MissingCases() }
        return try bytes.split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
    }

    @Test("At least 93 % are found, every type counting the same", .enabled(if: isPresent)) func recall() throws {
        let scanner = SecretScanner()
        var hits: [String: (found: Int, all: Int)] = [:]
        for row in try rows("secrets_cases.jsonl") where row["should_detect"]?.boolValue == true {
            guard let type = row["secret_type"]?.stringValue, let text = row["text"]?.stringValue else { continue }
            hits[type, default: (0, 0)].all += 1
            if !scanner.findings(in: text).isEmpty { hits[type, default: (0, 0)].found += 1 }
        }
        let macro = hits.values.reduce(0) { $0 + Double($1.found) / Double($1.all) } / Double(max(1, hits.count))
        #expect(hits.count > 150)
        #expect(macro >= 0.93, "\(macro)")
    }

    @Test("At most 0.3 % of ordinary lines are taken for secrets", .enabled(if: isPresent)) func mistaken() throws {
        let scanner = SecretScanner()
        let texts = try rows("secrets_negatives.jsonl").filter { $0["should_detect"]?.boolValue == false }.compactMap { $0["text"]?.stringValue }
        let wrong = texts.filter { !scanner.findings(in: $0).isEmpty }
        #expect(texts.count > 1_000)
        #expect(Double(wrong.count) / Double(texts.count) <= 0.003, "\(wrong)")
    }
}
