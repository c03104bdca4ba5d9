// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import GRDB
import Logging
import MegaCore
@testable import MegaMemory
import MegaSecurity
import Synchronization
import Testing

/// Notes the areas (what stands before the first slash of a context), each of which has a key.
private struct AreaSealer: DataSealer {
    final class Areas: Sendable {
        private let known = Mutex<Set<String>>([])
        func withLock<Value: Sendable>(_ body: (inout Set<String>) -> Value) -> Value { known.withLock { body(&$0) } }
    }

    let base: KeyedSealer
    let areas = Areas()

    private func note(_ context: String) { areas.withLock { _ = $0.insert(String(context.prefix { $0 != "/" })) } }

    func seal(_ bytes: [UInt8], context: String) throws -> [UInt8] {
        note(context)
        return try base.seal(bytes, context: context)
    }

    func open(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        note(context)
        return try base.open(sealed, context: context)
    }

    func hash(_ bytes: [UInt8], context: String) -> [UInt8] {
        note(context)
        return base.hash(bytes, context: context)
    }
}

@Suite("The mode of a conversation")
struct ModeTests {
    @Test("It is there again after closing and opening, and after a crash")
    func reopening() async throws {
        let scratch = try Scratch()
        var store = try await scratch.open()
        try await store.setMode(.plan, of: Sample.chat)
        // What a crash would leave: the files as they are, without closing.
        let copy = try Scratch()
        for name in ["store.db", "store.db-wal"] {
            try FileManager.default.copyItem(atPath: scratch.folder + "/" + name, toPath: copy.folder + "/" + name)
        }
        let crashed = try await copy.open(key: scratch.key)
        #expect(try await crashed.mode(of: Sample.chat) == .plan)
        try await crashed.close()
        try await store.setMode(.ask, of: Sample.chat)
        try await store.close()
        store = try await scratch.open()
        #expect(try await store.mode(of: Sample.chat) == .ask)
        try await store.close()
        #expect(await code { try await store.setMode(.build, of: Sample.chat) } == .closed)
    }

    @Test("Neither the conversation nor the mode shows in a file, and equal modes look different", arguments: Mode.allCases)
    func sealed(_ mode: Mode) async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let other = ConversationID(platform: "test", chat: "chat-marimba")
        try await store.setMode(mode, of: Sample.chat)
        try await store.setMode(mode, of: other)
        let values = try await store.read {
            try Row.fetchAll($0, sql: "SELECT name, value FROM meta WHERE name LIKE 'mode %'").map { ($0["name"] as String, $0["value"] as Data) }
        }
        #expect(values.count == 2 && Set(values.map(\.1)).count == 2)
        for (name, value) in values {
            #expect(value.range(of: Data(mode.rawValue.utf8)) == nil)
            #expect(!name.contains("xylophone") && !name.contains("marimba"))
        }
        try await store.close()
        for (name, bytes) in try scratch.bytes() {
            for needle in ["xylophone", "marimba"] { #expect(bytes.range(of: Data(needle.utf8)) == nil, "\(needle) in \(name)") }
        }
    }

    @Test("What is sealed for many conversations needs no key of its own for each")
    func areas() async throws {
        let scratch = try Scratch()
        let sealer = AreaSealer(base: KeyedSealer(masterKey: scratch.key))
        let store = try await SQLiteStore(path: scratch.database, sealer: sealer, logger: Logger(label: "test"))
        var counts: [Int] = []
        for number in 0..<20 {
            let chat = ConversationID(platform: "test", chat: "chat \(number)")
            try await store.setMode(.plan, of: chat)
            try await store.run("m\(number)", in: chat)
            #expect(try await store.mode(of: chat) == .plan)
            // Brings the index up to date, which has areas of its own.
            #expect(try await store.searchEntries(in: chat, matching: "hello", limit: 9).count == 1)
            counts.append(sealer.areas.withLock { $0.count })
        }
        #expect(counts.last == counts.first)
        try await store.close()
    }

    @Test("A mode copied to another conversation does not open there")
    func moved() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let other = ConversationID(platform: "test", chat: "other")
        try await store.setMode(.ask, of: Sample.chat)
        let mine = try await store.read { try String.fetchOne($0, sql: "SELECT name FROM meta WHERE name LIKE 'mode %'") }
        try await store.setMode(.build, of: other)
        try await store.write {
            try $0.run(
                "UPDATE meta SET value = (SELECT value FROM meta WHERE name LIKE 'mode %' AND name <> ?) WHERE name = ?", [mine, mine])
        }
        await #expect(throws: SealError.self) { _ = try await store.mode(of: Sample.chat) }
        #expect(try await store.mode(of: other) == .build)
        try await store.close()
    }
}

@Suite("Reading a database that another store writes")
struct ReadingTests {
    private func reader(_ scratch: Scratch, key: MasterKey? = nil) async throws -> SQLiteStore {
        try await SQLiteStore(readingFrom: scratch.database, sealer: KeyedSealer(masterKey: key ?? scratch.key))
    }

    @Test("A reader sees everything acknowledged so far, while the writer goes on")
    func reads() async throws {
        let scratch = try Scratch()
        let writer = try await scratch.open()
        try await writer.run("m1", "the hat is blue")
        try await writer.setMode(.plan, of: Sample.chat)
        let reader = try await reader(scratch)
        #expect(try await reader.turnCounts() == [.delivered: 1])
        #expect(try await reader.mode(of: Sample.chat) == .plan)
        #expect(try await reader.recentEntries(in: Sample.chat, before: nil, limit: 9).map(\.text) == ["the hat is blue", "answer"])
        for number in 2...20 {
            let turn = try await writer.take(Sample.message("m\(number)"))
            #expect(try await reader.turn(turn)?.message.id == "m\(number)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 { group.addTask { try await writer.take(Sample.message("p\(number)")) } }
            for _ in 0..<50 { group.addTask { _ = try await reader.recentTurns(limit: 100, in: nil) } }
            try await group.waitForAll()
        }
        #expect(try await reader.turnCounts() == [.delivered: 1, .received: 69])
        try await reader.close()
        // The writer is not disturbed by the reader's end.
        try await writer.run("last")
        try await writer.close()
    }

    @Test("Writes through a reader are refused and change nothing")
    func refusesWrites() async throws {
        let scratch = try Scratch()
        let writer = try await scratch.open()
        let turn = try await writer.take(Sample.message("m1"))
        let reader = try await reader(scratch)
        #expect(await code { try await reader.take(Sample.message("m2")) } == .notPermitted)
        #expect(await code { try await reader.begin(turn, at: Sample.now) } == .notPermitted)
        #expect(await code { try await reader.setMode(.loki, of: Sample.chat) } == .notPermitted)
        #expect(try await writer.turnCounts() == [.received: 1])
        #expect(try await writer.mode(of: Sample.chat) == nil)
        try await reader.close()
        try await writer.close()
    }

    @Test("A missing database, another key and another program's file are refused, and nothing is made")
    func refusals() async throws {
        let scratch = try Scratch()
        #expect(await code { _ = try await reader(scratch) } == .notPermitted)
        #expect(try scratch.bytes().isEmpty)
        try await scratch.open().close()
        #expect(await code { _ = try await reader(scratch, key: .random()) } == .wrongKey)
        let foreign = try Scratch()
        let other = try DatabaseQueue(path: foreign.database)
        try await other.write { try $0.execute(sql: "CREATE TABLE other (a)") }
        try other.close()
        #expect(await code { _ = try await reader(foreign) } == .corrupt)
    }

    @Test("A database nobody has open can be read, and opened for writing beside the reader")
    func closed() async throws {
        let scratch = try Scratch()
        let first = try await scratch.open()
        try await first.run("m1")
        try await first.close()
        let reader = try await reader(scratch)
        #expect(try await reader.turnCounts() == [.delivered: 1])
        let second = try await scratch.open()
        try await second.run("m2")
        #expect(try await reader.turnCounts() == [.delivered: 2])
        try await second.close()
        try await reader.close()
    }
}
