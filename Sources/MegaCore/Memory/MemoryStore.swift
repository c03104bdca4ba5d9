// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Something worth knowing beyond one conversation.
public struct Memory: Sendable, Hashable, Codable, Identifiable {
    /// What sort of thing is remembered.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case fact, preference, lesson
    }

    /// Chosen by whoever saves it; the same again replaces the memory.
    public var id: String
    /// Whose memory it is. Nobody else's recall finds it.
    public var person: PersonID
    /// What sort of thing it is.
    public var kind: Kind
    /// What is remembered, as a sentence that stands alone.
    public var text: String
    /// Who said it.
    public var trust: TrustLabel
    /// The turn it was learned in.
    public var source: TurnID?
    /// When it was learned.
    public var createdAt: Date

    /// Makes a memory; saving it is another matter.
    public init(
        id: String, person: PersonID, kind: Kind = .fact, text: String, trust: TrustLabel, source: TurnID? = nil, createdAt: Date
    ) {
        self.id = id
        self.person = person
        self.kind = kind
        self.text = text
        self.trust = trust
        self.source = source
        self.createdAt = createdAt
    }
}

/// A memory that answers a query, with how well.
public struct RecalledMemory: Sendable, Hashable {
    /// What was found.
    public var memory: Memory
    /// Higher is better; comparable within one result only.
    public var score: Double

    /// Makes a result.
    public init(memory: Memory, score: Double) {
        self.memory = memory
        self.score = score
    }
}

/// Persistent memory, kept per person.
///
/// Implement this to keep memories somewhere else, for example in an index of vectors, and give it to the orchestrator as `memory:`. Check
/// yours with `MemoryStoreConformance` of MegaTesting: its `contract` holds for every store, its `wordSearch` for those that search words.
/// Every query names the person whose memory is asked; a recall across persons cannot be expressed.
public protocol MemoryStore: Sendable {
    /// Stores a memory. The same id again replaces it. Durable on return.
    func save(_ memory: Memory) async throws

    /// Memories of a person that fit a query, best first, at most `limit`. How a memory fits is the store's own affair; those in
    /// this package compare ``SearchTerms``, and answer a query without words with the newest.
    func recall(_ query: String, of person: PersonID, limit: Int) async throws -> [RecalledMemory]

    /// A person's memories, newest first.
    func memories(of person: PersonID, limit: Int) async throws -> [Memory]

    /// Deletes one memory for good. Returns false when the person has none of that id.
    func forget(_ id: Memory.ID, of person: PersonID) async throws -> Bool

    /// Deletes all of a person's memories for good.
    func forgetAll(of person: PersonID) async throws
}
