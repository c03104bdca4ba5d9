// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import MegaSecurity
import Testing

/// Tables kept beside the repository.
private enum SharedCases {
    static let folder: String = {
        let root = #filePath.split(separator: "/").dropLast(5).joined(separator: "/")
        return "/\(root)/shared/cases/security/"
    }()

    static func isPresent(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + name) }

    static func rows(_ name: String) throws -> [JSONValue] {
        let data = FileManager.default.contents(atPath: folder + name) ?? Data()
        return try data.split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
    }
}

@Suite("Figures of rules on shared tables") struct SharedPolicyFigureTests {
    @Test("Of programs that can give a shell, allowed by their bare name, 95 of 100 ways and more are not let through", .enabled(if: SharedCases.isPresent("gtfobins_cases.jsonl")))
    func shells() throws {
        let rows = try SharedCases.rows("gtfobins_cases.jsonl").filter { ["shell", "reverse-shell", "bind-shell"].contains($0["function"]?.stringValue) }
        #expect(rows.count >= 100)
        var allowed: [String] = []
        for row in rows {
            guard let program = row["binary"]?.stringValue, let text = row["code"]?.stringValue else { continue }
            let authorizer = PolicyAuthorizer.keepingAcceptable([PolicyRule(.allow, program)], programs: AssumedPrograms()).authorizer
            if authorizer.explain(Sample.command(text)).verdict == .allow { allowed.append(row["id"]?.stringValue ?? "") }
        }
        #expect(allowed.count * 20 <= rows.count, "\(allowed)")
    }

    @Test("The read-only preset allows what is truly safe and nothing that is dangerous", .enabled(if: SharedCases.isPresent("codex_cases.jsonl")))
    func presets() throws {
        let rows = try SharedCases.rows("codex_cases.jsonl")
        func isAllowed(_ row: JSONValue, _ presets: [PolicyPreset]) -> Bool {
            let authorizer = PolicyAuthorizer.keepingAcceptable([], presets: presets, programs: AssumedPrograms()).authorizer
            return authorizer.explain(Sample.command(row["command"]?.stringValue ?? "")).verdict == .allow
        }
        let safe = rows.filter { $0["classifier"]?.stringValue == "known_safe" && $0["expected"]?.boolValue == true }
        let current = safe.filter { $0["era"]?.stringValue == "current" }
        #expect(current.count { isAllowed($0, [.readOnly]) } * 20 >= current.count * 19)
        #expect(safe.count { isAllowed($0, [.readOnly, .gitReadOnly]) } * 20 >= safe.count * 19)
        let dangerous = rows.filter { $0["classifier"]?.stringValue == "dangerous" && $0["expected"]?.boolValue == true }
        #expect(dangerous.count >= 10)
        for row in dangerous { #expect(!isAllowed(row, PolicyPreset.allCases), "\(row["command"]?.stringValue ?? "")") }
    }
}
