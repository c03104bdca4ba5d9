// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import Synchronization

/// How far a sender is trusted, and what becomes of those who are not.
extension Orchestrator {
    static let unknownSender = "the sender is not on the list of known people"

    /// Whether nobody may work on the turn because of who sent it.
    func isRefused(_ turn: Turn) -> Bool {
        turn.message.trust == .unknown && people.withLock { $0.unknown } == .refuse
    }

    /// How far the sender is trusted by now.
    func currentTrust(of turn: Turn) -> TrustLabel {
        people.withLock { $0 }.trust(turn.message.sender, on: turn.message.conversation.channel.platform)
    }

    /// Told to the audit; a refusal stands even when the audit is in trouble.
    func noteRefusal(of turn: Turn) async {
        do {
            try await audit.record(
                AuditRecord(
                    .senderRefused, at: dependencies.now(), turn: turn.id, person: turn.person,
                    details: ["channel": turn.message.conversation.channel.description]))
        } catch {
            logger.error("a refused sender could not be noted in the audit", metadata: ["turn": "\(turn.id)", "error": "\(error)"])
        }
    }
}
