// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

internal import GRDB
public import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLiteStore {
    /// See `Ledger.record(_:from:cursor:at:)`.
    public func record(
        _ message: InboundMessage, from person: PersonID, cursor: String?, at now: Date
    ) async throws -> LedgerAdmission {
        let codec = codec
        let dedupe = codec.key(message)
        let conversation = codec.key(message.conversation)
        let owner = try await codec.sealer(for: person, trust: message.trust)
        let payload = try codec.seal(TurnPayload(message: message, person: person), TurnRecord.context(dedupe, codec), by: owner)
        let line = try LineRecord(LogEntry(of: message, turn: nil), codec, by: owner)
        let channel = codec.key(message.conversation.channel)
        let mark = try cursor.map { try codec.seal(text: $0, "cursors/\(codec.hex(channel))") }
        let time = now.timeIntervalSinceReferenceDate

        let (id, isNew) = try await write { database -> (Int64, Bool) in
            if let mark {
                try database.run(
                    "INSERT INTO cursors (channel, payload) VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET payload = excluded.payload",
                    [channel, mark])
            }
            if let known = try database.row("SELECT id FROM turns WHERE dedupe = ?", [dedupe]) { return (known["id"], false) }
            try database.run(
                "INSERT INTO turns (dedupe, conversation, state, received, updated, payload) VALUES (?, ?, 0, ?, ?, ?)",
                [dedupe, conversation, time, time, payload])
            let id = database.lastInsertedRowID
            try line?.insert(database, turn: TurnID(rawValue: id))
            return (id, true)
        }
        guard isNew else { return .duplicate(TurnID(rawValue: id)) }
        owners.keep(owner, of: TurnID(rawValue: id))
        return .accepted(
            Turn(id: TurnID(rawValue: id), message: message, person: person, receivedAt: now, updatedAt: now))
    }

    /// See `Ledger.cursor(for:)`.
    public func cursor(for channel: ChannelID) async throws -> String? {
        let key = codec.key(channel)
        let sealed: Data? = try await read { try $0.row("SELECT payload FROM cursors WHERE channel = ?", [key])?["payload"] }
        return try sealed.map { try codec.open(text: $0, "cursors/\(codec.hex(key))") }
    }

    /// See `Ledger.turn(_:)`.
    public func turn(_ id: TurnID) async throws -> Turn? {
        let record = try await read { database in
            try database.row("SELECT \(TurnRecord.columns) FROM turns WHERE id = ?", [id.rawValue]).map { try TurnRecord($0) }
        }
        return try record.flatMap { record in try codec.unlessForgotten { try record.turn(codec) } }
    }

    /// See `Ledger.unfinishedTurns(in:limit:)`.
    public func unfinishedTurns(in states: Set<Turn.State>, limit: Int) async throws -> [Turn] {
        try await turns(in: states.filter { !$0.isTerminal }, order: "ASC", limit: limit)
    }

    /// See `Ledger.recentTurns(limit:in:)`.
    public func recentTurns(limit: Int, in states: Set<Turn.State>?) async throws -> [Turn] {
        try await turns(in: states, order: "DESC", limit: limit)
    }

    private func turns(in states: Set<Turn.State>?, order: String, limit: Int) async throws -> [Turn] {
        let list = states.map { $0.map { String($0.code) }.sorted().joined(separator: ", ") }
        let records = try await read { database in
            try database.rows(
                """
                SELECT \(TurnRecord.columns) FROM turns \(list.map { "WHERE state IN (\($0))" } ?? "")
                ORDER BY id \(order) LIMIT ?
                """, [max(0, limit)]
            ).map { try TurnRecord($0) }
        }
        return try records.compactMap { record in try codec.unlessForgotten { try record.turn(codec) } }
    }

    /// See `Ledger.turnCounts()`.
    public func turnCounts() async throws -> [Turn.State: Int] {
        try await read { database in
            try database.rows("SELECT state, COUNT(*) AS count FROM turns GROUP BY state").reduce(into: [:]) { counts, row in
                counts[try Turn.State(code: row["state"])] = row["count"]
            }
        }
    }

    /// See `Ledger.begin(_:at:)`.
    public func begin(_ turn: TurnID, at now: Date) async throws {
        try await write { database in
            let current = try database.state(of: turn)
            guard current.allowsBegin else { throw StoreError.illegal(turn, from: current, to: .running) }
            try database.run(
                "UPDATE turns SET state = 1, attempts = attempts + 1, updated = ? WHERE id = ?",
                [now.timeIntervalSinceReferenceDate, turn.rawValue])
        }
    }

    /// See `Ledger.append(_:to:state:at:)`.
    public func append(_ entries: [JournalEntry], to turn: TurnID, state: Turn.State, at now: Date) async throws {
        let journal = try await sealedJournal(entries, of: turn)
        try await write { database in
            let current = try database.state(of: turn)
            guard current.allowsAppend(moving: state) else { throw StoreError.illegal(turn, from: current, to: state) }
            try database.addJournal(journal, to: turn)
            try database.move(turn, to: state, at: now)
        }
    }

    /// See `Ledger.journal(of:)`.
    public func journal(of turn: TurnID) async throws -> [JournalEntry] {
        let steps = try await read { database in
            try database.rows("SELECT payload FROM journal WHERE turn = ? ORDER BY step", [turn.rawValue]).map {
                $0["payload"] as Data
            }
        }
        return try steps.flatMap { step in
            try codec.unlessForgotten { try codec.open(step, "journal/\(turn)", as: [JournalEntry].self) } ?? []
        }
    }

    /// See `Ledger.finish(_:journal:replies:at:)`.
    public func finish(_ turn: TurnID, journal: [JournalEntry], replies: [OutboundMessage], at now: Date) async throws {
        let journal = try await sealedJournal(journal, of: turn)
        let replies = replies.map { reply in
            var reply = reply
            reply.turn = turn
            return reply
        }
        let records = try await records(of: replies, at: now).map(\.record)
        try await write { database in
            guard try database.state(of: turn).isOpen else { return }
            try database.addJournal(journal, to: turn)
            for record in records { try record.insert(database, at: now) }
            let waits = try !records.isEmpty && database.hasPendingMessages(turn)
            try database.move(turn, to: waits ? .replying : .delivered, at: now)
        }
    }

    /// See `Ledger.fail(_:reason:notice:at:)`.
    public func fail(_ turn: TurnID, reason: String, notice: OutboundMessage?, at now: Date) async throws {
        let owner = try await owner(of: turn)
        let failure = try codec.unlessForgotten { try owner.map { try codec.seal(text: reason, TurnRecord.failureContext(turn), by: $0) } } ?? nil
        var notice = notice
        notice?.turn = turn
        let record = try await records(of: notice.map { [$0] } ?? [], at: now).first?.record
        try await write { database in
            guard try database.state(of: turn).isOpen else { return }
            try record?.insert(database, at: now)
            try database.move(turn, to: .failed, at: now, failure: failure)
        }
    }

    /// All entries of one call in one sealed value; nil when there are none, or when nobody may read them.
    private func sealedJournal(_ entries: [JournalEntry], of turn: TurnID) async throws -> Data? {
        guard !entries.isEmpty, let owner = try await owner(of: turn) else { return nil }
        return try codec.unlessForgotten { try codec.seal(entries, "journal/\(turn)", by: owner) }
    }
}

extension Database {
    func state(of turn: TurnID) throws -> Turn.State {
        guard let row = try row("SELECT state FROM turns WHERE id = ?", [turn.rawValue]) else { throw StoreError.noTurn(turn) }
        return try Turn.State(code: row["state"])
    }

    func hasPendingMessages(_ turn: TurnID) throws -> Bool {
        try row("SELECT 1 FROM outbox WHERE turn = ? AND state = 0 LIMIT 1", [turn.rawValue]) != nil
    }

    func move(_ turn: TurnID, to state: Turn.State, at now: Date, failure: Data? = nil) throws {
        try run(
            "UPDATE turns SET state = ?, updated = ?, failure = COALESCE(?, failure) WHERE id = ?",
            [state.code, now.timeIntervalSinceReferenceDate, failure, turn.rawValue])
    }

    fileprivate func addJournal(_ payload: Data?, to turn: TurnID) throws {
        guard let payload else { return }
        try run(
            "INSERT INTO journal (turn, step, payload) SELECT ?1, COALESCE(MAX(step), 0) + 1, ?2 FROM journal WHERE turn = ?1",
            [turn.rawValue, payload])
    }
}
