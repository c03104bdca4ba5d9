// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whose keys something is sealed under. What belongs to a turn (its journal, the answers, requests for approval, why it failed) belongs to
/// the person whose message the turn is about, so that nothing of it can be read once that person is forgotten.
extension SQLiteStore {
    /// The sealer for what belongs to a turn; nil when its person was forgotten, and what belongs to it must not be kept.
    func owner(of turn: TurnID) async throws -> (any DataSealer)? {
        if let known = owners[turn] { return known }
        let payload = try await read { try $0.row("SELECT payload FROM turns WHERE id = ?", [turn.rawValue])?["payload"] as Data? }
        // Without the turn, whatever is written next says so itself.
        guard let payload else { return codec.sealer }
        let owner = try codec.unlessForgotten { try codec.sealer.sealer(of: Array(payload)) }
        if let owner { owners.keep(owner, of: turn) }
        return owner
    }

    /// The sealer for a message: of its turn, or, when it belongs to none, of the one who wrote last in its conversation.
    func owner(of message: OutboundMessage) async throws -> (any DataSealer)? {
        if let turn = message.turn { return try await owner(of: turn) }
        return try await owner(in: codec.key(message.conversation))
    }

    /// The sealer for what is said in a conversation without being asked for.
    func owner(in conversation: Data) async throws -> (any DataSealer)? {
        let last = try await read {
            try $0.row("SELECT id FROM turns WHERE conversation = ? ORDER BY id DESC LIMIT 1", [conversation])?["id"] as Int64?
        }
        guard let last else { return codec.sealer }
        return try await owner(of: TurnID(rawValue: last))
    }

    /// The sealer for what became of a message.
    func owner(ofMessage key: Data) async throws -> (any DataSealer)? {
        let payload = try await read { try $0.row("SELECT payload FROM outbox WHERE key = ?", [key])?["payload"] as Data? }
        guard let payload else { return codec.sealer }
        return try codec.unlessForgotten { try codec.sealer.sealer(of: Array(payload)) }
    }
}
