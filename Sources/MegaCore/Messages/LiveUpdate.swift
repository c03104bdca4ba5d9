// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What happens inside a turn while it runs, for channels that can show it. Never durable: a lost update loses nothing.
public enum LiveUpdate: Sendable, Hashable {
    /// The turn started; a typing indicator may be shown.
    case started
    /// More text of the answer being written.
    case textDelta(String)
    /// A tool began. The summary is the first line of what an approval shows, escaped.
    case toolStarted(name: String, summary: String)
    /// Output of the running tool, control characters removed.
    case toolOutput(String)
    /// The tool ended.
    case toolFinished(name: String, outcome: ToolOutcome.Status)
    /// The turn ended; the durable reply follows through ``MessagingAdapter/send(_:)``.
    case finished
}
