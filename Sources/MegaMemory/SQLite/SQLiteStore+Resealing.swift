// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStore: Resealable {
    /// Where the work stands; plain numbers in `meta`, written in the same transaction as the values.
    private struct Mark: Sendable {
        var table = 0
        var last: Int64 = 0
        var examined = 0
        var resealed = 0
        var unreadable = 0
        /// Names the keys it is done for.
        var keys: String

        init(keys: String) { self.keys = keys }

        init?(_ text: String) {
            let parts = text.split(separator: " ")
            let numbers = parts.prefix(5).compactMap { Int64($0) }
            guard parts.count == 6, numbers.count == 5 else { return nil }
            keys = String(parts[5])
            (table, last) = (Int(numbers[0]), numbers[1])
            (examined, resealed, unreadable) = (Int(numbers[2]), Int(numbers[3]), Int(numbers[4]))
        }

        var text: String { "\(table) \(last) \(examined) \(resealed) \(unreadable) \(keys)" }
        var progress: ResealingProgress {
            ResealingProgress(
                examined: examined, resealed: resealed, unreadable: unreadable, isComplete: table >= SealedTable.all.count)
        }
    }

    private struct Change: Sendable {
        var place: [any DatabaseValueConvertible & Sendable]
        var column: String
        var old: Data
        var new: Data
    }

    /// See `Resealable.beginResealing(to:)`.
    public func beginResealing(to keys: String) async throws {
        let name = keys.filter { !$0.isWhitespace }
        try await write { database in
            guard try Self.mark(database)?.keys != name else { return }
            try Self.put(Mark(keys: name.isEmpty ? "-" : name), database)
        }
    }

    /// See `Resealable.resealNext(limit:)`. A value that is changed in the meantime is left as it is: it is under the newest key then.
    public func resealNext(limit: Int) async throws -> ResealingProgress {
        let codec = codec
        let (mark, found) = try await read { database -> (Mark, (rows: [SealedTable.Row], last: Int64)?) in
            let mark = try Self.mark(database) ?? Mark(keys: "-")
            guard SealedTable.all.indices.contains(mark.table) else { return (mark, nil) }
            return (mark, try SealedTable.all[mark.table].rows(after: mark.last, limit: max(1, limit), database, codec))
        }
        if mark.progress.isComplete { return mark.progress }
        var next = mark
        var changes: [Change] = []
        if let found {
            next.last = found.last
            for row in found.rows {
                for value in row.values {
                    next.examined += 1
                    do {
                        guard let new = try codec.sealer.resealed(Array(value.sealed), context: value.context) else { continue }
                        changes.append(Change(place: row.place, column: value.column, old: value.sealed, new: Data(new)))
                        next.resealed += 1
                    } catch let error as SealError where error.code == .forgotten {
                        continue
                    } catch is SealError {
                        next.unreadable += 1
                    }
                }
            }
        } else {
            (next.table, next.last) = (mark.table + 1, 0)
        }
        let table = SealedTable.all[mark.table]
        let condition = table.place.map { "\($0) = ?" }.joined(separator: " AND ")
        try await write { [changes, next] database in
            for change in changes {
                try database.run(
                    "UPDATE \(table.name) SET \(change.column) = ? WHERE \(condition) AND \(change.column) = ?",
                    StatementArguments([change.new] + change.place + [change.old]))
            }
            try Self.put(next, database)
        }
        return next.progress
    }

    private static func mark(_ database: Database) throws -> Mark? {
        let text: String? = try database.row("SELECT value FROM meta WHERE name = 'resealing'")?["value"]
        return text.flatMap { Mark($0) }
    }

    private static func put(_ mark: Mark, _ database: Database) throws {
        try database.run(
            "INSERT INTO meta (name, value) VALUES ('resealing', ?) ON CONFLICT DO UPDATE SET value = excluded.value", [mark.text])
    }
}
