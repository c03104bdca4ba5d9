// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What checking an audit found.
public struct AuditVerification: Sendable, Hashable {
    /// What can be wrong with a record.
    public enum Damage: String, Sendable, Hashable {
        /// The bytes of the record were changed.
        case edited
        /// The record is missing.
        case deleted
        /// The record stands in another place than it was written.
        case reordered
        /// The end is missing, from the record on.
        case truncated
    }

    /// One finding.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// What is wrong.
        public var damage: Damage
        /// The record's number; the first is 1. 0 when the finding is about a file beside the records.
        public var record: UInt64
        /// The last record it may be, when it cannot be said more exactly without the key.
        public var through: UInt64?
        /// The file's name.
        public var file: String
        /// In words, for people and logs.
        public var description: String {
            let records = through.map { $0 > record ? "a record from \(record) to \($0)" : "record \(record)" } ?? "record \(record)"
            return record == 0 ? "\(file): \(damage.rawValue)" : "\(records) in \(file): \(damage.rawValue)"
        }

        /// Makes a finding.
        public init(damage: Damage, record: UInt64, through: UInt64? = nil, file: String) {
            self.damage = damage
            self.record = record
            self.through = through
            self.file = file
        }
    }

    /// Records read and found as they were written, before the first problem.
    public var soundRecords: Int
    /// The number of the last record a checked signature covers.
    public var signedRecords: UInt64
    /// Records behind the last checked signature. Only the key can vouch for them, and only it tells when more stood behind them.
    public var unsignedRecords = 0
    /// The first problem.
    public var problem: Problem?
    /// Whether everything is as it was written.
    public var isSound: Bool { problem == nil }

    /// Makes a report.
    public init(soundRecords: Int, signedRecords: UInt64 = 0, problem: Problem? = nil) {
        self.soundRecords = soundRecords
        self.signedRecords = signedRecords
        self.problem = problem
    }
}
