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
    /// See `Ledger.save(_:)`.
    public func save(_ request: ApprovalRequest) async throws {
        let key = codec.key(request.id)
        let conversation = codec.key(request.conversation)
        let owner = try await owner(of: request.turn)
        guard let payload = try codec.unlessForgotten({ try owner.map { try codec.seal(request, "approvals/\(codec.hex(key))", by: $0) } }) ?? nil else {
            // Whoever asked for it was forgotten: an open question would be answered for nobody.
            return try await write { try $0.run("DELETE FROM approvals WHERE key = ?", [key]) }
        }
        let isOpen = request.decision == nil
        try await write { database in
            try database.run(
                """
                INSERT INTO approvals (key, turn, conversation, open, payload) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET open = excluded.open, payload = excluded.payload
                """, [key, request.turn.rawValue, conversation, isOpen, payload])
        }
    }

    /// See `Ledger.pendingApprovals()`.
    public func pendingApprovals() async throws -> [ApprovalRequest] {
        try await approvals("open = 1 ORDER BY id", [])
    }

    /// See `Ledger.recentApprovals(limit:)`.
    public func recentApprovals(limit: Int) async throws -> [ApprovalRequest] {
        try await approvals("1 ORDER BY id DESC LIMIT ?", [max(0, limit)])
    }

    /// See `Ledger.approval(_:)`.
    public func approval(_ id: ApprovalRequest.ID) async throws -> ApprovalRequest? {
        try await approvals("key = ?", [codec.key(id)]).first
    }

    private func approvals(_ condition: String, _ arguments: StatementArguments) async throws -> [ApprovalRequest] {
        let stored = try await read { database in
            try database.rows("SELECT key, payload FROM approvals WHERE \(condition)", arguments).map {
                ($0["key"] as Data, $0["payload"] as Data)
            }
        }
        return try stored.compactMap { key, payload in try codec.unlessForgotten { try codec.open(payload, "approvals/\(codec.hex(key))") } }
    }

    /// See `Ledger.save(_:)`.
    public func save(_ grant: ApprovalGrant) async throws {
        let key = codec.key(grant)
        let payload = try codec.seal(grant, "grants/\(codec.hex(key))", by: try await codec.sealer.sealer(for: grant.person))
        let isOpen = grant.endedAt == nil
        try await write { database in
            try database.run(
                """
                INSERT INTO grants (key, open, payload) VALUES (?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET open = excluded.open, payload = excluded.payload
                """, [key, isOpen, payload])
        }
    }

    /// See `Ledger.grants()`.
    public func grants() async throws -> [ApprovalGrant] {
        let stored = try await read { database in
            try database.rows("SELECT key, payload FROM grants WHERE open = 1 ORDER BY id", []).map { ($0["key"] as Data, $0["payload"] as Data) }
        }
        return try stored.compactMap { key, payload in try codec.unlessForgotten { try codec.open(payload, "grants/\(codec.hex(key))") } }
    }

    static let killSwitches = "kill switches"

    /// See `Ledger.setKillSwitches(_:)`.
    public func setKillSwitches(_ switches: [KillSwitch]) async throws {
        let sealed = try codec.seal(switches, Self.killSwitches)
        try await write {
            try $0.run("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [Self.killSwitches, sealed])
        }
    }

    /// See `Ledger.killSwitches()`.
    public func killSwitches() async throws -> [KillSwitch] {
        let sealed = try await read { try $0.row("SELECT value FROM meta WHERE name = ?", [Self.killSwitches])?["value"] as Data? }
        return try sealed.map { try codec.open($0, Self.killSwitches) } ?? []
    }
}
