// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why a send failed, and what the outbox should do about it.
public struct DeliveryError: Error, Sendable, CustomStringConvertible {
    /// What to do next.
    public enum Recovery: Sendable, Hashable {
        /// Try again with back-off, not before the given time has passed when there is one.
        case retry(after: Duration?)
        /// Wait until the recipient is there again; does not count as an attempt.
        case recipientAway
        /// Never try again: the platform refuses this message or this recipient for good.
        case giveUp
    }

    /// What to do next.
    public let recovery: Recovery
    /// In words for the log and the person; holds no message text and no secrets.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { "delivery failed: \(reason)" }

    /// Makes an error.
    public init(_ recovery: Recovery, reason: String) {
        self.recovery = recovery
        self.reason = reason
    }
}
