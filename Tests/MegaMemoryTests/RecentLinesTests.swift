// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
@testable import MegaMemory
import Testing

@Suite("The newest lines kept in memory")
struct RecentLinesTests {
    private let key = Data("chat".utf8)
    private let other = Data("other".utf8)

    private func entry(_ number: Int, text: String? = nil) -> LogEntry {
        LogEntry(
            conversation: Sample.chat, role: .person, text: text ?? "line \(number)", trust: .owner, timestamp: Sample.now,
            turn: TurnID(rawValue: Int64(number)))
    }

    private func tail(_ numbers: ClosedRange<Int>, isWhole: Bool = true, text: String? = nil) -> RecentLines.Tail {
        var tail = RecentLines.Tail(isWhole: isWhole)
        tail.lines = numbers.map { (Int64($0), entry($0, text: text)) }
        return tail
    }

    @Test("What was kept is known until its conversation is forgotten")
    func forgetting() {
        let lines = RecentLines()
        lines.keep(tail(1...3), of: key, since: lines.known(key))
        lines.keep(tail(4...5), of: other, since: lines.known(other))
        #expect(lines.known(key).tail?.lastID == 3)
        lines.forget(key)
        #expect(lines.known(key).tail == nil)
        #expect(lines.known(other).tail?.lastID == 5)
    }

    @Test("A read that began before a clear, or while it ran, leaves nothing behind")
    func clearDuringRead() {
        let lines = RecentLines()
        let before = lines.known(key)
        lines.forget(key)
        lines.keep(tail(1...3), of: key, since: before)
        #expect(lines.known(key).tail == nil)
        // Begun after the first of the two calls a clear makes, kept before the second.
        let during = lines.known(key)
        lines.keep(tail(1...3), of: key, since: during)
        lines.forget(key)
        #expect(lines.known(key).tail == nil)
        // And kept after the second.
        lines.keep(tail(1...3), of: key, since: during)
        #expect(lines.known(key).tail == nil)
    }

    @Test("A slower read does not replace what a quicker one saw after it")
    func slowerRead() {
        let lines = RecentLines()
        let known = lines.known(key)
        lines.keep(tail(1...9), of: key, since: known)
        lines.keep(tail(1...4), of: key, since: known)
        #expect(lines.known(key).tail?.lastID == 9)
    }

    @Test("A long tail is cut to its newest lines and says that it is not whole")
    func trimming() throws {
        let lines = RecentLines()
        let longest = RecentLines.length + RecentLines.length / 4
        lines.keep(tail(1...longest), of: key, since: lines.known(key))
        #expect(lines.known(key).tail?.lines.count == longest)
        lines.keep(tail(1...longest + 1), of: key, since: lines.known(key))
        let kept = try #require(lines.known(key).tail)
        #expect(kept.lines.count == RecentLines.length && !kept.isWhole)
        #expect(kept.lastID == Int64(longest + 1))
        #expect(kept.entries(before: .max, limit: RecentLines.length)?.count == RecentLines.length)
        // It cannot tell what lies before its first line.
        #expect(kept.entries(before: .max, limit: RecentLines.length + 1) == nil)
        #expect(kept.entries(before: 3, limit: 1) == nil)
    }

    @Test("A whole tail answers for everything, one that is not only for what it holds")
    func reach() {
        #expect(tail(1...3).entries(before: .max, limit: 200)?.map(\.text) == ["line 1", "line 2", "line 3"])
        #expect(tail(1...3).entries(before: 3, limit: 200)?.map(\.text) == ["line 1", "line 2"])
        #expect(tail(1...3).entries(before: .max, limit: 2)?.map(\.text) == ["line 2", "line 3"])
        #expect(tail(1...3, isWhole: false).entries(before: .max, limit: 200) == nil)
        #expect(tail(1...3, isWhole: false).entries(before: .max, limit: 3)?.count == 3)
    }

    @Test("Past the bound on memory the other conversations are dropped, and the newest one stays")
    func eviction() {
        let lines = RecentLines()
        let large = String(repeating: "x", count: 3 << 20)
        let keys = (1...3).map { Data("chat \($0)".utf8) }
        for key in keys.prefix(2) { lines.keep(tail(1...1, text: large), of: key, since: lines.known(key)) }
        // Kept again: it counts once.
        lines.keep(tail(1...1, text: large), of: keys[1], since: lines.known(keys[1]))
        #expect(lines.known(keys[0]).tail != nil && lines.known(keys[1]).tail != nil)
        lines.keep(tail(1...1, text: large), of: keys[2], since: lines.known(keys[2]))
        #expect(lines.known(keys[0]).tail == nil && lines.known(keys[1]).tail == nil)
        #expect(lines.known(keys[2]).tail != nil)
        // Forgetting gives the room back.
        lines.forget(keys[2])
        for key in keys.prefix(2) { lines.keep(tail(1...1, text: large), of: key, since: lines.known(key)) }
        #expect(lines.known(keys[0]).tail != nil && lines.known(keys[1]).tail != nil)
    }

    @Test("Reads that run beside clears never see a cleared line afterwards")
    func concurrentReads() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        for round in 1...12 {
            try await store.run("m\(round)", "secret \(round)", answer: "answer \(round)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { _ = try await store.recentEntries(in: Sample.chat, before: nil, limit: 200) } }
                group.addTask { _ = try await store.clear(Sample.chat) }
                for _ in 0..<6 { group.addTask { _ = try await store.recentEntries(in: Sample.chat, before: nil, limit: 200) } }
                try await group.waitForAll()
            }
            #expect(try await store.recentEntries(in: Sample.chat, before: nil, limit: 200).isEmpty)
        }
        try await store.close()
    }
}
