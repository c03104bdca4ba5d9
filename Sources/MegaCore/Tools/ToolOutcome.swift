// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// How a tool call ended, as the journal and the model see it.
public struct ToolOutcome: Sendable, Hashable, Codable {
    /// How a call ended.
    public enum Status: String, Sendable, Hashable, Codable {
        /// It ran and succeeded.
        case succeeded
        /// It ran and failed, or its arguments were wrong.
        case failed
        /// Mode, policy or a person said no; it did not run.
        case refused
        /// It took longer than it may.
        case timedOut
        /// It was stopped by a person.
        case cancelled
        /// The process died while it ran: nobody knows whether it happened.
        case unknown
    }

    /// How it ended.
    public var status: Status
    /// For the model: result, error or reason.
    public var text: String
    /// Where the text comes from.
    public var trust: TrustLabel
    /// How many bytes were left out of the middle of the tool's own text.
    public var omittedBytes: Int

    /// Makes an outcome.
    public init(_ status: Status, text: String, trust: TrustLabel = .tool, omittedBytes: Int = 0) {
        self.status = status
        self.text = text
        self.trust = trust
        self.omittedBytes = omittedBytes
    }
}
