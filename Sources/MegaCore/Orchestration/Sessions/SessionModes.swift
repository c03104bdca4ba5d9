// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The mode of every conversation; durable, so a restart gives no more rights than there were.
actor SessionModes {
    private let ledger: any Ledger
    private let initial: Mode
    private var known: [ConversationID: Mode] = [:]

    init(ledger: any Ledger, initial: Mode) {
        self.ledger = ledger
        self.initial = initial
    }

    func mode(of conversation: ConversationID) async throws -> Mode {
        if let mode = known[conversation] { return mode }
        let mode = try await ledger.mode(of: conversation) ?? initial
        // Bounded: the store knows the rest.
        if known.count >= 10_000 { known.removeAll(keepingCapacity: true) }
        known[conversation] = mode
        return mode
    }

    func set(_ mode: Mode, of conversation: ConversationID) async throws {
        try await ledger.setMode(mode, of: conversation)
        known[conversation] = mode
    }
}
