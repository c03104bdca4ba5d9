// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Keeps the audit.
///
/// Implement this to send it elsewhere. When recording throws before an action, the action does not happen.
public protocol AuditSink: Sendable {
    /// Durable on return, in the order of the calls. For what must be proven before it happens.
    func record(_ record: AuditRecord) async throws

    /// Takes a record without waiting for the disk, for what has happened already: it stands before every record taken later, and is
    /// durable with the next of them that is, or within the sink's bound. The default records it.
    ///
    /// - Throws: When the sink takes no more records.
    func note(_ record: AuditRecord) async throws
}

extension AuditSink {
    /// Records it.
    public func note(_ record: AuditRecord) async throws { try await self.record(record) }
}

/// Writes the audit to nowhere. For tests and hosts that want none.
public struct NoAudit: AuditSink {
    /// Makes the sink.
    public init() {}
    /// Keeps nothing.
    public func record(_ record: AuditRecord) async throws {}
    /// Keeps nothing.
    public func note(_ record: AuditRecord) async throws {}
}
