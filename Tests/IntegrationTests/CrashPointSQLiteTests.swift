// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaCore
import MegaMemory
import MegaSecurity
import MegaTesting
import Testing

@Suite("A crash at every write to the database", .timeLimit(.minutes(5)))
struct CrashPointSQLiteTests {
    private func play(_ crashes: [CrashRehearsal.Crash], isPatient: Bool = true) async throws -> CrashOutcome {
        try await withTemporaryFolder { folder in
            let sealer = KeyedSealer(masterKey: try await MasterKey.file(folder + "/master.key"))
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            return try await CrashRehearsal(crashes: crashes, isPatient: isPatient).play(
                open: { try await SQLiteStore(path: folder + "/megabot.db", sealer: sealer, logger: logger) },
                close: { try await ($0 as? SQLiteStore)?.close() })
        }
    }

    @Test("nothing is lost and nothing happens twice, wherever the process dies once")
    func everyPoint() async throws {
        let whole = try await play([])
        #expect(whole.violations == [])
        for number in 1...whole.writes.count {
            for crash in [CrashRehearsal.Crash.before(number), .after(number)] {
                let outcome = try await play([crash])
                #expect(outcome.violations == [], "crash \(crash), \(outcome.lives.first?.last?.description ?? "")")
            }
        }
    }

    @Test("nor when it dies again and again, every few writes", arguments: 1...6)
    func repeatedly(step: Int) async throws {
        let crashes = (0..<10).map { ($0 + step).isMultiple(of: 2) ? CrashRehearsal.Crash.before(3 + step + $0 % 3) : .after(2 + step) }
        let outcome = try await play(crashes, isPatient: step.isMultiple(of: 2))
        #expect(outcome.violations == [], "crashes \(crashes)")
    }
}
