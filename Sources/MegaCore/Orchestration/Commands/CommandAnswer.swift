// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a `!command` answers, and what clients should know beside the words.
struct CommandAnswer: Sendable {
    /// The answer in words.
    var text: String
    /// The card it decided: that question needs no answer any more.
    var decided: ApprovalRequest.ID?
    /// The turn it ended, which gets no answer of its own.
    var ended: TurnID?

    init(_ text: String, decided: ApprovalRequest.ID? = nil, ended: TurnID? = nil) {
        self.text = text
        self.decided = decided
        self.ended = ended
    }

    /// The key of ``OutboundMessage/metadata`` under which clients find ``ended``.
    static let endedKey = "ended_turn"
}
