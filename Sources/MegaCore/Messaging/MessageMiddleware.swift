// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Looks at messages before an agent does: pairing, gating, limits, translation.
///
/// Implement this for what is the same on every platform; implement ``MessagingAdapter`` for what is special to one.
///
/// Middleware runs in the order given, as the first step of the turn itself: the message is durable, its turn has begun and takes a place
/// at work. It sees every message an agent would get. It does not see `!commands`, messages of unknown senders where those are refused,
/// and messages of a group that are not meant for the bot. When a turn is begun again after a restart, it is asked again for the same turn;
/// ``Turn/attempts`` tells.
public protocol MessageMiddleware: Sendable {
    /// Decides about one message. May be asked again for the same turn, after a restart.
    ///
    /// - Throws: Anything; the turn fails, and the person is told the error's description.
    func handle(_ turn: Turn) async throws -> MiddlewareDecision
}

/// What a middleware wants done.
public enum MiddlewareDecision: Sendable {
    /// Go on, perhaps with a changed turn.
    case proceed(Turn)
    /// Go on after this time, with this notice to the person now. The turn waits without taking another's place at work; after a restart
    /// the middleware is asked again.
    case wait(Duration, notice: String?)
    /// Answer with this text; no agent sees the message.
    case answer(String, kind: OutboundMessage.Kind)
    /// End the turn without an answer. The reason is kept in the ledger.
    case drop(reason: String)
}
