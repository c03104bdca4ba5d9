// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

internal import GRDB
public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStore {
    /// See `MemoryStore.save(_:)`.
    public func save(_ memory: Memory) async throws {
        let codec = codec
        let key = codec.key(memory: memory.id, of: memory.person)
        let person = codec.key(memory.person)
        let owner = try await codec.sealer.sealer(for: memory.person)
        let payload = try codec.seal(memory, "memories/\(codec.hex(key))", by: owner)
        let terms = SearchIndex.document(memory.text, by: owner)
        try await write { database in
            try database.deleteMemories("key = ?", [key])
            try database.run(
                "INSERT INTO memories (key, person, created, payload) VALUES (?, ?, ?, ?)",
                [key, person, memory.createdAt.timeIntervalSinceReferenceDate, payload])
            try SearchIndex.memories.add(database.lastInsertedRowID, terms, in: codec.hex(person), database)
        }
    }

    /// See `MemoryStore.recall(_:of:limit:)`.
    public func recall(_ query: String, of person: PersonID, limit: Int) async throws -> [RecalledMemory] {
        if SearchTerms.terms(of: query, limit: 1).isEmpty {
            return try await memories(of: person, limit: limit).map { RecalledMemory(memory: $0, score: 0) }
        }
        let codec = codec
        let key = codec.key(person)
        let scope = codec.hex(key)
        let wanted = max(0, limit)
        let found = try await read { database -> [(key: Data, payload: Data, score: Double)] in
            let owners = try Self.memoryOwners(of: key, database, codec)
            if owners.isEmpty { return [] }
            let terms = owners.map { SearchIndex.terms(of: query, by: $0) }
            return try SearchIndex.memories.search(terms, in: scope, limit: min(wanted, 1 << 20) * 2 + 8, database).compactMap { hit in
                try database.row("SELECT key, payload FROM memories WHERE id = ? AND person = ?", [hit.row, key]).map {
                    (key: $0["key"] as Data, payload: $0["payload"] as Data, score: hit.score)
                }
            }
        }
        let memories = try found.compactMap { row in
            try codec.unlessForgotten {
                RecalledMemory(memory: try codec.open(row.payload, "memories/\(codec.hex(row.key))"), score: row.score)
            }
        }
        return Array(Self.preferringNewer(memories).prefix(wanted))
    }

    /// The sealers a person's memories can be under: the person's, and the common one as long as memories from before are being moved; none
    /// when there are no memories. Asking for the person's by name would make keys for everybody who ever asks.
    private static func memoryOwners(of person: Data, _ database: Database, _ codec: RecordCodec) throws -> [any DataSealer] {
        let payloads = try ["ASC", "DESC"].compactMap { order in
            try database.row("SELECT payload FROM memories WHERE person = ? ORDER BY id \(order) LIMIT 1", [person])?["payload"] as Data?
        }
        if payloads.isEmpty { return [] }
        for payload in payloads {
            if let owner = try codec.unlessForgotten({ try codec.person(owning: payload) }) ?? nil { return [owner, codec.sealer] }
        }
        return [codec.sealer]
    }

    /// Of two memories that fit about equally well the newer one goes first.
    private static func preferringNewer(_ found: [RecalledMemory]) -> [RecalledMemory] {
        let byAge = found.indices.sorted { found[$0].memory.createdAt < found[$1].memory.createdAt }
        var result = found
        for (age, index) in byAge.enumerated() { result[index].score += 0.02 * Double(age) / Double(max(1, found.count)) }
        return result.sorted { $0.score > $1.score }
    }

    /// See `MemoryStore.memories(of:limit:)`.
    public func memories(of person: PersonID, limit: Int) async throws -> [Memory] {
        let key = codec.key(person)
        let stored = try await read { database in
            try database.rows(
                "SELECT key, payload FROM memories WHERE person = ? ORDER BY created DESC, id DESC LIMIT ?", [key, max(0, limit)]
            ).map { ($0["key"] as Data, $0["payload"] as Data) }
        }
        return try stored.compactMap { row in try codec.unlessForgotten { try codec.open(row.1, "memories/\(codec.hex(row.0))") } }
    }

    /// See `MemoryStore.forget(_:of:)`.
    public func forget(_ id: Memory.ID, of person: PersonID) async throws -> Bool {
        let key = codec.key(memory: id, of: person)
        let found = try await write { try $0.deleteMemories("key = ?", [key]) > 0 }
        if found { try await emptyWriteAheadLog() }
        return found
    }

    /// See `MemoryStore.forgetAll(of:)`.
    public func forgetAll(of person: PersonID) async throws {
        let key = codec.key(person)
        try await write { database in
            guard try database.deleteMemories("person = ?", [key]) > 0 else { return }
            try database.run("INSERT INTO memory_index (memory_index) VALUES ('optimize')")
        }
        try await emptyWriteAheadLog()
    }
}

extension Database {
    @discardableResult
    fileprivate func deleteMemories(_ condition: String, _ arguments: StatementArguments) throws -> Int {
        try run("DELETE FROM memory_index WHERE rowid IN (SELECT id FROM memories WHERE \(condition))", arguments)
        try run("DELETE FROM memories WHERE \(condition)", arguments)
        return changesCount
    }
}
