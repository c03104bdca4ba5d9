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

@Suite("Replaying decisions") struct PolicySimulationTests {
    private func record(_ summary: String, tool: String = "run_command", at seconds: Double, event: AuditRecord.Event = .toolDecided) -> AuditRecord {
        AuditRecord(
            event, at: Date(timeIntervalSince1970: seconds), turn: TurnID(rawValue: 1), person: "websocket:ana",
            details: ["tool": tool, "verdict": "allowed", "reason": "r", "summary": summary, "influence": "owner", "mode": "build"])
    }

    @Test("What would have been decided otherwise is listed, in order, at the time it happened") func changes() throws {
        let records = [
            record("git log -1", at: 1000), record("git log -1; rm x", at: 2000), record("ls", at: 3000), record("draft", tool: "write_file", at: 4000),
            record("git log -2", at: 5000), record("git log", at: 6000, event: .toolFinished),
        ]
        let expiring = PolicyRule(.allow, "git log", conditions: PolicyConditions(expiresAt: Date(timeIntervalSince1970: 4500)))
        let result = try PolicySimulation(
            records, workspace: "/w", current: { try PolicyAuthorizer(rules: [PolicyRule(.allow, "ls")], programs: AssumedPrograms(), now: $0) },
            changed: { try PolicyAuthorizer(rules: [expiring, PolicyRule(.deny, "write_file")], programs: AssumedPrograms(), now: $0) })
        #expect(result.decisions == 5)
        #expect(result.changes.map { "\($0.summary): \($0.before)-\($0.after)" } == ["git log -1: ask-allow", "ls: allow-ask", "draft: ask-deny"])
        #expect(result.before == [.allow: 1, .ask: 4])
    }

    @Test("The decisions are read from an audit, also while it is open") func history() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let audit = try await AuditLog(folder: folder.path, sealer: TestSealer())
        for index in 0..<20 { try await audit.record(record("ls \(index)", at: Double(index))) }
        try await audit.record(record("x", at: 100, event: .modeChanged))
        let records = try await PolicyHistory.records(folder: folder.path, sealer: TestSealer(), since: Date(timeIntervalSince1970: 5))
        #expect(records.map { $0.details["summary"] } == (5..<20).map { "ls \($0)" })
        #expect(try await PolicyHistory.records(folder: folder.path, sealer: TestSealer(), since: .distantPast, limit: 3).count == 3)
        await audit.close()
    }
}
