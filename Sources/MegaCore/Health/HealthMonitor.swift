// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// How the whole does, and each part.
public struct HealthReport: Sendable, Hashable, Codable {
    /// The worst of the parts, but never worse than degraded while the store works: a broken channel does not break the others.
    public var status: ComponentHealth.Status
    /// Every part by its name.
    public var components: [String: ComponentHealth]
    /// Whole seconds since the start.
    public var uptimeSeconds: Int

    /// Makes a report.
    public init(status: ComponentHealth.Status, components: [String: ComponentHealth], uptimeSeconds: Int) {
        self.status = status
        self.components = components
        self.uptimeSeconds = uptimeSeconds
    }

    /// A line per part for a chat.
    public var rendering: String {
        let lines = components.sorted { $0.key < $1.key }.map { name, health in
            let mark =
                switch health.status {
                case .healthy: "✓"
                case .degraded: "!"
                case .down: "✗"
                }
            return "\(mark) \(name)" + (health.detail.map { ": \($0)" } ?? "")
        }
        return (["Status: \(status.rawValue), up \(uptimeSeconds) s"] + lines).joined(separator: "\n")
    }
}

/// Asks all parts how they do, each with a time limit, all at once.
struct HealthMonitor: Sendable {
    /// The part without which nothing works.
    static let store = "store"

    let dependencies: Dependencies
    let startedAt: ContinuousClock.Instant
    var timeLimit: Duration = .seconds(5)
    let components: @Sendable () async -> [(name: String, check: @Sendable () async -> ComponentHealth)]

    func report() async -> HealthReport {
        let checks = await components()
        let (limit, clock) = (timeLimit, dependencies.clock)
        let results = await withTaskGroup(of: (String, ComponentHealth).self) { group in
            for (name, check) in checks {
                group.addTask {
                    do {
                        return (name, try await withTimeout(limit, clock: clock) { await check() })
                    } catch {
                        return (name, .down("no answer within \(limit)"))
                    }
                }
            }
            return await group.reduce(into: [String: ComponentHealth]()) { $0[$1.0] = $1.1 }
        }
        let worst = results.values.map(\.status).max() ?? .healthy
        let isStoreDown = results[Self.store]?.status == .down
        return HealthReport(
            status: isStoreDown ? .down : min(worst, .degraded), components: results,
            uptimeSeconds: Int(startedAt.duration(to: .now).components.seconds))
    }
}
