// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// So many events at once, and so many per time on average.
public struct RateLimit: Sendable, Hashable {
    /// Events that may come at once after a pause.
    public var burst: Int
    /// Events per second in the long run.
    public var perSecond: Double

    /// - Parameters:
    ///   - count: Events in the time; more than 0.
    ///   - period: The time; more than 0.
    ///   - burst: Events at once; `count` when left out.
    public init(_ count: Int, per period: Duration, burst: Int? = nil) {
        perSecond = Double(max(1, count)) / max(period.timeInterval, 1e-6)
        self.burst = max(1, burst ?? count)
    }

    /// How long an empty bucket takes to be full.
    var refillTime: Duration { .seconds(Double(burst) / perSecond) }
}

/// A token bucket: the state of one ``RateLimit``. Pure: who uses it says what time it is, by any clock.
public struct TokenBucket: Sendable, Hashable {
    /// What a bucket says of an event.
    public enum Verdict: Sendable, Hashable {
        /// It may happen.
        case pass
        /// Too fast; the next event passes after this time. `isFirst` once after every pass, for one notice instead of many.
        case wait(Duration, isFirst: Bool)
    }

    private var available: Double
    private var updatedAt: Duration
    /// Refusals since the last pass.
    public private(set) var refusals = 0

    /// A full bucket.
    ///
    /// - Parameter now: Time since any fixed moment.
    public init(_ limit: RateLimit, now: Duration) {
        available = Double(limit.burst)
        updatedAt = now
    }

    /// Takes a token when there is one.
    public mutating func take(_ limit: RateLimit, now: Duration) -> Verdict {
        refill(limit, now: now)
        if available >= 1 {
            available -= 1
            refusals = 0
            return .pass
        }
        refusals += 1
        return .wait(Self.time(for: 1 - available, limit), isFirst: refusals == 1)
    }

    /// Takes a token in any case, when there is none one of those to come, and says how long that one is to be waited for.
    ///
    /// - Parameter most: When it were longer, nothing is taken.
    public mutating func reserve(_ limit: RateLimit, now: Duration, most: Duration) -> Verdict {
        refill(limit, now: now)
        guard available < 1 else {
            available -= 1
            refusals = 0
            return .pass
        }
        refusals += 1
        let wait = Self.time(for: 1 - available, limit)
        if wait <= most { available -= 1 }
        return .wait(wait, isFirst: refusals == 1)
    }

    /// Gives back what the last event took; for events that cost nothing after all.
    public mutating func refund(_ limit: RateLimit) { available = min(Double(limit.burst), available + 1) }

    /// Whether it holds all it can, so that a new one would be the same.
    public mutating func isFull(_ limit: RateLimit, now: Duration) -> Bool {
        refill(limit, now: now)
        return available >= Double(limit.burst)
    }

    private mutating func refill(_ limit: RateLimit, now: Duration) {
        // A clock set back refills nothing and takes nothing away.
        available = min(Double(limit.burst), available + max(0, (now - updatedAt).timeInterval) * limit.perSecond)
        updatedAt = now
    }

    private static func time(for tokens: Double, _ limit: RateLimit) -> Duration { .seconds(tokens / limit.perSecond) }
}
