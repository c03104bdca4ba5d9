// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension AuditRecord.Event {
    /// One of several persons who are needed said yes.
    public static let approvalVoted: Self = "approval.voted"
    /// The action an approval was given for was started.
    public static let approvalUsed: Self = "approval.used"
    /// A person gave a grant.
    public static let grantGiven: Self = "grant.given"
    /// A grant answered a question.
    public static let grantUsed: Self = "grant.used"
    /// A grant was revoked, or its time was over.
    public static let grantEnded: Self = "grant.ended"
    /// A kill switch was put on.
    public static let killSwitchOn: Self = "kill.on"
    /// A kill switch was released.
    public static let killSwitchOff: Self = "kill.off"
}
