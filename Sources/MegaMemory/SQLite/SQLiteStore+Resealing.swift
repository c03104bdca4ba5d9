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
        /// Whether it was under the common keys and now belongs to a person, and its words with it.
        var changesOwner: Bool
    }

    /// Part of the name of what is to be done: raised when more comes to belong to people, so that it is done once more.
    private static let ownership = "2"

    /// See `Resealable.beginResealing(to:)`.
    @discardableResult
    public func beginResealing(to keys: String) async throws -> Bool {
        let name = keys.filter { !$0.isWhitespace } + "/" + Self.ownership
        return try await write { database in
            if let mark = try Self.mark(database), mark.keys == name { return !mark.progress.isComplete }
            try Self.put(Mark(keys: name), database)
            return true
        }
    }

    /// See `Resealable.resealNext(limit:)`. What belongs to a person and is under the common keys, because an earlier version wrote it, moves
    /// under the person's. A value that is changed in the meantime is left as it is: it is under the newest key then.
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
                        let person = try codec.person(owning: value.sealed)
                        let owner = if let person { person } else { try await owner(of: row) }
                        guard let new = try owner.resealed(Array(value.sealed), context: value.context) else { continue }
                        let changesOwner = person == nil && codec.key(owner: owner) != codec.key(owner: codec.sealer)
                        changes.append(
                            Change(place: row.place, column: value.column, old: value.sealed, new: Data(new), changesOwner: changesOwner))
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
                if change.changesOwner, database.changesCount > 0 { try Self.indexAgain(change.place, in: table, database, codec) }
            }
            if next.progress.isComplete, next.resealed > 0 {
                try SearchIndex.lines.optimize(database)
                try SearchIndex.memories.optimize(database)
            }
            try Self.put(next, database)
        }
        // What is written to a turn from now on goes under its person's keys.
        if changes.contains(where: \.changesOwner) { owners.forgetAll() }
        if next.progress.isComplete, next.resealed > 0 { try await emptyWriteAheadLog() }
        return next.progress
    }

    /// To whom the values of a row belong. Turns are gone through before what hangs on them.
    private func owner(of row: SealedTable.Row) async throws -> any DataSealer {
        switch row.owner {
        case .common: return codec.sealer
        case .named(let place):
            guard let value = row.values.first(where: { $0.column == "payload" }) else { return codec.sealer }
            switch place {
            case .turn:
                let payload: TurnPayload = try codec.open(value.sealed, value.context)
                return try await codec.sealer(for: payload.person, trust: payload.message.trust)
            case .memory: return try await codec.sealer.sealer(for: codec.open(value.sealed, value.context, as: Memory.self).person)
            case .grant: return try await codec.sealer.sealer(for: codec.open(value.sealed, value.context, as: ApprovalGrant.self).person)
            }
        case .turn(let turn): return try await sealer(of: "SELECT payload FROM turns WHERE id = ?", [turn.rawValue])
        case .conversation(let conversation):
            return try await sealer(of: "SELECT payload FROM turns WHERE conversation = ? ORDER BY id DESC LIMIT 1", [conversation])
        case .line(let id, let conversation):
            return try await sealer(
                of: "SELECT payload FROM lines WHERE conversation = ? AND id <= ? AND role = 'person' ORDER BY id DESC LIMIT 1",
                [conversation, id], orTurnOf: id)
        }
    }

    /// The sealer of a value, which is the common one when there is no such value.
    ///
    /// - Throws: `SealError`, `forgotten` when its person was forgotten.
    private func sealer(of query: String, _ arguments: StatementArguments, orTurnOf line: Int64? = nil) async throws -> any DataSealer {
        let payload = try await read { database -> Data? in
            // The turn says it best, as long as it is kept.
            if let line, let turn = try database.row("SELECT payload FROM turns WHERE id = (SELECT turn FROM lines WHERE id = ?)", [line]) {
                return turn["payload"]
            }
            return try database.row(query, arguments)?["payload"]
        }
        return try payload.map { try codec.sealer.sealer(of: Array($0)) } ?? codec.sealer
    }

    /// Puts the words of a row that came to belong to a person into the index anew.
    private static func indexAgain(
        _ place: [any DatabaseValueConvertible & Sendable], in table: SealedTable, _ database: Database, _ codec: RecordCodec
    ) throws {
        guard ["lines", "memories"].contains(table.name),
            let row = try database.row("SELECT * FROM \(table.name) WHERE id = ?", StatementArguments(place))
        else { return }
        let id: Int64 = row["id"]
        switch table.name {
        case "lines":
            let mark: Int64 = try database.row("SELECT value FROM meta WHERE name = 'lines indexed'")?["value"] ?? 0
            guard id <= mark else { return }
            try SearchIndex.lines.remove(id, database)
            try LineDocument(id, row["conversation"], row["payload"], codec).add(database, codec)
        case "memories":
            let payload: Data = row["payload"]
            let memory: Memory = try codec.open(payload, "memories/\(codec.hex(row["key"] as Data))")
            try SearchIndex.memories.remove(id, database)
            try SearchIndex.memories.add(
                id, SearchIndex.document(memory.text, by: try codec.sealer.sealer(of: Array(payload))),
                in: codec.hex(row["person"] as Data), database)
        default: return
        }
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
