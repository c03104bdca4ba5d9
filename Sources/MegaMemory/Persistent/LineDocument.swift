// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A line on its way into the search index, its words hashed under the keys of whom it belongs to.
struct LineDocument: Sendable {
    let row: Int64
    let conversation: Data
    private let owner: any DataSealer
    private let terms: String

    /// - Throws: `SealError`, `forgotten` when the person's keys were destroyed.
    init(_ row: Int64, _ conversation: Data, _ payload: Data, _ codec: RecordCodec) throws {
        self.row = row
        self.conversation = conversation
        owner = try codec.sealer.sealer(of: Array(payload))
        terms = SearchIndex.document(
            try codec.open(payload, LineRecord.context(conversation, codec), as: LineRecord.Payload.self).text, by: owner)
    }

    static func ownerContext(_ conversation: Data, _ codec: RecordCodec) -> String { "line owners/\(codec.hex(conversation))" }

    /// Adds it, and its owner to those of the conversation, whose words a search asks for.
    func add(_ database: Database, _ codec: RecordCodec) throws {
        try SearchIndex.lines.add(row, terms, in: codec.hex(conversation), database)
        let key = codec.key(owner: owner)
        guard try database.row("SELECT 1 FROM line_owners WHERE conversation = ? AND owner = ?", [conversation, key]) == nil else { return }
        let payload = try codec.unlessForgotten { try codec.seal(text: "", Self.ownerContext(conversation, codec), by: owner) }
        guard let payload else { return }
        try database.run("INSERT INTO line_owners (conversation, owner, payload) VALUES (?, ?, ?)", [conversation, key, payload])
    }
}
