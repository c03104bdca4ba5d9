// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Growing pauses with jitter: each is between half and the whole of a step that doubles up to a limit.
public struct Backoff: Sendable, Hashable {
    /// The first pause, before jitter.
    public var first: Duration
    /// The longest pause.
    public var limit: Duration
    private var step: Duration

    /// Makes a schedule that has not begun.
    public init(first: Duration = .seconds(1), limit: Duration = .seconds(60)) {
        self.first = first
        self.limit = limit
        step = first
    }

    /// The next pause.
    ///
    /// - Parameter unit: A random number in 0 ..< 1.
    public mutating func next(unit: Double) -> Duration {
        let current = step
        step = min(step * 2, limit)
        return current / 2 + current * unit / 2
    }

    /// Begins anew after a success.
    public mutating func reset() { step = first }
}
