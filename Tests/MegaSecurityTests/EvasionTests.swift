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

/// The table of evasions kept beside the repository.
enum EvasionTable {
    struct Row: Decodable, Sendable {
        struct Policy: Decodable, Sendable {
            var allow: [String]
            var deny: [String]
        }
        var id: String
        var kind: String
        var level: Int
        var policy: Policy
        var input: String
        var required: String
    }

    static let path: String = {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(root)/shared/cases/security/evasions.jsonl"
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: path) }

    static func rows() throws -> [Row] {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        return try data.split(separator: 0x0A).map { try JSONDecoder().decode(Row.self, from: Data($0)) }
    }
}

@Suite("Evasions", .enabled(if: EvasionTable.isPresent)) struct EvasionTests {
    /// The rules as configuration; allow entries that can never be rules are left out, as an installation would have to.
    private func decide(_ row: EvasionTable.Row) async throws -> AuthorizationDecision {
        let rules = row.policy.deny.map { PolicyRule(.deny, $0) } + row.policy.allow.map { PolicyRule(.allow, $0) }
        return try await PolicyAuthorizer.keepingAcceptable(rules, programs: AssumedPrograms()).authorizer.decide(Sample.command(row.input))
    }

    @Test("No row that must not be allowed is allowed, and every control is") func table() async throws {
        let rows = try EvasionTable.rows()
        #expect(rows.count >= 50)
        var held: [String: (good: Int, all: Int)] = [:]
        for row in rows where row.kind != "scenario" {
            let decision = try await decide(row)
            let isAllowed = if case .allow = decision { true } else { false }
            let isGood = row.required == "must_auto_allow" ? isAllowed : !isAllowed
            held["\(row.kind) level \(row.level)", default: (0, 0)].all += 1
            if isGood { held["\(row.kind) level \(row.level)", default: (0, 0)].good += 1 }
            #expect(isGood, "\(row.id) \(row.input.prefix(80).debugDescription): \(decision)")
        }
        #expect(held["control level 1"].map { $0.good == $0.all } == true, "\(held)")
        #expect(held["allow_bypass level 1"].map { $0.good == $0.all } == true, "\(held)")
    }

    @Test("A deny rule reaches the plainly nested ones, which are denied and not only asked about") func deniedOutright() async throws {
        let rows = try EvasionTable.rows().filter { $0.kind == "deny_bypass" }
        var denied = 0
        for row in rows { if case .deny = try await decide(row) { denied += 1 } }
        #expect(denied * 10 >= rows.count * 9, "\(denied) of \(rows.count)")
    }
}
