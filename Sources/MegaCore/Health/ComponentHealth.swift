// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// How one component does.
public struct ComponentHealth: Sendable, Hashable, Codable {
    /// The grades, best first.
    public enum Status: String, Sendable, Hashable, Codable, Comparable {
        case healthy, degraded, down
        /// Better is smaller.
        public static func < (left: Status, right: Status) -> Bool { left.rank < right.rank }
        private var rank: Int {
            switch self {
            case .healthy: 0
            case .degraded: 1
            case .down: 2
            }
        }
    }

    /// The grade.
    public var status: Status
    /// What is wrong, or a figure worth knowing; no secrets.
    public var detail: String?

    /// Makes a report.
    public init(_ status: Status, detail: String? = nil) {
        self.status = status
        self.detail = detail
    }

    /// All is well, with nothing to add.
    public static let healthy = ComponentHealth(.healthy)
    /// It works, but not as it should.
    public static func degraded(_ detail: String) -> ComponentHealth { ComponentHealth(.degraded, detail: detail) }
    /// It does not work.
    public static func down(_ detail: String) -> ComponentHealth { ComponentHealth(.down, detail: detail) }
}
