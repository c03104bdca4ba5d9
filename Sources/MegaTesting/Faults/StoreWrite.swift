// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One write an orchestrator asked its store for, as ``FaultyStore`` sees it.
public struct StoreWrite: Sendable, Hashable, CustomStringConvertible {
    /// What is written.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// An inbound message with its dedupe key and cursor.
        case record
        /// The beginning of work on a turn.
        case begin
        /// Journal entries of a turn.
        case append
        /// The successful end of a turn, with its replies.
        case finish
        /// The end of a turn without success.
        case fail
        /// Messages that belong to no finished turn.
        case enqueue
        /// Arrivals.
        case markDelivered
        /// A failed attempt to deliver.
        case reschedule
        /// A message given up.
        case deadLetter
        /// An approval request, or its decision.
        case saveApproval
        /// A grant, its use or its end.
        case saveGrant
        /// The kill switches.
        case setKillSwitches
        /// A conversation's mode.
        case setMode
        /// A memory stored.
        case saveMemory
        /// A memory deleted, or all of a person's.
        case forget
        /// A conversation's history deleted.
        case clear
        /// Turns deleted that ended long ago.
        case prune
    }

    /// Counts the writes of one store, from 1.
    public let number: Int
    /// What is written.
    public let kind: Kind
    /// The number and the kind.
    public var description: String { "write \(number) (\(kind.rawValue))" }
}

/// What ``FaultyStore`` does to a write.
public enum StoreFault: Sendable {
    /// The write fails with this error and changes nothing.
    case fail(any Error)
    /// The process dies before the write: nothing is written, this call and every later one never comes back.
    case crashBefore
    /// The process dies after the write: it is durable, but this call and every later one never comes back.
    case crashAfter
}
