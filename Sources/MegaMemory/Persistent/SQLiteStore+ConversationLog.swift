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
    /// A line as it stands in its row.
    struct StoredLine: Sendable {
        let id: Int64
        let conversation: Data
        let turn: TurnID?
        let role: String
        let trust: String
        let time: Date
        let isKept: Bool
        let payload: Data

        /// Read by position: looking a column up by its name costs more than opening a line.
        static let columns = "id, conversation, turn, role, trust, time, kept, payload"

        init(_ row: Row) {
            id = row[0]
            conversation = row[1]
            let number: Int64? = row[2]
            turn = number.map { TurnID(rawValue: $0) }
            role = row[3]
            trust = row[4]
            time = Date(timeIntervalSinceReferenceDate: row[5])
            isKept = row[6]
            payload = row[7]
        }

        func entry(in place: ConversationID, _ codec: RecordCodec) throws -> LogEntry {
            let opened: LineRecord.Payload = try codec.open(payload, LineRecord.context(conversation, codec))
            return LogEntry(
                conversation: place, role: LogEntry.Role(rawValue: role) ?? .assistant, text: opened.text, author: opened.author,
                trust: TrustLabel(rawValue: trust) ?? .unknown, timestamp: time, turn: turn, isKept: isKept)
        }
    }

    /// See `ConversationLog.recentEntries(in:before:limit:)`.
    public func recentEntries(in conversation: ConversationID, before: TurnID?, limit: Int) async throws -> [LogEntry] {
        let key = codec.key(conversation)
        let newest = before?.rawValue ?? .max
        if let recent, limit <= RecentLines.length {
            let known = recent.known(key)
            let tail = try await tail(of: conversation, key, from: known.tail)
            recent.keep(tail, of: key, since: known)
            if let entries = tail.entries(before: newest, limit: max(0, limit)) { return entries }
        }
        let lines = try await read { database in
            try database.rows(
                """
                SELECT \(StoredLine.columns) FROM lines WHERE conversation = ? AND (turn IS NULL OR turn < ?)
                ORDER BY id DESC LIMIT ?
                """, [key, newest, max(0, limit)]
            ).map(StoredLine.init)
        }
        return try lines.reversed().compactMap { line in try codec.unlessForgotten { try line.entry(in: conversation, codec) } }
    }

    /// The newest lines, of which only those that are new since `known` have to be opened.
    private func tail(of conversation: ConversationID, _ key: Data, from known: RecentLines.Tail?) async throws -> RecentLines.Tail {
        var tail = known ?? RecentLines.Tail()
        let last = tail.lastID
        let lines = try await read { database in
            try database.rows(
                "SELECT \(StoredLine.columns) FROM lines WHERE conversation = ? AND id > ? ORDER BY id DESC LIMIT ?",
                [key, last, RecentLines.length]
            ).map(StoredLine.init)
        }
        if lines.count >= RecentLines.length { tail = RecentLines.Tail(isWhole: false) }
        for line in lines.reversed() {
            guard let entry = try codec.unlessForgotten({ try line.entry(in: conversation, codec) }) else { continue }
            tail.lines.append((line.id, entry))
        }
        return tail
    }

    /// See `ConversationLog.searchEntries(in:matching:limit:)`.
    public func searchEntries(in conversation: ConversationID, matching query: String, limit: Int) async throws -> [LogEntry] {
        if SearchTerms.terms(of: query, limit: 1).isEmpty {
            return try await recentEntries(in: conversation, before: nil, limit: limit).reversed()
        }
        try await indexAllLines()
        let key = codec.key(conversation)
        let scope = codec.hex(key)
        let codec = codec
        let lines = try await read { database in
            let terms = try Self.lineOwners(in: key, database, codec).map { SearchIndex.terms(of: query, by: $0) }
            let hits = try SearchIndex.lines.search(terms, in: scope, limit: max(0, limit), database)
            return try hits.compactMap { hit in
                try database.row("SELECT \(StoredLine.columns) FROM lines WHERE id = ?", [hit.row]).map(StoredLine.init)
            }
        }
        return try lines.compactMap { line in try codec.unlessForgotten { try line.entry(in: conversation, codec) } }
    }

    /// Deletes the lines, and what ended turns, settled messages and decided approvals of the conversation still hold of it. The
    /// freed space is overwritten. A turn under way keeps what it needs.
    @discardableResult
    public func clear(_ conversation: ConversationID) async throws -> Int {
        let codec = codec
        let key = codec.key(conversation)
        // Before, so that no read that began earlier is kept; after, so that none is that began meanwhile. A write whose outcome is
        // unknown counts as one that happened.
        recent?.forget(key)
        defer { recent?.forget(key) }
        let count = try await write { database in
            try database.run(
                "DELETE FROM line_index WHERE rowid IN (SELECT id FROM lines WHERE conversation = ? AND kept = 0)", [key])
            try database.run("DELETE FROM lines WHERE conversation = ? AND kept = 0", [key])
            let count = database.changesCount
            try database.run(
                "DELETE FROM line_owners WHERE conversation = ?1 AND NOT EXISTS (SELECT 1 FROM lines WHERE conversation = ?1)", [key])
            let ended = try database.rows(
                "SELECT \(TurnRecord.columns) FROM turns WHERE conversation = ? AND state >= 4", [key]
            ).map { try TurnRecord($0) }
            for record in ended {
                let context = TurnRecord.context(record.dedupe, codec)
                guard let owner = try codec.unlessForgotten({ try codec.sealer.sealer(of: Array(record.payload)) }) else { continue }
                var payload: TurnPayload = try codec.open(record.payload, context)
                if payload.message != payload.message.withoutContent {
                    payload.message = payload.message.withoutContent
                    try database.run(
                        "UPDATE turns SET payload = ? WHERE id = ?", [try codec.seal(payload, context, by: owner), record.id.rawValue])
                }
                try database.run("UPDATE turns SET failure = NULL WHERE id = ?", [record.id.rawValue])
                try database.run("DELETE FROM journal WHERE turn = ?", [record.id.rawValue])
            }
            let dead = try database.rows("SELECT key, payload FROM outbox WHERE conversation = ? AND state = 2", [key])
            for row in dead {
                let id: Data = row["key"]
                let context = OutboxRecord.context(id, codec)
                let sealed: Data = row["payload"]
                guard let owner = try codec.unlessForgotten({ try codec.sealer.sealer(of: Array(sealed)) }) else { continue }
                let message: OutboundMessage = try codec.open(sealed, context)
                try database.run(
                    "UPDATE outbox SET payload = ?, error = NULL WHERE key = ?",
                    [try codec.seal(message.withoutContent, context, by: owner), id])
            }
            try database.run(
                """
                DELETE FROM approvals WHERE conversation = ?
                AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.id = approvals.turn AND turns.state < 4)
                """, [key])
            // Merges the index, so that nothing of the deleted lines waits in old parts of it.
            if count > 0 { try database.run("INSERT INTO line_index (line_index) VALUES ('optimize')") }
            return count
        }
        try await emptyWriteAheadLog()
        return count
    }

    /// Moves everything into the main file, so that the write-ahead log holds no older version of a page.
    func emptyWriteAheadLog() async throws {
        try reads.enter()
        defer { reads.leave() }
        let pool = pool
        try await Self.onThread {
            // A reader at work may hold it back; the next checkpoint finishes then.
            do {
                _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED {
                return
            } catch {
                throw StoreError.from(error)
            }
        }
    }
}
