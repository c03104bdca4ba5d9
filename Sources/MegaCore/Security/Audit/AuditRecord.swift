// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One fact worth proving later.
public struct AuditRecord: Sendable, Hashable, Codable {
    /// What happened; open. The part before the dot is the area.
    public struct Event: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Wraps a literal.
        public init(stringLiteral value: String) { rawValue = value }
    }

    /// What happened.
    public var event: Event
    /// When.
    public var at: Date
    /// The turn it happened in, when it did in one.
    public var turn: TurnID?
    /// Who did it or for whom.
    public var person: PersonID?
    /// Facts in words: names, verdicts, reasons, short renderings. Sinks seal them.
    public var details: [String: String]

    /// Makes a record.
    public init(_ event: Event, at: Date, turn: TurnID? = nil, person: PersonID? = nil, details: [String: String] = [:]) {
        self.event = event
        self.at = at
        self.turn = turn
        self.person = person
        self.details = details
    }
}

extension AuditRecord.Event {
    /// A message was accepted. Its text is not in the record, only its length and digest.
    public static let messageReceived: Self = "message.received"
    /// A message was delivered. Its text is not in the record, only its length and digest.
    public static let messageSent: Self = "message.sent"
    /// A message could not be delivered and was given up.
    public static let messageGivenUp: Self = "message.given_up"
    /// A stranger's message was left unanswered.
    public static let senderRefused: Self = "sender.refused"
    /// A limit held a message back or refused it.
    public static let rateLimited: Self = "rate.limited"
    /// A model answered: which, how many tokens, what it wants to call. No content.
    public static let modelAnswered: Self = "model.answered"
    /// A model failed to answer.
    public static let modelFailed: Self = "model.failed"
    /// A call was allowed or denied.
    public static let toolDecided: Self = "tool.decided"
    /// A call ended.
    public static let toolFinished: Self = "tool.finished"
    /// A call's output was suspected of giving orders or hiding text; by which rules.
    public static let outputSuspected: Self = "output.suspected"
    /// A person was asked.
    public static let approvalRequested: Self = "approval.requested"
    /// A person, or time, answered.
    public static let approvalDecided: Self = "approval.decided"
    /// A person let a value from outside reach an effect, having seen where it came from.
    public static let flowDeclassified: Self = "flow.declassified"
    /// A rule was added or removed.
    public static let policyChanged: Self = "policy.changed"
    /// A conversation got another mode.
    public static let modeChanged: Self = "mode.changed"
    /// Something was remembered or forgotten.
    public static let memoryChanged: Self = "memory.changed"
    /// A conversation's history was deleted.
    public static let historyCleared: Self = "history.cleared"
    /// A person was forgotten with all that was theirs.
    public static let personForgotten: Self = "person.forgotten"
    /// The configuration was read again and something in it was different.
    public static let configurationReloaded: Self = "configuration.reloaded"
    /// Keys were rotated, retired, or the master key was changed.
    public static let keysChanged: Self = "keys.changed"
    /// The orchestrator began to serve.
    public static let systemStarted: Self = "system.started"
    /// The orchestrator stopped serving.
    public static let systemStopped: Self = "system.stopped"
    /// Old records were removed because their time was over.
    public static let auditPruned: Self = "audit.pruned"
    /// Records could not be kept; how many.
    public static let auditGap: Self = "audit.gap"
}

/// An error that has a name of its own in the audit, after the tool's name: `read_file.denied`.
///
/// The names are those of the reference system where it had one.
public protocol AuditNamedError: Error {
    /// The part after the dot.
    var auditName: String { get }
}
