// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One accepted message on its way to an answer.
public struct Turn: Sendable, Hashable, Codable {
    /// Where a turn stands. Every turn ends in one of the two terminal states.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        /// Durable, not worked on yet.
        case received
        /// An agent is at work.
        case running
        /// A person has been asked.
        case waitingApproval
        /// The answer is in the outbox.
        case replying
        /// Everything that had to be said has arrived. Terminal.
        case delivered
        /// It ended without an answer, or the answer could not be delivered. ``Turn/failure`` says why. Terminal.
        case failed

        /// Whether nothing more will happen.
        public var isTerminal: Bool { self == .delivered || self == .failed }
    }

    /// The ledger's number of it.
    public var id: TurnID
    /// The message that began it.
    public var message: InboundMessage
    /// Whom the message is from, across platforms.
    public var person: PersonID
    /// Where it stands.
    public var state: State
    /// How often work on it was begun; more than one after a restart.
    public var attempts: Int
    /// When it became durable.
    public var receivedAt: Date
    /// When its state changed last.
    public var updatedAt: Date
    /// Why it failed, for people.
    public var failure: String?

    /// Makes a turn as a store read it.
    public init(
        id: TurnID, message: InboundMessage, person: PersonID, state: State = .received, attempts: Int = 0,
        receivedAt: Date, updatedAt: Date, failure: String? = nil
    ) {
        self.id = id
        self.message = message
        self.person = person
        self.state = state
        self.attempts = attempts
        self.receivedAt = receivedAt
        self.updatedAt = updatedAt
        self.failure = failure
    }
}
