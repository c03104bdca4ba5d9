// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
public import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLiteStore {
    /// Forgets a person: destroys their keys, so that what they wrote and what was remembered of them can be read nowhere any more,
    /// backups of the database included, and then deletes the rows here. Their unfinished turns end as failed.
    ///
    /// Killed in the middle, everything of the person is unreadable or everything is as before; call it again to finish the deletion.
    /// What the assistant wrote about them in conversations is under the common keys; ``clear(_:)`` deletes that.
    ///
    /// - Returns: How many lines, turns and memories were deleted.
    @discardableResult
    public func forgetPerson(_ person: PersonID, at now: Date) async throws -> Int {
        let codec = codec
        let open = try await unfinishedTurns(in: Set(Turn.State.allCases), limit: .max).filter { $0.person == person }
        for turn in open { try await fail(turn.id, reason: "the person was forgotten", notice: nil, at: now) }
        try await codec.sealer.destroyKeys(of: person)
        recent?.forgetAll()
        defer { recent?.forgetAll() }
        try await forgetAll(of: person)
        let deleted = try await deleteForgotten()
        try await emptyWriteAheadLog()
        return deleted
    }

    /// Deletes the rows nobody can read because their person was forgotten.
    private func deleteForgotten() async throws -> Int {
        let codec = codec
        return try await write { database in
            func isForgotten(_ sealed: Data, _ context: String) throws -> Bool {
                do {
                    _ = try codec.sealer.open(Array(sealed), context: context)
                    return false
                } catch let error as SealError {
                    return error.code == .forgotten
                }
            }
            var count = 0
            let lines = try Int64.fetchAll(database, sql: "SELECT id FROM lines").filter { id in
                guard let row = try database.row("SELECT conversation, payload FROM lines WHERE id = ?", [id]) else { return false }
                return try isForgotten(row["payload"], LineRecord.context(row["conversation"], codec))
            }
            for id in lines {
                try database.run("DELETE FROM line_index WHERE rowid = ?", [id])
                try database.run("DELETE FROM lines WHERE id = ?", [id])
                count += 1
            }
            let turns = try Int64.fetchAll(database, sql: "SELECT id FROM turns WHERE state >= 4").filter { id in
                guard let row = try database.row("SELECT dedupe, payload FROM turns WHERE id = ?", [id]) else { return false }
                return try isForgotten(row["payload"], TurnRecord.context(row["dedupe"], codec))
            }
            for id in turns {
                try database.run("DELETE FROM approvals WHERE turn = ?", [id])
                try database.run("DELETE FROM outbox WHERE turn = ? AND state <> 0", [id])
                try database.run("DELETE FROM turns WHERE id = ?", [id])
                count += 1
            }
            if count > 0 { try database.run("INSERT INTO line_index (line_index) VALUES ('optimize')") }
            return count
        }
    }
}
