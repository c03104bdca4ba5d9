// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension AuditLog {
    /// How an audit is kept.
    public struct Options: Sendable, Hashable {
        /// When records are on the disk.
        public enum Durability: Sendable, Hashable {
            /// Every one when the call that made it returns.
            case everyRecord
            /// What was given to ``AuditLog/record(_:)`` when it returns; what was given to ``AuditLog/note(_:)`` at the latest after
            /// this time. A power cut may take notes of that time, never a record, and nothing from the middle.
            case grouped(within: Duration)
        }

        /// What is removed in the end. Whole files only, oldest first; the newest stays whatever its age.
        public struct Retention: Sendable, Hashable {
            /// The most bytes all files may have together, or nil for any number.
            public var maximumBytes: Int?
            /// How long a record is kept after its file was last written, or nil for ever.
            public var maximumAge: Duration?

            /// Makes a rule; without arguments everything is kept.
            public init(maximumBytes: Int? = nil, maximumAge: Duration? = nil) {
                self.maximumBytes = maximumBytes
                self.maximumAge = maximumAge
            }
        }

        /// A new file is begun when one has grown this long.
        public var rotationBytes: Int
        /// When records are on the disk.
        public var durability: Durability
        /// What is removed in the end.
        public var retention: Retention
        /// After this many records a checkpoint is signed; also when a file is full, and when the audit is closed.
        public var checkpointRecords: Int
        /// After this long the next write signs a checkpoint.
        public var checkpointInterval: Duration
        /// Notes that wait in memory at most; past it ``AuditLog/note(_:)`` waits for the disk.
        public var waitingNotes: Int

        /// Options; the defaults suit one machine.
        public init(
            rotationBytes: Int = 16 << 20, durability: Durability = .grouped(within: .milliseconds(200)),
            retention: Retention = Retention(), checkpointRecords: Int = 256, checkpointInterval: Duration = .seconds(10),
            waitingNotes: Int = 4096
        ) {
            self.rotationBytes = max(4096, rotationBytes)
            self.durability = durability
            self.retention = retention
            self.checkpointRecords = max(1, checkpointRecords)
            self.checkpointInterval = checkpointInterval
            self.waitingNotes = max(1, waitingNotes)
        }
    }
}
