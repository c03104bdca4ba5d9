// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What happened inside a turn, in order. After a crash the turn goes on from here.
public enum JournalEntry: Sendable, Hashable, Codable {
    /// The model answered; its tool calls, if any, have not run yet.
    case modelReply(ModelReply)
    /// A tool is about to run. Written and durable before it starts.
    case toolIntent(callID: String, tool: String, isIdempotent: Bool)
    /// The tool ended, or was refused.
    case toolOutcome(callID: String, ToolOutcome)
    /// A person was asked.
    case approvalRequested(callID: String, approval: ApprovalRequest.ID)
    /// The person answered, or time did.
    case approvalDecided(approval: ApprovalRequest.ID, ApprovalDecision)
}
