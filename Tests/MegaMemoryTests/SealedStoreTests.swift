// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import GRDB
import MegaCore
@testable import MegaMemory
import MegaSecurity
import Testing

@Suite("Nothing readable reaches the disk")
struct SealedStoreTests {
    @Test("A canary typed anywhere is found in no file, while open and after closing")
    func canary() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let canary = "xylophone"
        try await store.run("id-\(canary)", "I said \(canary)", answer: "you said \(canary)")
        let turn = try await store.take(Sample.message("two-\(canary)", "\(canary) DECISION"), cursor: "cursor-\(canary)")
        try await store.begin(turn, at: Sample.now)
        let intent = JournalEntry.toolIntent(callID: canary, tool: canary, isIdempotent: false)
        try await store.append(
            [intent, .toolOutcome(callID: canary, ToolOutcome(.failed, text: canary))], to: turn, state: .running, at: Sample.now)
        try await store.save(
            ApprovalRequest(
                id: .init(rawValue: canary), shortCode: canary, turn: turn, callID: canary, conversation: Sample.chat,
                requester: "xylophone",
                tool: canary, arguments: ["a": "xylophone"], preview: ActionPreview(summary: canary), reason: canary,
                createdAt: Sample.now, expiresAt: Sample.now))
        try await store.enqueue([Sample.reply("out-\(canary)", canary), Sample.reply("dead-\(canary)", canary)], at: Sample.now)
        try await store.reschedule("out-\(canary)", dueAt: Sample.now, error: canary, countsAsAttempt: true)
        try await store.deadLetter("dead-\(canary)", error: canary, at: Sample.now)
        try await store.fail(turn, reason: canary, notice: Sample.reply("n-\(canary)", canary), at: Sample.now)
        try await store.save(
            Memory(id: canary, person: "xylophone", text: "remember \(canary)", trust: .owner, createdAt: Sample.now))
        #expect(try await store.recall(canary, of: "xylophone", limit: 5).count == 1)
        #expect(try await store.searchEntries(in: Sample.chat, matching: canary, limit: 9).count >= 3)

        func scan() throws {
            let files = try scratch.bytes()
            #expect(files["store.db"] != nil)
            for (name, bytes) in files {
                for needle in [canary, "XYLOPHONE", "xylophon"] {
                    #expect(bytes.range(of: Data(needle.utf8)) == nil, "\(needle) in \(name)")
                }
            }
        }
        #expect(try scratch.bytes()["store.db-wal"]?.isEmpty == false)
        try scan()
        try await store.close()
        try scan()
    }

    @Test("The files belong to this user alone")
    func modes() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open(at: scratch.folder + "/new/store.db")
        try await store.run("m1")
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(scratch.folder + "/new") == 0o700)
        for name in ["store.db", "store.db-wal", "store.db-shm", "store.db.lock"] {
            #expect(try mode(scratch.folder + "/new/" + name) == 0o600, "\(name)")
        }
        try await store.close()
    }

    @Test("A value copied to another row does not open there")
    func movedValue() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let first = try await store.take(Sample.message("m1", "first"))
        let second = try await store.take(Sample.message("m2", "second"))
        try await store.write {
            try $0.run(
                "UPDATE turns SET payload = (SELECT payload FROM turns WHERE id = ?) WHERE id = ?",
                [first.rawValue, second.rawValue])
        }
        await #expect(throws: SealError.self) { try await store.turn(second) }
        #expect(try await store.turn(first)?.message.text == "first")
        try await store.close()
    }
}

@Suite("Everything is there again after closing and opening")
struct ReopeningTests {
    @Test("Turns, journal, outbox, approvals, cursors, lines and memories survive")
    func survives() async throws {
        let scratch = try Scratch()
        var store = try await scratch.open()
        let turn = try await store.take(Sample.message("m1", "the hat is blue"), cursor: "7")
        try await store.begin(turn, at: Sample.now)
        try await store.append(
            [.toolIntent(callID: "c", tool: "t", isIdempotent: true)], to: turn, state: .waitingApproval, at: Sample.now)
        try await store.enqueue([Sample.reply("o1")], at: Sample.now)
        try await store.save(Memory(id: "1", person: "p", text: "hats are nice", trust: .owner, createdAt: Sample.now))
        let before = try await store.turn(turn)
        try await store.close()
        #expect(await code { try await store.take(Sample.message("late")) } == .closed)
        #expect(await code { _ = try await store.turn(turn) } == .closed)

        store = try await scratch.open()
        #expect(try await store.unfinishedTurns(in: [.waitingApproval], limit: 9) == [before])
        #expect(try await store.journal(of: turn) == [.toolIntent(callID: "c", tool: "t", isIdempotent: true)])
        #expect(try await store.pendingOutbox(limit: 9).map(\.message.id) == ["o1"])
        #expect(try await store.cursor(for: Sample.chat.channel) == "7")
        #expect(try await store.searchEntries(in: Sample.chat, matching: "hats", limit: 9).count == 1)
        #expect(try await store.recall("hat", of: "p", limit: 9).count == 1)
        try await store.close()
    }

    @Test("A copy of the files taken in mid-flight has every acknowledged write")
    func copyInFlight() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        // Acknowledged before the copy begins, while other writes go on during the copy.
        let acknowledged = try await withThrowingTaskGroup(of: TurnID.self) { group in
            for number in 0..<200 { group.addTask { try await store.take(Sample.message("m\(number)")) } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        let copy = try Scratch()
        for name in ["store.db", "store.db-wal"] {
            try FileManager.default.copyItem(atPath: scratch.folder + "/" + name, toPath: copy.folder + "/" + name)
        }
        let opened = try await copy.open(key: scratch.key)
        let found = Set(try await opened.unfinishedTurns(in: [.received], limit: 1000).map(\.id))
        #expect(found == acknowledged)
        try await opened.close()
        try await store.close()
    }

    @Test("A half-written end of the log is left out, everything before it stays")
    func tornLog() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let first = try await store.take(Sample.message("m1"))
        let copy = try Scratch()
        var log = try Data(contentsOf: URL(fileURLWithPath: scratch.database + "-wal"))
        log.append(contentsOf: (0..<3000).map { UInt8(truncatingIfNeeded: $0) })
        try FileManager.default.copyItem(atPath: scratch.database, toPath: copy.database)
        try log.write(to: URL(fileURLWithPath: copy.database + "-wal"))
        let opened = try await copy.open(key: scratch.key)
        #expect(try await opened.turn(first)?.message.text == "hello")
        try await opened.run("m2")
        try await opened.close()
        try await store.close()
    }
}
