// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

internal import GRDB
import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLiteStore {
    /// See `Ledger.prune(endedBefore:limit:)`.
    public func prune(endedBefore time: Date, limit: Int) async throws -> Int {
        let ended = Turn.State.allCases.filter(\.isTerminal).map { String($0.code) }.joined(separator: ", ")
        let before = time.timeIntervalSinceReferenceDate
        let limit = max(0, limit)
        return try await write { database in
            // Numbers grow with time, so what is old stands in front and only the last call reads far. Journals go by cascade.
            try database.run(
                """
                DELETE FROM turns WHERE id IN (
                    SELECT id FROM turns WHERE state IN (\(ended)) AND updated < ? ORDER BY id LIMIT ?)
                """, [before, limit])
            var deleted = database.changesCount
            try database.run(
                """
                DELETE FROM outbox WHERE sequence IN (
                    SELECT sequence FROM outbox WHERE state != 0 AND due < ? ORDER BY sequence LIMIT ?)
                """, [before, limit])
            deleted += database.changesCount
            if deleted > 0 {
                try database.run("DELETE FROM approvals WHERE open = 0 AND turn NOT IN (SELECT id FROM turns)", [])
            }
            return deleted
        }
    }
}
