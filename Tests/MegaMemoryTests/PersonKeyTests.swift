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
                [.toolOutcome(callID: "x", ToolOutcome(.succeeded, text: "\(word) done"))], to: turn.id, state: .running, at: Sample.now)
            if number == 1 {
                try await store.save(request(turn.id, person, word))
                try await store.fail(turn.id, reason: "no luck with \(word)", notice: Sample.reply("n-\(person)", "no \(word)"), at: Sample.now)
            } else {
                let reply = Sample.reply("r-\(person)-\(number)", "\(word) answered")
                try await store.finish(turn.id, journal: [], replies: [reply], at: Sample.now)
                try await store.markDelivered([
                    Delivery(message: reply.id, receipt: DeliveryReceipt(platformMessageID: nil, deliveredAt: Sample.now))
                ])
            }
        }
        // To nobody's turn; it belongs to who wrote last here.
        try await store.enqueue([Sample.reply("p-\(person)", "\(word) by the way"), Sample.reply("d-\(person)", "\(word) given up")], at: Sample.now)
        try await store.reschedule("p-\(person)", dueAt: Sample.now, error: "\(word) away", countsAsAttempt: true)
        try await store.deadLetter("d-\(person)", error: "\(word) gone", at: Sample.now)
        try await store.save(
            Memory(id: "m", person: person, kind: .fact, text: "\(word) remembered", trust: .owner, source: nil, createdAt: Sample.now))
        try await store.setMode(.plan, of: Sample.chat)
        try await store.setKillSwitches([KillSwitch(scope: .channel("websocket"), by: person, at: Sample.now, reason: "no more today")])
        try await store.save(
            ApprovalGrant(
                id: "g-\(person)", scope: GrantScope(tool: "run", commands: [], folder: "/tmp/\(word) 1:2"), person: person, conversation: Sample.chat,
                grantedBy: "owner", approval: ApprovalRequest.ID(rawValue: "0001"), createdAt: Sample.now,
                expiresAt: Sample.now.addingTimeInterval(600), usesAllowed: 3))
    }

    private func request(_ turn: TurnID, _ person: PersonID, _ word: String) -> ApprovalRequest {
        ApprovalRequest(
            id: .init(rawValue: "a-\(person)"), shortCode: "1234", turn: turn, callID: "c", conversation: Sample.chat, requester: person,
            tool: "run", arguments: ["command": .string("echo \(word)")], preview: ActionPreview(summary: "echo \(word)"), reason: word,
            createdAt: Sample.now, expiresAt: Sample.now)
    }

    /// Everything in the database's file that opens under the ring, as text, and every word of the index as it stands there.
    private func readable(_ store: SQLiteStore) async throws -> (texts: [String], words: Set<String>) {
        let codec = store.codec
        return try await store.read { database in
            var texts: [String] = []
            for table in SealedTable.all {
                var last: Int64 = 0
                while let found = try table.rows(after: last, limit: 100, database, codec) {
                    last = found.last
                    for value in found.rows.flatMap(\.values) {
                        if let opened = try codec.unlessForgotten({ try codec.sealer.open(Array(value.sealed), context: value.context) }) {
                            texts.append("\(table.name).\(value.column): " + String(decoding: opened, as: UTF8.self))
                        }
                    }
                }
            }
            let words = try ["line_terms", "memory_terms"].flatMap { try String.fetchAll(database, sql: "SELECT term FROM \($0)") }
            return (texts, Set(words))
        }
    }

    @Test("In a copy made before somebody was forgotten no value and no word of the index is left that any key of the ring leads to")
    func nothingIsLeft() async throws {
        let scratch = try Scratch()
        let ring = try await ring(scratch)
        var store = try await open(scratch, ring)
        try await fill(store, person: "ana", "apple")
        try await fill(store, person: "ben", "banana")
        #expect(try await store.searchEntries(in: Sample.chat, matching: "apple", limit: 20).count == 8)
        #expect(try await store.searchEntries(in: Sample.chat, matching: "banana answered", limit: 2).map(\.text) == ["banana answered", "banana answered"])
        let all = try await readable(store)
        // Whatever holds the word is found at all: turns, why one failed, journal, outbox and its errors, requests, grants, lines, memories.
        let places = Set(all.texts.filter { $0.contains("apple") }.map { String($0.prefix { $0 != ":" }) })
        #expect(
            places == [
                "turns.payload", "turns.failure", "journal.payload", "outbox.payload", "outbox.error", "approvals.payload", "grants.payload",
                "lines.payload", "memories.payload",
            ])
        let ana = SearchIndex.terms(of: "apple", by: try await ring.sealer(for: "ana"))
        #expect(all.words.isSuperset(of: ana))
        try await store.close()
        let backup = scratch.folder + "/backup.db"
        for end in ["", "-wal"] where FileManager.default.fileExists(atPath: scratch.database + end) {
            try FileManager.default.copyItem(atPath: scratch.database + end, toPath: backup + end)
        }
        store = try await open(scratch, ring)
        try await store.forgetPerson("ana", at: Sample.now)
        let left = try await readable(store)
        #expect(!left.texts.contains { $0.contains("apple") } && left.texts.contains { $0.contains("banana") })
        #expect(left.words.isDisjoint(with: ana))
        try await store.close()

        let copy = try await open(scratch, ring, at: backup)
        let inCopy = try await readable(copy)
        #expect(!inCopy.texts.contains { $0.contains("apple") } && inCopy.texts.contains { $0.contains("banana") })
        for sealer in [ring.sealer, try await ring.sealer(for: "ben"), try await ring.sealer(for: "ana")] {
            #expect(inCopy.words.isDisjoint(with: SearchIndex.terms(of: "apple", by: sealer)))
        }
        // Whoever restores the copy can work with it.
        #expect(try await copy.pendingOutbox(limit: 1).map(\.message.id) == ["n-ben"])
        #expect(try await copy.deadLetters(limit: 9).map(\.message.id) == ["d-ben"])
        #expect(try await copy.recentApprovals(limit: 9).map(\.requester) == ["ben"])
        #expect(try await copy.grants().map(\.person) == ["ben"])
        #expect(try await copy.deleteForgotten() > 10)
        #expect(try await copy.deleteForgotten() == 0)
        #expect(try await copy.searchEntries(in: Sample.chat, matching: "banana", limit: 20).count == 8)
        try await copy.close()
    }

    @Test("What is still written to the turn of somebody who was forgotten is not kept, and stops nothing")
    func forgottenAtWork() async throws {
        let scratch = try Scratch()
        let ring = try await ring(scratch)
        let store = try await open(scratch, ring)
        guard case .accepted(let turn) = try await store.record(Sample.message("m1", "apple"), from: "ana", cursor: nil, at: Sample.now),
            case .accepted(let other) = try await store.record(Sample.message("m2", "apple"), from: "ana", cursor: nil, at: Sample.now)
        else { throw CommandError("duplicates") }
        try await store.begin(turn.id, at: Sample.now)
        try await store.enqueue([Sample.reply("w", "apple")], at: Sample.now)
        // Another process does it.
        try await ring.forget("ana")
        try await store.append([.toolOutcome(callID: "x", ToolOutcome(.succeeded, text: "apple"))], to: turn.id, state: .running, at: Sample.now)
        try await store.save(request(turn.id, "ana", "apple"))
        try await store.reschedule("w", dueAt: Sample.now, error: "apple", countsAsAttempt: true)
        try await store.finish(turn.id, journal: [.modelReply(ModelReply(text: "apple"))], replies: [Sample.reply("r", "apple")], at: Sample.now)
        try await store.fail(other.id, reason: "apple", notice: Sample.reply("n", "apple"), at: Sample.now)
        #expect(try await readable(store).texts.filter { $0.contains("apple") } == [])
        #expect(ring.status.people == 0)
        #expect(try await store.pendingOutbox(limit: 1).isEmpty)
        #expect(try await store.pendingApprovals().isEmpty)
        #expect(try await store.deleteForgotten() > 0)
        // The message that was on its way arrives.
        try await store.markDelivered([Delivery(message: "w", receipt: DeliveryReceipt(deliveredAt: Sample.now))])
        // She comes back.
        try await fill(store, person: "ana", "cherry")
        #expect(try await store.searchEntries(in: Sample.chat, matching: "cherry", limit: 20).count == 8)
        try await store.close()
    }

    @Test("A database of the version before moves what belongs to people, and the words of the index, under their keys")
    func ownership() async throws {
        let scratch = try Scratch()
        let ring = try await ring(scratch)
        let codec = RecordCodec(sealer: ring.sealer)
        let ana = try await ring.sealer(for: "ana")
        // As the version before wrote it: her own words under her keys, everything else under the common ones.
        let message = Sample.message("m1", "apple asked")
        let (dedupe, chat) = (codec.key(message), codec.key(Sample.chat))
        let turn = TurnID(rawValue: 1)
        let payload = try codec.seal(TurnPayload(message: message, person: "ana"), TurnRecord.context(dedupe, codec), by: ana)
        let failure = try codec.seal(text: "apple failed", TurnRecord.failureContext(turn))
        let asked = try #require(try LineRecord(LogEntry(of: message, turn: nil), codec, by: ana))
        let answers = try ["apple answered", "apple too"].map { text in
            try #require(
                try LineRecord(
                    LogEntry(conversation: Sample.chat, role: .assistant, text: text, trust: .tool, timestamp: Sample.now), codec))
        }
        let journal = try codec.seal([JournalEntry.modelReply(ModelReply(text: "apple"))], "journal/\(turn)")
        var reply = Sample.reply("r1", "apple answered")
        reply.turn = turn
        let outbox = try OutboxRecord(reply, at: Sample.now, codec, by: codec.sealer)
        let request = request(turn, "ana", "apple")
        let approval = codec.key(request.id)
        let sealedRequest = try codec.seal(request, "approvals/\(codec.hex(approval))")
        let memory = Memory(id: "1", person: "ana", text: "apple liked", trust: .owner, createdAt: Sample.now)
        let memoryKey = codec.key(memory: "1", of: "ana")
        let sealedMemory = try codec.seal(memory, "memories/\(codec.hex(memoryKey))")
        let common = SearchIndex.terms(of: "apple", by: codec.sealer)
        let old = try DatabaseQueue(path: scratch.database)
        try Schema.migrator(upTo: "3-approvals").migrate(old)
        try await old.write { database in
            #expect(try !database.tableExists("line_owners"))
            try database.execute(
                sql: "INSERT INTO turns (dedupe, conversation, state, received, updated, payload, failure) VALUES (?, ?, 5, 1, 1, ?, ?)",
                arguments: [dedupe, chat, payload, failure])
            try asked.insert(database, turn: turn)
            try answers[0].insert(database, turn: turn)
            // The turn of this one was deleted long ago.
            try answers[1].insert(database, turn: TurnID(rawValue: 77))
            try database.execute(sql: "INSERT INTO journal (turn, step, payload) VALUES (1, 1, ?)", arguments: [journal])
            try database.execute(
                sql: "INSERT INTO outbox (key, conversation, turn, state, due, payload) VALUES (?, ?, 1, 0, 1, ?)",
                arguments: [outbox.key, chat, outbox.payload])
            try database.execute(
                sql: "INSERT INTO approvals (key, turn, conversation, open, payload) VALUES (?, 1, ?, 1, ?)",
                arguments: [approval, chat, sealedRequest])
            try database.execute(
                sql: "INSERT INTO memories (key, person, created, payload) VALUES (?, ?, 1, ?)",
                arguments: [memoryKey, codec.key("ana" as PersonID), sealedMemory])
            for row in 1...3 { try SearchIndex.lines.add(Int64(row), common[0], in: codec.hex(chat), database) }
            try database.execute(sql: "UPDATE meta SET value = 3 WHERE name = 'lines indexed'")
        }
        try old.close()

        var store = try await open(scratch, ring)
        let before = try await contents(store)
        #expect(try await store.searchEntries(in: Sample.chat, matching: "apple", limit: 9).count == 3)
        try await store.beginResealing(to: ring.status.keysName)
        while try await !store.resealNext(limit: 1).isComplete {
            #expect(try await store.searchEntries(in: Sample.chat, matching: "apple", limit: 9).count == 3)
            #expect(try await store.recall("apple", of: "ana", limit: 9).count == 1)
        }
        #expect(try await store.resealNext(limit: 1).unreadable == 0)
        #expect(try await contents(store) == before)
        #expect(try await readable(store).words.isDisjoint(with: common))
        try await store.close()
        store = try await open(scratch, ring)
        // No more is to be done, and there is none left once she is forgotten.
        try await store.beginResealing(to: ring.status.keysName)
        #expect(try await store.resealNext(limit: 1).isComplete)
        try await ring.forget("ana")
        #expect(try await readable(store).texts.filter { $0.contains("apple") } == [])
        try await store.close()
    }

    @Test("Strangers' and many people's lines in one conversation are found by their words")
    func manyOwners() async throws {
        let scratch = try Scratch()
        let ring = try await ring(scratch)
        let store = try await open(scratch, ring)
        for number in 0..<40 {
            var message = Sample.message("m\(number)", number % 2 == 0 ? "green apples" : "green pears")
            if number >= 36 { message.trust = .unknown }
            _ = try await store.record(message, from: PersonID(rawValue: "p\(number)"), cursor: nil, at: Sample.now)
        }
        #expect(ring.status.people == 36)
        #expect(try await store.searchEntries(in: Sample.chat, matching: "green apple", limit: 20).allSatisfy { $0.text == "green apples" })
        #expect(try await store.searchEntries(in: Sample.chat, matching: "green apple", limit: 100).count == 40)
        #expect(try await store.searchEntries(in: Sample.chat, matching: "blue", limit: 100).isEmpty)
        try await store.close()
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
            #expect(try await store.searchEntries(in: Sample.chat, matching: "banana", limit: 20).count == 8)
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
        #expect(try await store.beginResealing(to: ring.status.keysName))
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
        #expect(try await !reopened.beginResealing(to: ring.status.keysName))
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
        let hashes: Set = ["dedupe", "conversation", "key", "channel", "person", "owner"]
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
