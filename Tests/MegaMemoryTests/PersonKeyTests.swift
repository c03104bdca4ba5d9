// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import GRDB
import Logging
import MegaCore
@testable import MegaMemory
import MegaSecurity
import MegaTesting
import Testing

@Suite("Keys per person, and new keys, in the store")
struct PersonKeyTests {
    private func ring(_ scratch: Scratch, missing: KeyRing.Missing = .create) async throws -> KeyRing {
        try await KeyRing.open(scratch.folder + "/keys", source: .file(scratch.folder + "/master"), ifMissing: missing)
    }

    private func open(_ scratch: Scratch, _ ring: KeyRing, at path: String? = nil) async throws -> SQLiteStore {
        try await SQLiteStore(path: path ?? scratch.database, sealer: ring.sealer, logger: Logger(label: "test"))
    }

    private func fill(_ store: SQLiteStore, person: PersonID, _ word: String) async throws {
        for number in 0..<3 {
            let admission = try await store.record(
                Sample.message("\(person)-\(number)", "\(word) number \(number)"), from: person, cursor: "c\(number)", at: Sample.now)
            guard case .accepted(let turn) = admission else { throw CommandError("a duplicate") }
            try await store.begin(turn.id, at: Sample.now)
            try await store.append(
                [.toolOutcome(callID: "x", ToolOutcome(.succeeded, text: "done"))], to: turn.id, state: .running, at: Sample.now)
            if number == 1 {
                try await store.fail(turn.id, reason: "no luck", notice: Sample.reply("n-\(person)"), at: Sample.now)
            } else {
                let reply = Sample.reply("r-\(person)-\(number)")
                try await store.finish(turn.id, journal: [], replies: [reply], at: Sample.now)
                try await store.markDelivered([
                    Delivery(message: reply.id, receipt: DeliveryReceipt(platformMessageID: nil, deliveredAt: Sample.now))
                ])
            }
        }
        try await store.save(
            Memory(id: "m", person: person, kind: .fact, text: "\(word) remembered", trust: .owner, source: nil, createdAt: Sample.now))
        try await store.setMode(.plan, of: Sample.chat)
        try await store.setKillSwitches([KillSwitch(scope: .channel("websocket"), by: person, at: Sample.now, reason: "no more today")])
        try await store.save(
            ApprovalGrant(
                id: "g-\(person)", scope: GrantScope(tool: "run", commands: [], folder: "/tmp 1:2"), person: person, conversation: Sample.chat,
                grantedBy: "owner", approval: ApprovalRequest.ID(rawValue: "0001"), createdAt: Sample.now,
                expiresAt: Sample.now.addingTimeInterval(600), usesAllowed: 3))
    }

    @Test("A forgotten person is gone from the database and from a copy made before; others stay")
    func forgetting() async throws {
        let scratch = try Scratch()
        let ring = try await ring(scratch)
        let store = try await open(scratch, ring)
        try await fill(store, person: "ana", "apple")
        try await fill(store, person: "ben", "banana")
        try await store.close()
        let backup = scratch.folder + "/backup.db"
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: scratch.database + end) {
            try FileManager.default.copyItem(atPath: scratch.database + end, toPath: backup + end)
        }

        let again = try await open(scratch, ring)
        #expect(try await again.recentEntries(in: Sample.chat, before: nil, limit: 100).contains { $0.text.contains("apple") })
        #expect(try await again.forgetPerson("ana", at: Sample.now) >= 5)
        for store in [again, try await open(scratch, ring, at: backup)] {
            #expect(try await store.memories(of: "ana", limit: 10).isEmpty)
            #expect(try await store.recall("apple remembered", of: "ana", limit: 10).isEmpty)
            #expect(try await store.memories(of: "ben", limit: 10).count == 1)
            let lines = try await store.recentEntries(in: Sample.chat, before: nil, limit: 100)
            #expect(!lines.contains { $0.text.contains("apple") } && lines.contains { $0.text.contains("banana") })
            #expect(try await store.searchEntries(in: Sample.chat, matching: "apple", limit: 10).isEmpty)
            #expect(try await store.searchEntries(in: Sample.chat, matching: "banana", limit: 10).count == 3)
            #expect(try await Set(store.recentTurns(limit: 100, in: nil).map(\.person)) == ["ben"])
            // Nothing that is left stops the rest.
            try await store.clear(Sample.chat)
            try await store.close()
        }
    }

    @Test("A stranger's messages make no keys, however many strangers there are")
    func strangers() async throws {
        let scratch = try Scratch()
        let ring = try await ring(scratch)
        let store = try await open(scratch, ring)
        for number in 0..<20 {
            var message = Sample.message("s\(number)")
            message.trust = .unknown
            _ = try await store.record(message, from: PersonID(rawValue: "stranger \(number)"), cursor: nil, at: Sample.now)
        }
        #expect(ring.status.people == 0)
        _ = try await store.record(Sample.message("k"), from: "ana", cursor: nil, at: Sample.now)
        #expect(ring.status.people == 1)
        try await store.close()
    }

    @Test("After a rotation everything moves to the new keys, in steps that survive a restart; then the old keys can go")
    func resealing() async throws {
        let scratch = try Scratch()
        let ring = try await ring(scratch)
        var store = try await open(scratch, ring)
        try await fill(store, person: "ana", "apple")
        try await fill(store, person: "ben", "banana")
        let before = try await contents(store)
        try await ring.rotate()
        try await store.beginResealing(to: ring.status.keysName)
        var progress = ResealingProgress(examined: 0, resealed: 0, isComplete: false)
        var steps = 0
        while !progress.isComplete {
            let next = try await store.resealNext(limit: 2)
            #expect(next.examined >= progress.examined && next.resealed >= progress.resealed)
            progress = next
            steps += 1
            #expect(try await contents(store) == before, "after \(steps) steps")
            // The process ends after every third step.
            if steps % 3 == 0 {
                try await store.close()
                store = try await open(scratch, ring)
            }
        }
        #expect(steps > 10 && progress.resealed > 20 && progress.unreadable == 0)
        #expect(try await store.resealNext(limit: 10) == progress)
        try await ring.retireOldKeys()
        #expect(try await contents(store) == before)
        try await store.close()
        let reopened = try await open(scratch, ring)
        #expect(try await contents(reopened) == before)
        // A second round finds nothing to do.
        try await reopened.beginResealing(to: ring.status.keysName)
        #expect(try await reopened.resealNext(limit: 1).isComplete)
        try await reopened.beginResealing(to: "again")
        while try await !reopened.resealNext(limit: 100).isComplete {}
        #expect(try await reopened.resealNext(limit: 100).resealed == 0)
        try await reopened.close()
    }

    /// Everything the store gives back, as text.
    private func contents(_ store: SQLiteStore) async throws -> [String] {
        let turns = try await store.recentTurns(limit: 100, in: nil)
        var result = turns.map { "\($0)" }
        for turn in turns { result.append("\(try await store.journal(of: turn.id))") }
        result += try await store.pendingOutbox(limit: 100).map { "\($0)" }
        result += try await store.recentEntries(in: Sample.chat, before: nil, limit: 100).map { "\($0)" }
        for person in ["ana", "ben"] { result += try await store.memories(of: PersonID(rawValue: person), limit: 10).map { "\($0)" } }
        result.append("\(String(describing: try await store.cursor(for: Sample.chat.channel)))")
        result.append("\(String(describing: try await store.mode(of: Sample.chat)))")
        result += try await store.grants().map { "\($0)" }
        result += try await store.killSwitches().map { "\($0)" }
        return result
    }

    @Test("Every sealed column of the database is one that is moved to new keys")
    func coverage() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let columns = try await store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT t.name AS t, c.name AS c FROM sqlite_master t, pragma_table_info(t.name) c
                    WHERE t.type = 'table' AND t.name NOT LIKE '%index%' AND upper(c.type) = 'BLOB'
                    """
            ).map { "\($0["t"] as String).\($0["c"] as String)" }
        }
        // Keyed hashes, not sealed.
        let hashes: Set = ["dedupe", "conversation", "key", "channel", "person"]
        let sealed = Set(columns.filter { !hashes.contains($0.split(separator: ".").last.map(String.init) ?? "") })
        #expect(sealed == Set(SealedTable.all.flatMap { table in table.sealed.map { "\(table.name).\($0)" } }))
        try await store.close()
    }

    @Test("A database from before there was a ring opens under the ring that adopts its key")
    func adoption() async throws {
        let scratch = try Scratch()
        let plain = KeyedSealer(masterKey: try await MasterKey.file(scratch.folder + "/master"))
        let old = try await SQLiteStore(path: scratch.database, sealer: plain, logger: Logger(label: "test"))
        try await fill(old, person: "ana", "apple")
        let before = try await contents(old)
        try await old.close()
        let ring = try await ring(scratch, missing: .adoptMasterKey)
        let store = try await open(scratch, ring)
        #expect(try await contents(store) == before)
        try await store.close()
    }
}
