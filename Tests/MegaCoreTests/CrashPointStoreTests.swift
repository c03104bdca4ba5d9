// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import MegaTesting
import Testing

@Suite("The store that fails on command")
struct CrashPointStoreTests {
    private struct Refused: Error {}

    private func message(_ id: String) -> InboundMessage {
        InboundMessage(
            id: id, conversation: InMemoryAdapter().conversation("main"), sender: Participant(id: "ana"), content: [.text("hi")],
            timestamp: .now, trust: .owner)
    }

    @Test("passes everything on and counts the writes")
    func counts() async throws {
        let base = InMemoryStore()
        let store = FaultyStore(base)
        guard case .accepted(let turn) = try await store.record(message("1"), from: "ana", cursor: "c", at: .now) else {
            Issue.record("not accepted")
            return
        }
        try await store.begin(turn.id, at: .now)
        try await store.finish(turn.id, journal: [], replies: [], at: .now)
        #expect(store.writes.map(\.kind) == [.record, .begin, .finish])
        #expect(store.writes.map(\.number) == [1, 2, 3])
        #expect(try await base.turn(turn.id)?.state == .delivered)
        #expect(try await store.cursor(for: message("1").conversation.channel) == "c")
        #expect(store.crash == nil)
    }

    @Test("a scripted failure is thrown once and changes nothing")
    func fails() async throws {
        let base = InMemoryStore()
        let store = FaultyStore(base) { $0.number == 1 ? .fail(Refused()) : nil }
        await #expect(throws: Refused.self) { try await store.record(message("1"), from: "ana", cursor: nil, at: .now) }
        #expect(try await base.turnCounts().isEmpty)
        _ = try await store.record(message("1"), from: "ana", cursor: nil, at: .now)
        #expect(try await base.turnCounts() == [.received: 1])
    }

    @Test("a crash before a write loses it, one after keeps it, and nothing comes back", arguments: [true, false])
    func crashes(before: Bool) async throws {
        let base = InMemoryStore()
        let store = FaultyStore(base, crashingAt: 2, before: before)
        _ = try await store.record(message("1"), from: "ana", cursor: nil, at: .now)
        let hanging = Task { [message = message("2")] in
            _ = try await store.record(message, from: "ana", cursor: nil, at: .now)
        }
        await store.waitForCrash()
        #expect(store.crash == StoreWriteExpectation.second(of: store))
        let reading = Task { try await store.turnCounts() }
        store.bury()
        await #expect(throws: CancellationError.self) { try await hanging.value }
        await #expect(throws: CancellationError.self) { try await reading.value }
        #expect(try await base.turnCounts() == [.received: before ? 1 : 2])
    }

    @Test("a call that hangs in a dead store ends with its task")
    func cancels() async throws {
        let store = FaultyStore(InMemoryStore(), crashingAt: 1, before: true)
        let hanging = Task { [message = message("1")] in
            _ = try await store.record(message, from: "ana", cursor: nil, at: .now)
        }
        await store.waitForCrash()
        hanging.cancel()
        await #expect(throws: CancellationError.self) { try await hanging.value }
    }

    private enum StoreWriteExpectation {
        static func second(of store: FaultyStore) -> StoreWrite? { store.writes.first { $0.number == 2 && $0.kind == .record } }
    }
}
