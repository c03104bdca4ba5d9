// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Why the audit cannot be kept or read.
public struct AuditError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The folder or a file cannot be read or written.
        public static let unavailable = Code(rawValue: "unavailable")
        /// Another process keeps this audit.
        public static let inUse = Code(rawValue: "inUse")
        /// What is there is not what was written.
        public static let damaged = Code(rawValue: "damaged")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next, in words; holds no secrets.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// What checking the whole audit found.
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
        /// The record's number; the first is 1.
        public var record: UInt64
        /// The file's name.
        public var file: String
        /// In words, for people and logs.
        public var description: String { "record \(record) in \(file): \(damage.rawValue)" }

        /// Makes a finding.
        public init(damage: Damage, record: UInt64, file: String) {
            self.damage = damage
            self.record = record
            self.file = file
        }
    }

    /// Records read and found as they were written, before the first problem.
    public var soundRecords: Int
    /// The first problem.
    public var problem: Problem?
    /// Whether everything is as it was written.
    public var isSound: Bool { problem == nil }

    /// Makes a report.
    public init(soundRecords: Int, problem: Problem? = nil) {
        self.soundRecords = soundRecords
        self.problem = problem
    }
}
