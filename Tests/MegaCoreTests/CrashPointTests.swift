// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaTesting
import Testing

@Suite("A crash at every write")
struct CrashPointTests {
    private func play(_ crashes: [CrashRehearsal.Crash], isPatient: Bool = true) async throws -> CrashOutcome {
        let store = InMemoryStore()
        return try await CrashRehearsal(crashes: crashes, isPatient: isPatient).play(open: { store })
    }

    @Test("without a crash the conversation is whole, so that the rehearsal itself is sound")
    func whole() async throws {
        let outcome = try await play([])
        #expect(outcome.violations == [])
        #expect(outcome.lives.count == 1)
        let kinds = Set(outcome.writes.map(\.kind))
        #expect(kinds.isSuperset(of: [.record, .begin, .append, .finish, .enqueue, .markDelivered, .saveApproval, .setMode, .saveMemory]))
    }

    @Test("nothing is lost and nothing happens twice, wherever the process dies once")
    func everyPoint() async throws {
        let whole = try await play([])
        #expect(whole.writes.count > 40)
        for number in 1...whole.writes.count {
            for crash in [CrashRehearsal.Crash.before(number), .after(number)] {
                let outcome = try await play([crash])
                let where_ = outcome.lives.first?.last?.description ?? ""
                #expect(outcome.violations == [], "crash \(crash), \(where_)")
                #expect(outcome.lives.count == 2 || number == whole.writes.count, "crash \(crash) did not happen")
            }
        }
    }

    @Test("nor when it dies again and again, at any pace", arguments: 0..<60)
    func repeatedly(seed: Int) async throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let crashes = (0..<Int.random(in: 2...12, using: &generator)).map { _ in
            let number = Int.random(in: 1...14, using: &generator)
            return Bool.random(using: &generator) ? CrashRehearsal.Crash.before(number) : .after(number)
        }
        let outcome = try await play(crashes, isPatient: seed.isMultiple(of: 2))
        #expect(outcome.violations == [], "crashes \(crashes)")
    }
}

/// SplitMix64, for runs that can be repeated.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
