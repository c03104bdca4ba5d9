// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

extension Orchestrator {
    /// Ends a turn with its replies, or without any.
    func end(_ turn: Turn, journal: [JournalEntry], replies: [OutboundMessage]) async throws {
        try await approvals.withdraw(turn: turn.id)
        let replies = replies.flatMap(fitted)
        let now = dependencies.now()
        try await writer.write("finish turn") { try await $0.finish(turn.id, journal: journal, replies: replies, at: now) }
        if !replies.isEmpty { await outbox.add(replies) } else { direct.turnEnded(turn.message, .success("")) }
    }

    /// Ends a turn as failed, with a notice for the person when there is one.
    func fail(_ turn: Turn, _ code: TurnFailedError.Code, reason: String, notice: String?) async throws {
        try await approvals.withdraw(turn: turn.id)
        let now = dependencies.now()
        // One message; the ledger keeps the whole reason.
        let message = notice.flatMap { fitted(reply(to: turn, .error, [.text($0)])).first }
        try await writer.write("fail turn") { try await $0.fail(turn.id, reason: reason, notice: message, at: now) }
        direct.turnEnded(turn.message, .failure(TurnFailedError(code, turn: turn.id, reason: reason)))
        if let message { await outbox.add([message]) }
    }

    /// A turn that brought no answer: stopped by a person, cut off by shutdown, or failed.
    ///
    /// The turn's task may be cancelled by now; what ended it is noted all the same, in a task of its own.
    func endWithoutAnswer(_ turn: Turn, _ error: any Error, wasCancelled: Bool) async {
        await Task {
            do {
                try await self.noteEnd(of: turn, error, wasCancelled: wasCancelled)
            } catch {
                guard !(error is CancellationError) else { return }
                self.logger.error("end of a turn could not be noted", metadata: ["turn": "\(turn.id)", "error": "\(error)"])
            }
        }.value
    }

    private func noteEnd(of turn: Turn, _ error: any Error, wasCancelled: Bool) async throws {
        if wasCancelled {
            // Shutdown leaves the turn as it is, to go on at the next start; only a person's !stop ends it.
            guard stopped.contains(turn.id) else { return }
            return try await fail(turn, .stopped, reason: "stopped by the owner", notice: nil)
        }
        let text = redacted("\(error)")
        logger.warning("turn failed", metadata: ["turn": "\(turn.id)", "error": "\(text)"])
        try await fail(turn, .failed, reason: text, notice: "I could not answer: \(text)")
    }

    /// The text without secrets, or words that say why there is none.
    func redacted(_ text: String) -> String {
        do { return try redactor.redact(text) } catch { return "an error that could not be checked for secrets" }
    }

    /// The message as its channel can carry it, perhaps as several.
    func fitted(_ message: OutboundMessage) -> [OutboundMessage] {
        adapters[message.conversation.channel].map { message.fitted(to: $0.capabilities) } ?? [message]
    }

    func reply(
        to turn: Turn, _ kind: OutboundMessage.Kind, _ content: [ContentPart], trust: TrustLabel = .tool
    ) -> OutboundMessage {
        // The id follows from the turn, so that a repeated turn cannot answer twice.
        OutboundMessage(
            id: turn.id.replyID, conversation: turn.message.conversation, kind: kind, content: content, replyTo: turn.message.id,
            turn: turn.id, metadata: turn.message.metadata, trust: TrustLabel.tool.weaker(trust))
    }
}

extension TurnID {
    /// The idempotency key of what ends the turn.
    var replyID: OutboundMessage.ID { "turn-\(self)" }
}
