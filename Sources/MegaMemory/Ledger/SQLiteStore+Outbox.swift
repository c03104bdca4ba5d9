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
        let codec = codec
        let records = try messages.map { (id: $0.id, record: try OutboxRecord($0, at: now, codec)) }
        return try await write { database in try records.filter { try $0.record.insert(database, at: now) }.map(\.id) }
    }

    /// See `Ledger.pendingOutbox(in:after:limit:)`.
    public func pendingOutbox(in conversation: ConversationID?, after: OutboundMessage.ID?, limit: Int) async throws -> [OutboxItem] {
        var condition = "WHERE state = 0"
        var arguments: StatementArguments = []
        if let conversation {
            condition += " AND conversation = ?"
            arguments += [codec.key(conversation)]
        }
        if let after {
            // Of a message that is not there any more the next call begins anew; nobody takes a message in twice.
            condition += " AND sequence > COALESCE((SELECT sequence FROM outbox WHERE key = ?), 0)"
            arguments += [codec.key(outbox: after)]
        }
        return try await items(condition + " ORDER BY sequence LIMIT ?", arguments + [max(0, limit)])
    }

    /// See `Ledger.deadLetters(limit:)`.
    public func deadLetters(limit: Int) async throws -> [OutboxItem] {
        try await items("WHERE state = 2 ORDER BY sequence DESC LIMIT ?", [max(0, limit)])
    }

    private struct StoredItem: Sendable {
        let key: Data
        let state: OutboxItem.State
        let attempts: Int
        let due: Date
        let payload: Data
        let error: Data?
    }

    private func items(_ condition: String, _ arguments: StatementArguments) async throws -> [OutboxItem] {
        let stored = try await read { database in
            try database.rows(
                "SELECT key, state, attempts, due, payload, error FROM outbox \(condition)", arguments
            ).map { row in
                StoredItem(
                    key: row["key"], state: row["state"] == 0 ? .pending : .dead, attempts: row["attempts"],
                    due: Date(timeIntervalSinceReferenceDate: row["due"]), payload: row["payload"], error: row["error"])
            }
        }
        return try stored.map { item in
            OutboxItem(
                message: try codec.open(item.payload, OutboxRecord.context(item.key, codec)), state: item.state,
                attempts: item.attempts, dueAt: item.due,
                lastError: try item.error.map { try codec.open(text: $0, OutboxRecord.errorContext(item.key, codec)) })
        }
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
        let reason = try codec.seal(text: error, OutboxRecord.errorContext(key, codec))
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
        let reason = try codec.seal(text: error, OutboxRecord.errorContext(key, codec))
        try await write { database in
            guard let message = try database.message(key) else { throw StoreError.noMessage() }
            guard message.state == 0 else { return }
            try database.run("UPDATE outbox SET state = 2, error = ?, attempts = attempts + 1 WHERE key = ?", [reason, key])
            guard let turn = message.turn, try database.isReplying(turn) else { return }
            let failure = try codec.seal(text: "the answer could not be delivered: \(error)", TurnRecord.failureContext(turn))
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
