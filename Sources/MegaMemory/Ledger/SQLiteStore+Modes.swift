// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
public import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStore {
    /// The mode a conversation was set to, or nil when it never was.
    public func mode(of conversation: ConversationID) async throws -> Mode? {
        let (name, context) = modePlace(of: conversation)
        let sealed = try await read { try $0.row("SELECT value FROM meta WHERE name = ?", [name])?["value"] as Data? }
        guard let sealed else { return nil }
        return Mode(rawValue: try codec.open(text: sealed, context))
    }

    /// Sets a conversation's mode. Durable on return.
    public func setMode(_ mode: Mode, of conversation: ConversationID) async throws {
        let (name, context) = modePlace(of: conversation)
        let sealed = try codec.seal(text: mode.rawValue, context)
        try await write { try $0.run("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, sealed]) }
    }

    /// The row of a conversation's mode, and what the mode is sealed to.
    private func modePlace(of conversation: ConversationID) -> (name: String, context: String) {
        let key = codec.hex(codec.key(conversation))
        return ("mode \(key)", "modes/\(key)")
    }
}
