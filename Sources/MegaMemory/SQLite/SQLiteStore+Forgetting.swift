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
    /// Forgets a person: destroys their keys, so that what they wrote, what was answered, done and asked in their turns and what was remembered
    /// of them can be read nowhere any more, backups of the database included, and then deletes the rows here. Their unfinished turns end
    /// as failed.
    ///
    /// Killed in the middle, everything of the person is unreadable or everything is as before; call it again, or
    /// ``deleteForgotten(includingUnfinished:once:)``, to finish the deletion. Attachments stay as files nobody can open.
    ///
    /// - Returns: How many lines, turns, messages, requests and grants were deleted.
    @discardableResult
    public func forgetPerson(_ person: PersonID, at now: Date) async throws -> Int {
        let open = try await unfinishedTurns(in: Set(Turn.State.allCases), limit: .max).filter { $0.person == person }
        for turn in open { try await fail(turn.id, reason: "the person was forgotten", notice: nil, at: now) }
        try await codec.sealer.destroyKeys(of: person)
        try await forgetAll(of: person)
        return try await deleteForgotten()
    }

    /// Deletes the rows nobody can read because their person was forgotten, for example by another process.
    ///
    /// - Parameter includingUnfinished: Whether turns that have not ended go too. Nothing can go on with them; but a turn that is at work at
    ///   this moment is better left to end.
    /// - Parameter name: When it was done under this name before, nothing is looked at.
    /// - Returns: How many lines, turns, messages, requests, grants and memories were deleted.
    @discardableResult
    public func deleteForgotten(includingUnfinished: Bool = false, once name: String? = nil) async throws -> Int {
        if let name {
            let last: String? = try await read { try $0.row("SELECT value FROM meta WHERE name = 'forgotten deleted'")?["value"] }
            if last == name { return 0 }
        }
        recent?.forgetAll()
        defer { recent?.forgetAll() }
        owners.forgetAll()
        let codec = codec
        let count = try await write { database in
            /// The numbers of rows whose payload belonged to somebody who was forgotten.
            func forgotten(_ table: String, _ condition: String = "1") throws -> [Int64] {
                let id = table == "outbox" ? "sequence" : "id"
                guard let sealed = SealedTable.all.first(where: { $0.name == table }) else { return [] }
                return try Int64.fetchAll(database, sql: "SELECT \(id) FROM \(table) WHERE payload IS NOT NULL AND \(condition)").filter { number in
                    guard let row = try database.row("SELECT * FROM \(table) WHERE \(id) = ?", [number]),
                        let context = try sealed.context(row, "payload", codec)
                    else { return false }
                    do {
                        _ = try codec.sealer.open(Array(row["payload"] as Data), context: context)
                        return false
                    } catch let error as SealError {
                        return error.code == .forgotten
                    }
                }
            }
            var count = 0
            let turns = try forgotten("turns", includingUnfinished ? "1" : "state >= 4")
            for id in try forgotten("lines") {
                try SearchIndex.lines.remove(id, database)
                try database.run("DELETE FROM lines WHERE id = ?", [id])
                count += 1
            }
            for id in try forgotten("memories") {
                try SearchIndex.memories.remove(id, database)
                try database.run("DELETE FROM memories WHERE id = ?", [id])
                count += 1
            }
            for id in try forgotten("outbox") {
                // One that is being delivered at this moment has to be found afterwards.
                try database.run("UPDATE outbox SET state = 1, payload = NULL, error = NULL WHERE sequence = ?", [id])
                count += 1
            }
            for table in ["approvals", "grants"] {
                for id in try forgotten(table) {
                    try database.run("DELETE FROM \(table) WHERE id = ?", [id])
                    count += 1
                }
            }
            for id in turns {
                try database.run("DELETE FROM approvals WHERE turn = ?", [id])
                try database.run("DELETE FROM outbox WHERE turn = ? AND state <> 0", [id])
                try database.run("DELETE FROM turns WHERE id = ?", [id])
                count += 1
            }
            for row in try database.rows("SELECT conversation, owner, payload FROM line_owners") {
                let sealed: Data = row["payload"]
                guard try codec.unlessForgotten({ try codec.sealer.sealer(of: Array(sealed)) }) == nil else { continue }
                try database.run(
                    "DELETE FROM line_owners WHERE conversation = ? AND owner = ?", [row["conversation"] as Data, row["owner"] as Data])
            }
            if count > 0 {
                try SearchIndex.lines.optimize(database)
                try SearchIndex.memories.optimize(database)
            }
            if let name {
                try database.run(
                    "INSERT INTO meta (name, value) VALUES ('forgotten deleted', ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name])
            }
            return count
        }
        try await emptyWriteAheadLog()
        return count
    }
}
