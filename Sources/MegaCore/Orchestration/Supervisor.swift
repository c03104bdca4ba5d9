// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import Synchronization

/// Keeps a long-lived operation running: when it ends or fails it is started again after a growing, jittered pause.
///
/// It never gives up and never takes others down. When it fails too often it is *down*, and is tried at the longest pause.
final class Supervisor: Sendable {
    struct Policy: Sendable {
        var firstPause: Duration = .seconds(1)
        var longestPause: Duration = .seconds(60)
        /// Having run this long makes up for earlier failures.
        var healthyAfter: Duration = .seconds(60)
        /// Failures in a row after which it counts as down.
        var budget = 5
    }

    private struct State {
        var failures = 0
        var lastFailure: String?
        var runningSince: ContinuousClock.Instant?
    }

    let name: String
    private let policy: Policy
    private let dependencies: Dependencies
    private let logger: Logger
    private let state = Mutex(State())

    init(name: String, policy: Policy = Policy(), dependencies: Dependencies, logger: Logger) {
        self.name = name
        self.policy = policy
        self.dependencies = dependencies
        self.logger = logger
    }

    /// What its failures say about the component.
    var health: ComponentHealth {
        state.withLock { state in
            guard state.failures > 0 else { return .healthy }
            if let since = state.runningSince, since.duration(to: .now) >= policy.healthyAfter { return .healthy }
            let detail = "\(state.failures) failures in a row, the last: \(state.lastFailure ?? "unknown")"
            return state.failures >= policy.budget ? .down(detail) : .degraded(detail)
        }
    }

    /// Runs until cancelled.
    func run(_ operation: @Sendable () async throws -> Void) async {
        var backoff = Backoff(first: policy.firstPause, limit: policy.longestPause)
        while !Task.isCancelled {
            let began = ContinuousClock.now
            state.withLock { $0.runningSince = began }
            let failure: String
            do {
                try await operation()
                failure = "it ended by itself"
            } catch {
                if Task.isCancelled { return }
                failure = "\(error)"
            }
            if Task.isCancelled { return }
            if began.duration(to: .now) >= policy.healthyAfter {
                backoff.reset()
                state.withLock { $0.failures = 0 }
            }
            let failures = state.withLock { state in
                state.failures += 1
                state.runningSince = nil
                state.lastFailure = failure
                return state.failures
            }
            let pause = backoff.next(unit: dependencies.randomUnit())
            logger.warning(
                "component failed, starting it again",
                metadata: ["component": "\(name)", "failures": "\(failures)", "pause": "\(pause)", "error": "\(failure)"])
            do { try await dependencies.clock.sleep(for: pause, tolerance: nil) } catch { return }
        }
    }

    /// Proof of life: a real exchange happened.
    func noteSuccess() {
        state.withLock { if $0.failures > 0 { $0.failures = 0 } }
    }
}
