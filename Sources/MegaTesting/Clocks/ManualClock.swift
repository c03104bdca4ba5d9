// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import MegaCore
import Synchronization

/// A clock that stands still until it is told to go on.
///
/// Hand ``dependencies`` to an orchestrator: its waits then end only through ``advance(by:)``, and its timestamps are the clock's.
public final class ManualClock: Clock, Sendable {
    /// A point in time, counted from the clock's start.
    public struct Instant: InstantProtocol, Hashable, Sendable {
        /// Time since the clock's start.
        public var offset: Duration
        /// A point in time.
        public init(offset: Duration = .zero) { self.offset = offset }
        /// The point so much later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        /// How much later the other one is.
        public func duration(to other: Instant) -> Duration { other.offset - offset }
        /// The earlier is smaller.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant()
        var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var next = 0
        var random: UInt64
    }

    private let state: Mutex<State>
    private let start: Date

    /// - Parameters:
    ///   - start: The wall-clock time at the beginning.
    ///   - seed: Where the random numbers of ``dependencies`` begin.
    public init(start: Date = Date(timeIntervalSince1970: 1_700_000_000), seed: UInt64 = 1) {
        self.start = start
        state = Mutex(State(random: seed))
    }

    /// Where the clock stands.
    public var now: Instant { state.withLock { $0.now } }
    /// One nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// The wall-clock time.
    public var date: Date {
        let offset = now.offset.components
        return start + Double(offset.seconds) + Double(offset.attoseconds) / 1e18
    }

    /// How many tasks sleep on it now.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// How many of them are to wake within that time.
    public func sleeperCount(within duration: Duration) -> Int {
        state.withLock { state in
            let end = state.now.advanced(by: duration)
            return state.sleepers.values.count { $0.deadline <= end }
        }
    }

    /// Waits until the clock has been moved to the deadline.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[ticket] = (deadline, continuation)
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: ticket) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves time on and wakes everybody whose time has come, the earliest first.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for ticket in due.keys { state.sleepers[ticket] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Waits until at least so many tasks sleep that this step will wake, then moves the clock on.
    ///
    /// A task that computed its pause but does not sleep yet would count it from the new time and sleep on; others, with later
    /// deadlines, may sleep meanwhile and do not count.
    ///
    /// - Throws: `CancellationError`.
    public func advance(by duration: Duration, onceSleeping count: Int) async throws {
        while sleeperCount(within: duration) < count {
            try Task.checkCancellation()
            await Task.yield()
        }
        advance(by: duration)
    }

    /// This clock, its date, and random numbers that are the same in every run.
    public var dependencies: Dependencies {
        Dependencies(
            clock: self, now: { [self] in date },
            randomBytes: { [self] count in
                state.withLock { state in
                    (0..<count).map { _ in
                        // SplitMix64.
                        state.random &+= 0x9E37_79B9_7F4A_7C15
                        var z = state.random
                        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                        return UInt8(truncatingIfNeeded: z ^ (z >> 31))
                    }
                }
            })
    }
}
