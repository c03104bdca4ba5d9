// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import GRDB
import MegaCore
@testable import MegaMemory
import MegaSecurity
import Testing

@Suite("Opening a database that is not as it should be")
struct OpeningTests {
    @Test("A database of the first version is brought up to date, and its lines and memories become searchable")
    func upgrades() async throws {
        let scratch = try Scratch()
        let codec = RecordCodec(sealer: KeyedSealer(masterKey: scratch.key))
        let old = try DatabaseQueue(path: scratch.database)
        try Schema.migrator(upTo: "1-ledger").migrate(old)
        let memory = Memory(id: "1", person: "p", text: "green hats", trust: .owner, createdAt: Sample.now)
        let key = codec.key(memory: "1", of: "p")
        let sealed = try codec.seal(memory, "memories/\(codec.hex(key))")
        let line = try LineRecord(LogEntry(of: Sample.message("m", "an old hat"), turn: nil), codec)
        try await old.write { database in
            #expect(try !database.tableExists("line_index"))
            try line?.insert(database, turn: nil)
            try database.execute(
                sql: "INSERT INTO memories (key, person, created, payload) VALUES (?, ?, 1, ?)",
                arguments: [key, codec.key("p" as PersonID), sealed])
        }
        try old.close()

        for _ in 0..<2 {
            let store = try await scratch.open()
            #expect(try await store.recall("hat", of: "p", limit: 9).map(\.memory) == [memory])
            #expect(try await store.searchEntries(in: Sample.chat, matching: "hats", limit: 9).map(\.text) == ["an old hat"])
            try await store.close()
        }
    }

    @Test("A database of the version before keeps its open requests, takes grants and kill switches, and keeps those")
    func upgradesApprovals() async throws {
        let scratch = try Scratch()
        let codec = RecordCodec(sealer: KeyedSealer(masterKey: scratch.key))
        let old = try DatabaseQueue(path: scratch.database)
        try Schema.migrator(upTo: "2-search").migrate(old)
        let request = ApprovalRequest(
            id: .init(rawValue: "f00"), shortCode: "AB12", turn: TurnID(rawValue: 1), callID: "c", conversation: Sample.chat, requester: "p", tool: "run",
            arguments: ["a": 1], preview: ActionPreview(summary: "ls", bindings: ["folder": "/w 1:2"]), reason: "asks", createdAt: Sample.now,
            expiresAt: Sample.now + 60)
        // The record as the version before wrote it.
        let new: Set<String> = [
            "card", "effects", "influence", "kind", "digest", "approvers", "separatesDuties", "votes", "proposal", "escalations", "decidedAt", "usedAt",
        ]
        var record = try #require(JSONSerialization.jsonObject(with: JSONEncoder().encode(request)) as? [String: Any]).filter { !new.contains($0.key) }
        var preview = try #require(record["preview"] as? [String: Any])
        preview["programs"] = nil
        record["preview"] = preview
        let key = codec.key(request.id)
        let sealed = Data(
            try codec.sealer.seal(Array(JSONSerialization.data(withJSONObject: record)), context: "approvals/\(codec.hex(key))"))
        try await old.write { database in
            #expect(try !database.tableExists("grants"))
            try database.execute(
                sql: "INSERT INTO approvals (key, turn, conversation, open, payload) VALUES (?, 1, ?, 1, ?)",
                arguments: [key, codec.key(Sample.chat), sealed])
        }
        try old.close()

        let grant = ApprovalGrant(
            id: "g1", scope: GrantScope(tool: "run", paths: ["/w"]), person: "p", conversation: Sample.chat, grantedBy: "o", approval: request.id,
            createdAt: Sample.now, expiresAt: Sample.now + 60, usesAllowed: 2)
        let kill = KillSwitch(scope: .tool("run"), by: "o", at: Sample.now)
        for round in 0..<2 {
            let store = try await scratch.open()
            let open = try await store.pendingApprovals()
            #expect(open.map(\.id) == [request.id])
            #expect(open.first?.preview.summary == "ls" && open.first?.digest == "")
            #expect(try await store.recentApprovals(limit: 9).count == 1)
            if round == 0 {
                try await store.save(grant)
                try await store.setKillSwitches([kill])
            }
            #expect(try await store.grants() == [grant])
            #expect(try await store.killSwitches() == [kill])
            try await store.close()
        }
    }

    @Test("A database of a newer version is refused and left as it is")
    func newerVersion() async throws {
        let scratch = try Scratch()
        try await scratch.open().close()
        let raw = try DatabaseQueue(path: scratch.database)
        try await raw.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99-future')") }
        try raw.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: scratch.database))
        let error = await #expect(throws: StoreError.self) { _ = try await scratch.open() }
        #expect(error?.code == .newerVersion)
        #expect(error?.reason.contains("newer MegaBot") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.database)) == before)
    }

    @Test("Another key is refused, the right one still works afterwards")
    func wrongKey() async throws {
        let scratch = try Scratch()
        var store = try await scratch.open()
        let turn = try await store.take(Sample.message("m1"))
        try await store.close()
        #expect(await code { _ = try await scratch.open(key: .random()) } == .wrongKey)
        store = try await scratch.open()
        #expect(try await store.turn(turn) != nil)
        try await store.close()
    }

    @Test("A second store on the same file is refused until the first is closed")
    func locked() async throws {
        let scratch = try Scratch()
        let first = try await scratch.open()
        #expect(await code { _ = try await scratch.open() } == .locked)
        try await first.run("m1")
        try await first.close()
        try await scratch.open().close()
    }

    @Test(
        "A file that is no database, another program's database and a folder are refused with a clear error",
        arguments: [0, 1, 2, 3])
    func notAStore(_ kind: Int) async throws {
        let scratch = try Scratch()
        switch kind {
        case 0: try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: scratch.database))
        case 1:
            let other = try DatabaseQueue(path: scratch.database)
            try await other.write { try $0.execute(sql: "CREATE TABLE other (a)") }
            try other.close()
        case 2: try FileManager.default.createDirectory(atPath: scratch.database, withIntermediateDirectories: false)
        default: try FileManager.default.createSymbolicLink(atPath: scratch.database, withDestinationPath: "/etc/hostname")
        }
        #expect(await code { _ = try await scratch.open() } == (kind < 2 ? .corrupt : .notPermitted))
    }

    @Test("A damaged page is an error of the read that meets it, not a crash")
    func damagedPage() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        for number in 0..<300 { try await store.take(Sample.message("m\(number)", String(repeating: "text ", count: 50))) }
        try await store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.database))
        for index in stride(from: 60_000, to: bytes.count, by: 97) { bytes[index] ^= 0x5A }
        try bytes.write(to: URL(fileURLWithPath: scratch.database))
        await #expect(throws: (any Error).self) {
            let damaged = try await scratch.open()
            for _ in try await damaged.recentTurns(limit: 1000, in: nil) {}
        }
    }

    @Test("A folder that cannot be written to is refused with what to do")
    func unwritableFolder() async throws {
        let scratch = try Scratch()
        // The kernel's own folder refuses new files to everybody, root included.
        let error = await #expect(throws: StoreError.self) { _ = try await scratch.open(at: "/proc/megabot/store.db") }
        #expect(error?.code == .notPermitted)
        #expect(error?.reason.contains("choose another") == true)
    }

    @Test("A read-only folder is refused", .enabled(if: geteuid() != 0, "root may write everywhere"))
    func readOnlyFolder() async throws {
        let scratch = try Scratch()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: scratch.folder)
        #expect(await code { _ = try await scratch.open() } == .notPermitted)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scratch.folder)
    }
}

@Suite("Closing while others read")
struct ClosingTests {
    @Test("reads under way end well, later ones are told that the store is closed")
    func reading() async throws {
        for _ in 0..<20 {
            let scratch = try Scratch()
            let store = try await scratch.open()
            _ = try await store.record(Sample.message("m1"), from: "ana", cursor: nil, at: Sample.now)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var reads = 0
                        do {
                            while true {
                                _ = try await store.recentTurns(limit: 1, in: nil)
                                reads += 1
                            }
                        } catch let error as StoreError where error.code == .closed {
                            return reads
                        }
                    }
                }
                try await store.close()
                for try await _ in group {}
            }
        }
    }
}
