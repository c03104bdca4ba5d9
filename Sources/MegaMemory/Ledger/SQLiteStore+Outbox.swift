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
    /// See `Ledger.enqueue(_:at:)`.
    @discardableResult
    public func enqueue(_ messages: [OutboundMessage], at now: Date) async throws -> [OutboundMessage.ID] {
        let records = try await records(of: messages, at: now).map { (id: $0.message.id, record: $0.record) }
        return try await write { database in try records.filter { try $0.record.insert(database, at: now) }.map(\.id) }
    }

    /// Messages as they go into the outbox; those to people who were forgotten meanwhile are left out.
    func records(of messages: [OutboundMessage], at now: Date) async throws -> [(message: OutboundMessage, record: OutboxRecord)] {
        let codec = codec
        var records: [(message: OutboundMessage, record: OutboxRecord)] = []
        for message in messages {
            guard let owner = try await owner(of: message),
                let record = try codec.unlessForgotten({ try OutboxRecord(message, at: now, codec, by: owner) })
            else { continue }
            records.append((message, record))
        }
        return records
    }

    /// See `Ledger.pendingOutbox(in:after:limit:)`.
    public func pendingOutbox(in conversation: ConversationID?, after: OutboundMessage.ID?, limit: Int) async throws -> [OutboxItem] {
        var condition = "WHERE state = 0"
        var arguments: StatementArguments = []
        if let conversation {
            condition += " AND conversation = ?"
            arguments += [codec.key(conversation)]
        }
        // Of a message that is not there any more the next call begins anew; nobody takes a message in twice.
        var last: Int64 = 0
        if let after {
            let key = codec.key(outbox: after)
            last = try await read { try $0.row("SELECT sequence FROM outbox WHERE key = ?", [key])?["sequence"] as Int64? } ?? 0
        }
        while true {
            let found = try await items(condition + " AND sequence > ? ORDER BY sequence LIMIT ?", arguments + [last, max(0, limit)])
            // None at all means that there are no more, so those that nobody can read any more are passed over here.
            guard found.items.isEmpty, let end = found.last else { return found.items }
            last = end
        }
    }

    /// See `Ledger.deadLetters(limit:)`.
    public func deadLetters(limit: Int) async throws -> [OutboxItem] {
        try await items("WHERE state = 2 ORDER BY sequence DESC LIMIT ?", [max(0, limit)]).items
    }

    private struct StoredItem: Sendable {
        let sequence: Int64
        let key: Data
        let state: OutboxItem.State
        let attempts: Int
        let due: Date
        let payload: Data
        let error: Data?
    }

    /// Those that can be read, and the number of the last that was looked at.
    private func items(_ condition: String, _ arguments: StatementArguments) async throws -> (items: [OutboxItem], last: Int64?) {
        let stored = try await read { database in
            try database.rows(
                "SELECT sequence, key, state, attempts, due, payload, error FROM outbox \(condition)", arguments
            ).map { row in
                StoredItem(
                    sequence: row["sequence"], key: row["key"], state: row["state"] == 0 ? .pending : .dead, attempts: row["attempts"],
                    due: Date(timeIntervalSinceReferenceDate: row["due"]), payload: row["payload"], error: row["error"])
            }
        }
        let items = try stored.compactMap { item in
            try codec.unlessForgotten {
                OutboxItem(
                    message: try codec.open(item.payload, OutboxRecord.context(item.key, codec)), state: item.state,
                    attempts: item.attempts, dueAt: item.due,
                    lastError: try item.error.map { try codec.open(text: $0, OutboxRecord.errorContext(item.key, codec)) })
            }
        }
        return (items, stored.last?.sequence)
    }

    /// See `Ledger.markDelivered(_:)`.
    public func markDelivered(_ deliveries: [Delivery]) async throws {
        let arrived = deliveries.map { (key: codec.key(outbox: $0.message), at: $0.receipt.deliveredAt) }
        try await write { database in
            for (key, time) in arrived {
                guard let message = try database.message(key) else { throw StoreError.noMessage() }
                guard message.state == 0 else { continue }
                // Its text lives on in the log; nobody reads it here again.
                try database.run("UPDATE outbox SET state = 1, payload = NULL, error = NULL WHERE key = ?", [key])
                guard let turn = message.turn, try database.isReplying(turn), try !database.hasPendingMessages(turn) else {
                    continue
                }
                try database.move(turn, to: .delivered, at: time)
            }
        }
    }

    /// See `Ledger.reschedule(_:dueAt:error:countsAsAttempt:)`.
    public func reschedule(_ id: OutboundMessage.ID, dueAt: Date, error: String, countsAsAttempt: Bool) async throws {
        let key = codec.key(outbox: id)
        let owner = try await owner(ofMessage: key)
        let reason = try codec.unlessForgotten { try owner.map { try codec.seal(text: error, OutboxRecord.errorContext(key, codec), by: $0) } } ?? nil
        try await write { database in
            guard try database.message(key) != nil else { throw StoreError.noMessage() }
            try database.run(
                "UPDATE outbox SET due = ?, error = ?, attempts = attempts + ? WHERE key = ? AND state = 0",
                [dueAt.timeIntervalSinceReferenceDate, reason, countsAsAttempt ? 1 : 0, key])
        }
    }

    /// See `Ledger.deadLetter(_:error:at:)`.
    public func deadLetter(_ id: OutboundMessage.ID, error: String, at now: Date) async throws {
        let codec = codec
        let key = codec.key(outbox: id)
        let owner = try await owner(ofMessage: key)
        let reason = try codec.unlessForgotten { try owner.map { try codec.seal(text: error, OutboxRecord.errorContext(key, codec), by: $0) } } ?? nil
        try await write { database in
            guard let message = try database.message(key) else { throw StoreError.noMessage() }
            guard message.state == 0 else { return }
            try database.run("UPDATE outbox SET state = 2, error = ?, attempts = attempts + 1 WHERE key = ?", [reason, key])
            guard let turn = message.turn, try database.isReplying(turn) else { return }
            let text = "the answer could not be delivered: \(error)"
            let failure = try codec.unlessForgotten { try owner.map { try codec.seal(text: text, TurnRecord.failureContext(turn), by: $0) } } ?? nil
            try database.move(turn, to: .failed, at: now, failure: failure)
        }
    }
}

extension Database {
    fileprivate func message(_ key: Data) throws -> (state: Int, turn: TurnID?)? {
        guard let row = try row("SELECT state, turn FROM outbox WHERE key = ?", [key]) else { return nil }
        let turn: Int64? = row["turn"]
        return (row["state"], turn.map { TurnID(rawValue: $0) })
    }

    fileprivate func isReplying(_ turn: TurnID) throws -> Bool {
        try row("SELECT 1 FROM turns WHERE id = ? AND state = 3", [turn.rawValue]) != nil
    }
}
