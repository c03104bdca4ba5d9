// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Turn.State {
    /// The number that stands for the state in the database.
    var code: Int {
        switch self {
        case .received: 0
        case .running: 1
        case .waitingApproval: 2
        case .replying: 3
        case .delivered: 4
        case .failed: 5
        }
    }

    init(code: Int) throws {
        guard let state = Self.allCases.first(where: { $0.code == code }) else {
            throw StoreError(.corrupt, reason: "a turn has the unknown state \(code); restore a backup")
        }
        self = state
    }
}

/// The sealed part of a turn.
struct TurnPayload: Codable, Sendable {
    var message: InboundMessage
    var person: PersonID
}

/// A turn as it stands in its row.
struct TurnRecord: Sendable {
    static let columns = "id, dedupe, state, attempts, received, updated, payload, failure"

    let id: TurnID
    let dedupe: Data
    let state: Turn.State
    let attempts: Int
    let received: Date
    let updated: Date
    let payload: Data
    let failure: Data?

    init(_ row: Row) throws {
        id = TurnID(rawValue: row["id"])
        dedupe = row["dedupe"]
        state = try Turn.State(code: row["state"])
        attempts = row["attempts"]
        received = Date(timeIntervalSinceReferenceDate: row["received"])
        updated = Date(timeIntervalSinceReferenceDate: row["updated"])
        payload = row["payload"]
        failure = row["failure"]
    }

    static func context(_ dedupe: Data, _ codec: RecordCodec) -> String { "turns/\(codec.hex(dedupe))" }
    static func failureContext(_ id: TurnID) -> String { "failures/\(id)" }

    func turn(_ codec: RecordCodec) throws -> Turn {
        let opened: TurnPayload = try codec.open(payload, Self.context(dedupe, codec))
        return Turn(
            id: id, message: opened.message, person: opened.person, state: state, attempts: attempts, receivedAt: received,
            updatedAt: updated, failure: try failure.map { try codec.open(text: $0, Self.failureContext(id)) })
    }
}

/// A line of a conversation on its way into the log.
struct LineRecord: Sendable {
    struct Payload: Codable, Sendable {
        var text: String
        var author: String?
    }

    let entry: LogEntry
    let conversation: Data
    let payload: Data

    /// - Parameter owner: The sealer of the person it belongs to: who wrote it, or whom it answers.
    init?(_ entry: LogEntry?, _ codec: RecordCodec, by owner: (any DataSealer)? = nil) throws {
        guard let entry else { return nil }
        self.entry = entry
        conversation = codec.key(entry.conversation)
        payload = try codec.seal(Payload(text: entry.text, author: entry.author), Self.context(conversation, codec), by: owner)
    }

    static func context(_ conversation: Data, _ codec: RecordCodec) -> String { "lines/\(codec.hex(conversation))" }

    func insert(_ database: Database, turn: TurnID?) throws {
        try database.run(
            "INSERT INTO lines (conversation, turn, role, trust, time, kept, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                conversation, turn?.rawValue, entry.role.rawValue, entry.trust.rawValue,
                entry.timestamp.timeIntervalSinceReferenceDate, entry.isKept, payload,
            ])
    }
}

/// A message on its way into the outbox, with the line it makes.
struct OutboxRecord: Sendable {
    let key: Data
    let conversation: Data
    let turn: TurnID?
    let payload: Data
    let line: LineRecord?

    init(_ message: OutboundMessage, at now: Date, _ codec: RecordCodec, by owner: any DataSealer) throws {
        key = codec.key(outbox: message.id)
        conversation = codec.key(message.conversation)
        turn = message.turn
        payload = try codec.seal(message, Self.context(key, codec), by: owner)
        line = try LineRecord(LogEntry(of: message, at: now), codec, by: owner)
    }

    static func context(_ key: Data, _ codec: RecordCodec) -> String { "outbox/\(codec.hex(key))" }
    static func errorContext(_ key: Data, _ codec: RecordCodec) -> String { "outbox errors/\(codec.hex(key))" }

    /// Leaves a message that is already there alone, and its line too; false then.
    @discardableResult
    func insert(_ database: Database, at now: Date) throws -> Bool {
        try database.run(
            """
            INSERT INTO outbox (key, conversation, turn, state, due, payload) VALUES (?, ?, ?, 0, ?, ?) ON CONFLICT (key) DO NOTHING
            """, [key, conversation, turn?.rawValue, now.timeIntervalSinceReferenceDate, payload])
        guard database.changesCount > 0 else { return false }
        try line?.insert(database, turn: turn)
        return true
    }
}
