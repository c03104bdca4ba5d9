// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

extension InMemoryStore {
    /// See ``ConversationLog/recentEntries(in:before:limit:)``.
    public func recentEntries(in conversation: ConversationID, before: TurnID?, limit: Int) async throws -> [LogEntry] {
        let lines = state.withLock { $0.lines[conversation] ?? [] }
        guard let before else { return Array(lines.suffix(max(0, limit))) }
        return Array(lines.filter { ($0.turn.map { $0 < before }) ?? true }.suffix(max(0, limit)))
    }

    /// See ``ConversationLog/searchEntries(in:matching:limit:)``.
    public func searchEntries(in conversation: ConversationID, matching query: String, limit: Int) async throws -> [LogEntry] {
        let lines = state.withLock { $0.lines[conversation] ?? [] }
        return Self.rank(lines.reversed(), text: \.text, query: query).prefix(max(0, limit)).map(\.0)
    }

    /// See ``ConversationLog/clear(_:)``.
    @discardableResult
    public func clear(_ conversation: ConversationID) async throws -> Int {
        state.withLock { state in
            let lines = state.lines[conversation] ?? []
            let kept = lines.filter(\.isKept)
            state.lines[conversation] = kept.isEmpty ? nil : kept
            for id in state.ended {
                guard var turn = state.turns[id], turn.message.conversation == conversation else { continue }
                turn.message = turn.message.withoutContent
                turn.failure = nil
                state.turns[id] = turn
                state.journals[id] = nil
            }
            for (id, queued) in state.outbox where queued.item.state != .pending && queued.item.message.conversation == conversation
            {
                state.outbox[id]?.item.message = queued.item.message.withoutContent
                state.outbox[id]?.item.lastError = nil
            }
            let gone = state.approvals.values.filter {
                $0.conversation == conversation && state.turns[$0.turn]?.state.isTerminal ?? true
            }.map(\.id)
            for id in gone { state.approvals[id] = nil }
            state.approvalOrder.removeAll { gone.contains($0) }
            return lines.count - kept.count
        }
    }

    /// See ``MemoryStore/save(_:)``.
    public func save(_ memory: Memory) async throws {
        state.withLock { state in
            state.memories[memory.person, default: []].removeAll { $0.id == memory.id }
            state.memories[memory.person, default: []].append(memory)
        }
    }

    /// See ``MemoryStore/recall(_:of:limit:)``.
    public func recall(_ query: String, of person: PersonID, limit: Int) async throws -> [RecalledMemory] {
        let newest = try await memories(of: person, limit: .max)
        return Self.rank(newest, text: \.text, query: query).prefix(max(0, limit)).map { RecalledMemory(memory: $0, score: $1) }
    }

    /// See ``MemoryStore/memories(of:limit:)``.
    public func memories(of person: PersonID, limit: Int) async throws -> [Memory] {
        let all = state.withLock { $0.memories[person] ?? [] }
        return Array(all.reversed().sorted { $0.createdAt > $1.createdAt }.prefix(max(0, limit)))
    }

    /// See ``MemoryStore/forget(_:of:)``.
    public func forget(_ id: Memory.ID, of person: PersonID) async throws -> Bool {
        state.withLock { state in
            let before = state.memories[person]?.count ?? 0
            state.memories[person]?.removeAll { $0.id == id }
            return (state.memories[person]?.count ?? 0) < before
        }
    }

    /// See ``MemoryStore/forgetAll(of:)``.
    public func forgetAll(of person: PersonID) async throws {
        state.withLock { $0.memories[person] = nil }
    }

    /// Items that share a term with the query, best first: rare terms weigh more, and of equals the newer one (first given) wins.
    /// Without a usable term in the query everything, as given.
    private static func rank<Item>(_ items: [Item], text: (Item) -> String, query: String) -> [(Item, Double)] {
        let wanted = Set(SearchTerms.terms(of: query))
        if wanted.isEmpty { return items.map { ($0, 0) } }
        let documents = items.map { Set(SearchTerms.terms(of: text($0))) }
        let weights = wanted.reduce(into: [String: Double]()) { weights, term in
            let frequency = documents.count { $0.contains(term) }
            weights[term] = Double(documents.count + 1) / Double(frequency + 1)
        }
        var found: [(item: Item, score: Double, position: Int)] = []
        for (position, document) in documents.enumerated() {
            let score = wanted.reduce(0.0) { $0 + (document.contains($1) ? (weights[$1] ?? 0) : 0) }
            if score > 0 { found.append((items[position], score, position)) }
        }
        found.sort { $0.score == $1.score ? $0.position < $1.position : $0.score > $1.score }
        return found.map { ($0.item, $0.score) }
    }
}
