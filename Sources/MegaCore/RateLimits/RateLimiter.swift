// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Token buckets for many keys, in bounded memory. Pure: who uses it says what time it is, by any clock.
///
/// A bucket that is full again is forgotten, since a new one is the same. When all buckets are in use, new keys share one: a flood of
/// keys slows newcomers down, and gives nobody who was being held back a new bucket.
public struct RateLimiter<Key: Hashable & Sendable>: Sendable {
    /// The limit of every key.
    public let limit: RateLimit
    private let capacity: Int
    private var buckets: [Key: TokenBucket] = [:]
    private var shared: TokenBucket?
    private var sweptAt: Duration?

    /// - Parameter capacity: Keys with a bucket of their own at once.
    public init(_ limit: RateLimit, capacity: Int = 10_000) {
        self.limit = limit
        self.capacity = max(1, capacity)
    }

    /// Keys with a bucket of their own.
    public var count: Int { buckets.count }

    /// Takes a token of a key when there is one.
    public mutating func take(_ key: Key, now: Duration) -> TokenBucket.Verdict {
        let limit = limit
        return withBucket(of: key, now: now) { $0.take(limit, now: now) }
    }

    /// Takes a token of a key in any case; see ``TokenBucket/reserve(_:now:most:)``.
    public mutating func reserve(_ key: Key, now: Duration, most: Duration) -> TokenBucket.Verdict {
        let limit = limit
        return withBucket(of: key, now: now) { $0.reserve(limit, now: now, most: most) }
    }

    /// Gives a key's last token back.
    public mutating func refund(_ key: Key) { buckets[key]?.refund(limit) }

    private mutating func withBucket(
        of key: Key, now: Duration, _ body: (inout TokenBucket) -> TokenBucket.Verdict
    ) -> TokenBucket.Verdict {
        if buckets[key] == nil, buckets.count >= capacity { sweep(now: now) }
        if buckets[key] == nil, buckets.count >= capacity {
            var bucket = shared ?? TokenBucket(limit, now: now)
            defer { shared = bucket }
            return body(&bucket)
        }
        return body(&buckets[key, default: TokenBucket(limit, now: now)])
    }

    /// Forgets full buckets; at most twice in the time a bucket takes to fill, so that it costs little per event.
    private mutating func sweep(now: Duration) {
        if let sweptAt, now - sweptAt < limit.refillTime / 2 { return }
        sweptAt = now
        let limit = limit
        buckets = buckets.compactMapValues { bucket in
            var bucket = bucket
            return bucket.isFull(limit, now: now) ? nil : bucket
        }
    }
}
