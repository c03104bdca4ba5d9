// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Looks at every accepted message before a session gets it: pairing, gating, limits, translation.
///
/// Implement this for what is the same on every platform; implement ``MessagingAdapter`` for what is special to one.
/// Middleware runs in the order given, after the message is durable.
public protocol MessageMiddleware: Sendable {
    /// Decides about one message.
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
