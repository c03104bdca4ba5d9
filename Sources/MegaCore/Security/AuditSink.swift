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
        /// A call was allowed or denied.
        public static let toolDecided: Event = "tool.decided"
        /// A call ended.
        public static let toolFinished: Event = "tool.finished"
        /// A person was asked.
        public static let approvalRequested: Event = "approval.requested"
        /// A person, or time, answered.
        public static let approvalDecided: Event = "approval.decided"
        /// A person let a value from outside reach an effect, having seen where it came from.
        public static let flowDeclassified: Event = "flow.declassified"
        /// A rule was added.
        public static let policyChanged: Event = "policy.changed"
        /// A conversation got another mode.
        public static let modeChanged: Event = "mode.changed"
        /// Something was remembered or forgotten.
        public static let memoryChanged: Event = "memory.changed"
        /// A conversation's history was deleted.
        public static let historyCleared: Event = "history.cleared"
        /// A stranger's message was left unanswered.
        public static let senderRefused: Event = "sender.refused"
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

/// Keeps the audit.
///
/// Implement this to send it elsewhere. When recording throws before an action, the action does not happen.
public protocol AuditSink: Sendable {
    /// Durable on return, in the order of the calls.
    func record(_ record: AuditRecord) async throws
}

/// Writes the audit to nowhere. For tests and hosts that want none.
public struct NoAudit: AuditSink {
    /// Makes the sink.
    public init() {}
    /// Keeps nothing.
    public func record(_ record: AuditRecord) async throws {}
}
