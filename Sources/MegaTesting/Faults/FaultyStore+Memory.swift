// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

extension FaultyStore {
    /// See `ConversationLog.recentEntries(in:before:limit:)`.
    public func recentEntries(
        in conversation: ConversationID, before: TurnID?, limit: Int
    ) async throws -> [LogEntry] {
        try await read { try await base.recentEntries(in: conversation, before: before, limit: limit) }
    }

    /// See `ConversationLog.searchEntries(in:matching:limit:)`.
    public func searchEntries(
        in conversation: ConversationID, matching query: String, limit: Int
    ) async throws -> [LogEntry] {
        try await read { try await base.searchEntries(in: conversation, matching: query, limit: limit) }
    }

    /// See `ConversationLog.clear(_:)`.
    @discardableResult
    public func clear(_ conversation: ConversationID) async throws -> Int {
        try await write(.clear) { try await base.clear(conversation) }
    }

    /// See `MemoryStore.save(_:)`.
    public func save(_ memory: Memory) async throws {
        try await write(.saveMemory) { try await base.save(memory) }
    }

    /// See `MemoryStore.recall(_:of:limit:)`.
    public func recall(_ query: String, of person: PersonID, limit: Int) async throws -> [RecalledMemory] {
        try await read { try await base.recall(query, of: person, limit: limit) }
    }

    /// See `MemoryStore.memories(of:limit:)`.
    public func memories(of person: PersonID, limit: Int) async throws -> [Memory] {
        try await read { try await base.memories(of: person, limit: limit) }
    }

    /// See `MemoryStore.forget(_:of:)`.
    public func forget(_ id: Memory.ID, of person: PersonID) async throws -> Bool {
        try await write(.forget) { try await base.forget(id, of: person) }
    }

    /// See `MemoryStore.forgetAll(of:)`.
    public func forgetAll(of person: PersonID) async throws {
        try await write(.forget) { try await base.forgetAll(of: person) }
    }
}
