// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Lets through a number of events at once and a number per second on average.
struct TokenBucket: Sendable {
    enum Verdict: Sendable, Hashable {
        case pass
        /// Too fast; the next event passes after that many seconds.
        case wait(seconds: Double)
        /// Far too fast, again and again.
        case abuse
    }

    private let rate: Double
    private let burst: Double
    private let patience: Int
    private var available: Double
    private var updatedAt: Double
    private var refusals = 0

    /// - Parameters:
    ///   - rate: Events per second.
    ///   - burst: Events at once.
    ///   - patience: After that many refusals without a pass in between it is abuse.
    ///   - now: Seconds since any fixed moment.
    init(rate: Double, burst: Double, patience: Int, now: Double) {
        self.rate = rate
        self.burst = burst
        self.patience = patience
        available = burst
        updatedAt = now
    }

    /// Gives back what the last event took; for events that cost nothing after all.
    mutating func refund() { available = min(burst, available + 1) }

    mutating func take(now: Double) -> Verdict {
        // A clock set back refills nothing and takes nothing away.
        available = min(burst, available + max(0, now - updatedAt) * rate)
        updatedAt = now
        if available >= 1 {
            available -= 1
            refusals = 0
            return .pass
        }
        refusals += 1
        return refusals > patience ? .abuse : .wait(seconds: (1 - available) / rate)
    }
}
