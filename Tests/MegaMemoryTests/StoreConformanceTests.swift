// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaMemory
import MegaTesting
import Testing

@Suite("Both stores do what every store must do")
struct StoreConformanceTests {
    @Test("SQLiteStore is a ledger", arguments: LedgerConformance.checks)
    func sqliteLedger(_ check: ConformanceCheck<any Ledger>) async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        try await check.run(store)
        try await store.close()
    }

    @Test("SQLiteStore is a memory store", arguments: MemoryStoreConformance.checks)
    func sqliteMemory(_ check: ConformanceCheck<any MemoryStore>) async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        try await check.run(store)
        try await store.close()
    }

    @Test("SQLiteStore is a conversation log", arguments: ConversationLogConformance.checks)
    func sqliteLog(_ check: ConformanceCheck<any Ledger & ConversationLog>) async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        try await check.run(store)
        try await store.close()
    }

    @Test("FileBlobStore is a blob store", arguments: BlobStoreConformance.checks)
    func fileBlobs(_ check: ConformanceCheck<any BlobStore>) async throws {
        let scratch = try Scratch()
        try await check.run { try await scratch.blobs(limit: 100_000) }
    }

    @Test("InMemoryBlobStore is a blob store", arguments: BlobStoreConformance.checks)
    func inMemoryBlobs(_ check: ConformanceCheck<any BlobStore>) async throws { try await check.run(InMemoryBlobStore(limit: 100_000)) }

    @Test("InMemoryStore is a ledger", arguments: LedgerConformance.checks)
    func inMemoryLedger(_ check: ConformanceCheck<any Ledger>) async throws { try await check.run(InMemoryStore()) }

    @Test("InMemoryStore is a memory store", arguments: MemoryStoreConformance.checks)
    func inMemoryMemory(_ check: ConformanceCheck<any MemoryStore>) async throws { try await check.run(InMemoryStore()) }

    @Test("InMemoryStore is a conversation log", arguments: ConversationLogConformance.checks)
    func inMemoryLog(_ check: ConformanceCheck<any Ledger & ConversationLog>) async throws { try await check.run(InMemoryStore()) }
}

@Suite("The in-memory store stays within its bounds")
struct InMemoryStoreLimitTests {
    @Test("Attachments beyond the capacity are refused, those that are there stay, and removing makes room")
    func blobCapacity() async throws {
        let store = InMemoryBlobStore(limit: 100, capacity: 150)
        let first = try await store.put([UInt8](repeating: 1, count: 100))
        #expect(await code { _ = try await store.put([UInt8](repeating: 2, count: 51)) } == .diskFull)
        #expect(try await store.put([UInt8](repeating: 1, count: 100)) == first)
        #expect(store.count == 1)
        try await store.remove(first)
        _ = try await store.put([UInt8](repeating: 2, count: 51))
        #expect(store.count == 1)
    }

    @Test("The oldest ended turns go first, open ones never")
    func evictsEndedTurns() async throws {
        let store = InMemoryStore(limits: .init(endedTurns: 3, linesPerConversation: 4))
        let open = try await store.take(Sample.message("open"))
        for number in 0..<20 { try await store.run("m\(number)") }
        #expect(try await store.turnCounts() == [.received: 1, .delivered: 3])
        #expect(try await store.turn(open) != nil)
        #expect(try await store.recentEntries(in: Sample.chat, before: nil, limit: .max).count <= 8)
    }
}
