// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where sealed values stand, and what each is sealed to. Every sealed column has to be in ``all``: what is not is not moved to new keys.
struct SealedTable: Sendable {
    /// A sealed value at its place.
    struct Value: Sendable {
        let column: String
        let sealed: Data
        let context: String
    }

    /// The sealed values of one row, and the row.
    struct Row: Sendable {
        let place: [any DatabaseValueConvertible & Sendable]
        let values: [Value]
        let owner: Owner
    }

    /// What tells to whom the values of a row belong, for those that are still under the common keys.
    enum Owner: Sendable {
        /// To nobody in particular.
        case common
        /// To the person named in the row's payload.
        case named(in: Named)
        /// To the person a turn is about.
        case turn(TurnID)
        /// To the one who wrote last in a conversation.
        case conversation(Data)
        /// To the one whose line stands before this one in its conversation.
        case line(Int64, in: Data)
    }

    enum Named: Sendable { case turn, memory, grant }

    let name: String
    /// The columns that name a row.
    let place: [String]
    /// Rising numbers by which the table is gone through; nil for a small table that is gone through at once.
    let order: String?
    let sealed: [String]
    let context: @Sendable (GRDB.Row, String, RecordCodec) throws -> String?
    let owner: @Sendable (GRDB.Row) -> Owner

    private init(
        name: String, place: [String], order: String?, sealed: [String],
        context: @escaping @Sendable (GRDB.Row, String, RecordCodec) throws -> String?,
        owner: @escaping @Sendable (GRDB.Row) -> Owner = { _ in .common }
    ) {
        (self.name, self.place, self.order, self.sealed, self.context, self.owner) = (name, place, order, sealed, context, owner)
    }

    private static func owner(turn row: GRDB.Row, otherwise: Owner) -> Owner {
        let turn: Int64? = row["turn"]
        return turn.map { .turn(TurnID(rawValue: $0)) } ?? otherwise
    }

    static let all: [SealedTable] = [
        SealedTable(name: "turns", place: ["id"], order: "id", sealed: ["payload", "failure"]) { row, column, codec in
            column == "payload"
                ? TurnRecord.context(row["dedupe"], codec) : TurnRecord.failureContext(TurnID(rawValue: row["id"]))
        } owner: { _ in
            .named(in: .turn)
        },
        SealedTable(name: "journal", place: ["turn", "step"], order: "turn", sealed: ["payload"]) { row, _, _ in
            "journal/\(TurnID(rawValue: row["turn"]))"
        } owner: {
            owner(turn: $0, otherwise: .common)
        },
        SealedTable(name: "outbox", place: ["sequence"], order: "sequence", sealed: ["payload", "error"]) { row, column, codec in
            column == "payload" ? OutboxRecord.context(row["key"], codec) : OutboxRecord.errorContext(row["key"], codec)
        } owner: {
            owner(turn: $0, otherwise: .conversation($0["conversation"]))
        },
        SealedTable(name: "approvals", place: ["id"], order: "id", sealed: ["payload"]) { row, _, codec in
            "approvals/\(codec.hex(row["key"] as Data))"
        } owner: {
            owner(turn: $0, otherwise: .common)
        },
        SealedTable(name: "grants", place: ["id"], order: "id", sealed: ["payload"]) { row, _, codec in
            "grants/\(codec.hex(row["key"] as Data))"
        } owner: { _ in
            .named(in: .grant)
        },
        SealedTable(name: "lines", place: ["id"], order: "id", sealed: ["payload"]) { row, _, codec in
            LineRecord.context(row["conversation"], codec)
        } owner: {
            .line($0["id"], in: $0["conversation"])
        },
        SealedTable(name: "line_owners", place: ["conversation", "owner"], order: nil, sealed: ["payload"]) { row, _, codec in
            LineDocument.ownerContext(row["conversation"], codec)
        },
        SealedTable(name: "memories", place: ["id"], order: "id", sealed: ["payload"]) { row, _, codec in
            "memories/\(codec.hex(row["key"] as Data))"
        } owner: { _ in
            .named(in: .memory)
        },
        SealedTable(name: "cursors", place: ["channel"], order: nil, sealed: ["payload"]) { row, _, codec in
            "cursors/\(codec.hex(row["channel"] as Data))"
        },
        SealedTable(name: "meta", place: ["name"], order: nil, sealed: ["value"]) { row, _, _ in
            let name: String = row["name"]
            if name == "key check" { return OpenedDatabase.keyCheck }
            if name == SQLiteStore.killSwitches { return name }
            return name.hasPrefix("mode ") ? "modes/\(name.dropFirst(5))" : nil
        },
    ]

    /// The next rows, and where to go on; nil when there are none left.
    func rows(after last: Int64, limit: Int, _ database: Database, _ codec: RecordCodec) throws -> (rows: [Row], last: Int64)? {
        let found: [GRDB.Row]
        if let order {
            // Whole numbers: a turn's journal is not cut in two.
            let end: Int64? = try database.row(
                "SELECT MAX(n) AS n FROM (SELECT DISTINCT \(order) AS n FROM \(name) WHERE \(order) > ? ORDER BY n LIMIT ?)", [last, limit]
            )?["n"]
            guard let end else { return nil }
            found = try database.rows("SELECT * FROM \(name) WHERE \(order) > ? AND \(order) <= ? ORDER BY \(order)", [last, end])
            return (try found.map { try row($0, codec) }, end)
        }
        guard last == 0 else { return nil }
        return (try database.rows("SELECT * FROM \(name)").map { try row($0, codec) }, 1)
    }

    private func row(_ row: GRDB.Row, _ codec: RecordCodec) throws -> Row {
        let place: [any DatabaseValueConvertible & Sendable] = self.place.map { column in
            switch (row[column] as DatabaseValue).storage {
            case .int64(let number): number
            case .string(let text): text
            case .blob(let data): data
            case .double(let number): number
            case .null: 0
            }
        }
        let values = try sealed.compactMap { column -> Value? in
            guard let context = try context(row, column, codec), case .blob(let sealed) = (row[column] as DatabaseValue).storage else {
                return nil
            }
            return Value(column: column, sealed: sealed, context: context)
        }
        return Row(place: place, values: values, owner: owner(row))
    }
}
