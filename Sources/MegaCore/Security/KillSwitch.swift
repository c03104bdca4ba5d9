// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A standing stop: while it is on, no tool call within its scope runs or goes on. Durable.
public struct KillSwitch: Sendable, Hashable, Codable {
    /// What is stopped.
    public enum Scope: Sendable, Hashable, Codable {
        /// Everything.
        case all
        /// The calls of one channel: `platform` or `platform:account`.
        case channel(String)
        /// The calls of one tool.
        case tool(String)
        /// The calls of one conversation.
        case conversation(ConversationID)

        /// Whether a call is within it.
        public func covers(tool: String, conversation: ConversationID) -> Bool {
            switch self {
            case .all: true
            case .channel(let name): name == conversation.channel.platform.rawValue || name == conversation.channel.description
            case .tool(let name): name == tool
            case .conversation(let stopped): stopped == conversation
            }
        }
    }

    /// What is stopped.
    public var scope: Scope
    /// Who stopped it.
    public var by: PersonID
    /// When.
    public var at: Date
    /// Why, in the person's words.
    public var reason: String?

    /// Makes a switch that is on.
    public init(scope: Scope, by: PersonID, at: Date, reason: String? = nil) {
        self.scope = scope
        self.by = by
        self.at = at
        self.reason = reason
    }
}

extension KillSwitch.Scope: CustomStringConvertible {
    /// In words, for people and logs; names escaped.
    public var description: String {
        switch self {
        case .all: "everything"
        case .channel(let name): "channel \(ApprovalText.escaped(name))"
        case .tool(let name): "tool \(ApprovalText.escaped(name))"
        case .conversation(let conversation): "conversation \(ApprovalText.escaped(conversation.description))"
        }
    }
}

/// What a kill switch stopped.
public struct KillReport: Sendable, Hashable, CustomStringConvertible {
    /// Calls that were running and were cancelled.
    public var stopped: Int
    /// Of them, those that had not ended when the report was made.
    public var stillRunning: Int
    /// From the order to the end of the last of them, child processes included.
    public var elapsed: Duration

    /// Makes a report.
    public init(stopped: Int, stillRunning: Int, elapsed: Duration) {
        self.stopped = stopped
        self.stillRunning = stillRunning
        self.elapsed = elapsed
    }

    /// In words, for people and logs.
    public var description: String {
        let milliseconds = Int(elapsed.components.seconds) * 1000 + Int(elapsed.components.attoseconds / 1_000_000_000_000_000)
        let ended = stopped == 0 ? "Nothing was running." : "\(stopped) running call\(stopped == 1 ? "" : "s") stopped in \(milliseconds) ms."
        guard stillRunning > 0 else { return ended }
        return ended + " \(stillRunning) \(stillRunning == 1 ? "has" : "have") not ended yet; the health report shows when."
    }
}
