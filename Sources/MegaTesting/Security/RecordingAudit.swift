// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// An audit that keeps its records in memory, and can be full.
public final class RecordingAudit: AuditSink {
    /// A record and how it came.
    public struct Entry: Sendable {
        /// What was told.
        public var record: AuditRecord
        /// Whether it came by `record`, which is durable on return, or by `note`.
        public var isDurable: Bool
    }

    private struct State {
        var entries: [Entry] = []
        var failure: (any Error)?
    }

    private let state: Mutex<State>

    /// - Parameter failure: Thrown at every record, which is not kept then.
    public init(failure: (any Error)? = nil) { state = Mutex(State(failure: failure)) }

    /// From now on every record throws this; nil ends that.
    public func fail(with failure: (any Error)?) { state.withLock { $0.failure = failure } }

    /// Everything it was told, in order.
    public var entries: [Entry] { state.withLock { $0.entries } }
    /// Every record, in order.
    public var records: [AuditRecord] { entries.map(\.record) }
    /// The name of every record's event, in order.
    public var events: [String] { entries.map(\.record.event.rawValue) }
    /// The records of one event, in order.
    public func records(of event: AuditRecord.Event) -> [AuditRecord] { records.filter { $0.event == event } }

    /// Waits until an event was told so often.
    ///
    /// - Throws: `CancellationError`.
    public func wait(for event: AuditRecord.Event, count: Int = 1) async throws {
        while records(of: event).count < count { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// See `AuditSink.record(_:)`.
    public func record(_ record: AuditRecord) async throws { try add(Entry(record: record, isDurable: true)) }
    /// See `AuditSink.note(_:)`.
    public func note(_ record: AuditRecord) async throws { try add(Entry(record: record, isDurable: false)) }

    private func add(_ entry: Entry) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.entries.append(entry)
        }
    }
}
