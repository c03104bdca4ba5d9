// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A turn that ended without an answer, as ``Orchestrator/ask(_:in:)`` throws it.
public struct TurnFailedError: Error, Sendable, CustomStringConvertible {
    /// Why there is no answer; open, so that later versions can add more.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The agent, its model or a middleware threw an error, or a middleware answered with one.
        public static let failed = Code(rawValue: "failed")
        /// An owner stopped it with `!stop`.
        public static let stopped = Code(rawValue: "stopped")
        /// A middleware dropped it.
        public static let dropped = Code(rawValue: "dropped")
        /// The sender is not on the list of known people.
        public static let refused = Code(rawValue: "refused")
    }

    /// Why there is no answer.
    public let code: Code
    /// The turn, as the ledger knows it.
    public let turn: TurnID
    /// What went wrong, without secrets: it has passed the ``ContentRedactor``.
    public let reason: String

    /// Makes an error.
    public init(_ code: Code, turn: TurnID, reason: String) {
        self.code = code
        self.turn = turn
        self.reason = reason
    }

    /// In words, for people and logs, with what to do next.
    public var description: String {
        let next =
            switch code {
            case .stopped: "Ask again to have it done after all."
            case .dropped: "The orchestrator's middleware decides that."
            case .refused: "Add the sender to the people who are known."
            default: "Ask again when the cause is mended; the ledger keeps it with the turn."
            }
        return "Turn \(turn) has no answer: \(reason)\(reason.hasSuffix(".") ? "" : ".") \(next)"
    }
}
