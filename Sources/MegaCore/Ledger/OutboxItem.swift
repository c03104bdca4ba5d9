// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A message that waits for delivery, or waited.
public struct OutboxItem: Sendable, Hashable, Codable {
    /// Where a message stands.
    public enum State: String, Sendable, Hashable, Codable {
        case pending, delivered, dead
    }

    /// What is to be sent.
    public var message: OutboundMessage
    /// Where it stands.
    public var state: State
    /// Failed attempts so far.
    public var attempts: Int
    /// Not to be tried before this time.
    public var dueAt: Date
    /// Why the last attempt failed; no message text.
    public var lastError: String?

    /// Makes an item.
    public init(message: OutboundMessage, state: State = .pending, attempts: Int = 0, dueAt: Date, lastError: String? = nil) {
        self.message = message
        self.state = state
        self.attempts = attempts
        self.dueAt = dueAt
        self.lastError = lastError
    }
}
