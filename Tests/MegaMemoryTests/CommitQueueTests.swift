// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import GRDB
import MegaCore
@testable import MegaMemory
import Testing

@Suite("Writes of many tasks share transactions")
struct CommitQueueTests {
    @Test("A thousand messages at once need far fewer transactions, and all are there")
    func groups() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let before = store.commitStatistics
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<1000 { group.addTask { try await store.take(Sample.message("m\(number)")) } }
            try await group.waitForAll()
        }
        let after = store.commitStatistics
        #expect(after.operations - before.operations >= 1000)
        #expect(after.transactions - before.transactions <= 500)
        #expect(try await store.turnCounts() == [.received: 1000])
        try await store.close()
    }

    @Test("A write that fails is undone alone; its neighbours in the same transaction stay")
    func isolatesFailures() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let failures = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<200 {
                group.addTask {
                    if number % 10 != 0 {
                        try await store.take(Sample.message("m\(number)"))
                        return 0
                    }
                    do {
                        try await store.write { database in
                            try database.run(
                                "INSERT INTO cursors (channel, payload) VALUES (?, ?)", [Data([UInt8(number)]), Data()])
                            throw StoreError(.unavailable, reason: "on purpose")
                        }
                        return 0
                    } catch let error as StoreError where error.code == .unavailable {
                        return 1
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(failures == 20)
        #expect(try await store.turnCounts() == [.received: 180])
        #expect(try await store.read { try $0.row("SELECT COUNT(*) AS n FROM cursors")?["n"] as Int? } == 0)
        try await store.close()
    }

    @Test("Writes that end the whole transaction do not take their neighbours along")
    func survivesLostTransaction() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let failures = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<60 {
                group.addTask {
                    if number % 10 != 5 {
                        try await store.take(Sample.message("m\(number)"))
                        return 0
                    }
                    do {
                        try await store.write { database in
                            try database.execute(sql: "ROLLBACK")
                            throw StoreError(.unavailable, reason: "on purpose")
                        }
                        return 0
                    } catch is StoreError {
                        return 1
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(failures == 6)
        #expect(try await store.turnCounts() == [.received: 54])
        try await store.close()
    }

    @Test("Writes with full durability by default, foreign keys on, the log in write-ahead mode")
    func settings() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let settings = try await store.commits.perform { database in
            try ["synchronous", "foreign_keys", "secure_delete", "temp_store"].map {
                try Int.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(settings == [2, 1, 1, 2])
        #expect(try await store.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        try await store.close()
    }

    @Test("A full disk is a clear error; nothing is half written, and the store works again when there is room")
    func diskFull() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open(options: .init(maximumSize: 400 << 10))
        var taken = 0
        var failure: StoreError?
        while failure == nil, taken < 2000 {
            do {
                try await store.take(Sample.message("m\(taken)", String(repeating: "x", count: 2000)))
                taken += 1
            } catch let error as StoreError {
                failure = error
            }
        }
        #expect(failure?.code == .diskFull)
        #expect(failure?.reason.contains("free some space") == true)
        #expect(taken > 10)
        #expect(try await store.turnCounts() == [.received: taken])
        #expect(try await store.recentEntries(in: Sample.chat, before: nil, limit: 5000).count == taken)

        try await store.commits.perform { try $0.execute(sql: "SAVEPOINT keep; RELEASE keep") }
        try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        try await store.take(Sample.message("m\(taken)", String(repeating: "x", count: 2000)))
        #expect(try await store.turnCounts() == [.received: taken + 1])
        try await store.close()
    }

    @Test("Closing waits for the writes under way")
    func closing() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<100 {
                group.addTask { await code { try await store.take(Sample.message("m\(number)")) } == nil }
            }
            group.addTask {
                _ = await code { try await store.close() }
                return false
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let reopened = try await scratch.open()
        #expect(try await reopened.turnCounts()[.received, default: 0] == results.count { $0 })
        try await reopened.close()
    }
}

@Suite("Search terms")
struct SearchTermsTests {
    @Test(
        "Text becomes comparable words",
        arguments: [
            ("The cats' toys were RUNNING quickly", ["cat", "toi", "run", "quick"]),
            ("Don't panic: 42 answers, 3.14", ["panic", "42", "answer", "3", "14"]),
            ("naïve cafés, Über-Größe", ["naiv", "caf", "uber", "große"]),
            ("我喜欢茶 ok", ["我喜", "喜欢", "欢茶", "ok"]),
            ("", []), ("?! …", []), ("the of and", []),
        ])
    func terms(_ text: String, _ expected: [String]) { #expect(SearchTerms.terms(of: text) == expected) }

    @Test("Any text gives bounded, lower-case terms")
    func anyText() {
        var state: UInt64 = 7
        for _ in 0..<500 {
            var view = String.UnicodeScalarView()
            for _ in 0..<200 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                if let scalar = Unicode.Scalar(UInt32(state >> 40) % 0x30000) { view.append(scalar) }
            }
            let terms = SearchTerms.terms(of: String(view), limit: 50)
            #expect(terms.count <= 50)
            #expect(terms.allSatisfy { !$0.isEmpty && $0.unicodeScalars.count <= 64 })
        }
    }
}
