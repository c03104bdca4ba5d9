// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import Logging
import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Lines enter the search index after the turn, in small portions while nothing else is written; a search brings it up to date first.
extension SQLiteStore {
    /// Lines per portion; bounds how long a turn's write may wait for the index.
    private static let portion = 32
    /// How long lines wait for others to be indexed with them: a commit for each turn would cost as much as the turn.
    private static let gathering = Duration.milliseconds(15)

    /// Called when nothing is left to write: indexes until something is.
    func indexWhenIdle() {
        guard
            isIndexing.withLock({ isBusy in
                defer { isBusy = true }
                return !isBusy
            })
        else { return }
        Task {
            do {
                try await Task.sleep(for: Self.gathering)
                // One portion in any case, so that the index keeps up with a load that leaves little room.
                while try await indexPortion(), !commits.isBusy {}
            } catch let error as StoreError where error.code == .closed {
                // The next start goes on.
            } catch {
                logger.warning("Search index lags behind", metadata: ["error": "\(error)"])
            }
            isIndexing.withLock { $0 = false }
        }
    }

    /// Brings the index up to date.
    func indexAllLines() async throws {
        while try await indexPortion() {}
    }

    /// Indexes the next lines. Two calls at once may prepare the same lines; the mark makes sure they are added once.
    ///
    /// - Returns: Whether there were any.
    private func indexPortion() async throws -> Bool {
        let codec = codec
        let lines = try await read { database in
            try database.rows(
                """
                SELECT \(StoredLine.columns) FROM lines WHERE id > (SELECT value FROM meta WHERE name = 'lines indexed')
                ORDER BY id LIMIT ?
                """, [Self.portion]
            ).map(StoredLine.init)
        }
        guard let last = lines.last?.id else { return false }
        let documents = try lines.compactMap { line in
            try codec.unlessForgotten {
                (payload: line.payload, document: try LineDocument(line.id, line.conversation, line.payload, codec))
            }
        }
        try await write { database in
            let mark: Int64 = try database.row("SELECT value FROM meta WHERE name = 'lines indexed'")?["value"] ?? 0
            for (payload, document) in documents where document.row > mark {
                // Cleared in the meantime.
                guard let row = try database.row("SELECT payload FROM lines WHERE id = ?", [document.row]) else { continue }
                // Or moved to other keys.
                let now = row["payload"] == payload ? document : try codec.unlessForgotten {
                    try LineDocument(document.row, document.conversation, row["payload"], codec)
                }
                try now?.add(database, codec)
            }
            if last > mark { try database.run("UPDATE meta SET value = ? WHERE name = 'lines indexed'", [last]) }
        }
        return true
    }

    /// The sealers of those to whom lines in a conversation belong.
    static func lineOwners(in conversation: Data, _ database: Database, _ codec: RecordCodec) throws -> [any DataSealer] {
        let payloads = try database.rows("SELECT payload FROM line_owners WHERE conversation = ?", [conversation]).map { $0["payload"] as Data }
        return try payloads.compactMap { payload in try codec.unlessForgotten { try codec.sealer.sealer(of: Array(payload)) } }
    }

    /// Indexes the memories of a database from before there was an index.
    func indexStoredMemories() async throws {
        let codec = codec
        try await write { database in
            let done: Int64 = try database.row("SELECT value FROM meta WHERE name = 'memories indexed'")?["value"] ?? 0
            guard done == 0 else { return }
            for row in try database.rows("SELECT id, key, person, payload FROM memories") {
                let context = "memories/\(codec.hex(row["key"] as Data))"
                let payload: Data = row["payload"]
                guard let memory = try codec.unlessForgotten({ try codec.open(payload, context, as: Memory.self) }) else { continue }
                let owner = try codec.sealer.sealer(of: Array(payload))
                try SearchIndex.memories.add(
                    row["id"], SearchIndex.document(memory.text, by: owner), in: codec.hex(row["person"] as Data), database)
            }
            try database.run("UPDATE meta SET value = 1 WHERE name = 'memories indexed'")
        }
    }
}
