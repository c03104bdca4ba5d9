// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Remembers every token for as long as its time is accepted, so that none is accepted twice.
///
/// Memory is bounded: when the window is full of tokens, further ones are refused until old ones expire.
struct ReplayGuard: Sendable {
    enum Verdict: Sendable, Hashable {
        case fresh
        case replayed
        /// Made before the guard started to watch, so it may have been seen by an earlier process.
        case tooOld
        case full
    }

    private struct Key: Hashable {
        var high: UInt64
        var low: UInt64
    }

    private let startedAt: Int64
    private let timeToLive: Int64
    private let capacity: Int
    private var seen: Set<Key> = []
    private var byExpiry: [Int64: [Key]] = [:]
    private var oldestExpiry: Int64 = .max

    /// - Parameters:
    ///   - startedAt: Seconds since 1970; tokens made earlier are refused.
    ///   - timeToLive: How many seconds after its making a token is accepted by the codec.
    init(startedAt: Int64, timeToLive: Int64, capacity: Int) {
        self.startedAt = startedAt
        self.timeToLive = timeToLive
        self.capacity = capacity
    }

    var count: Int { seen.count }

    /// Judges a token whose signature has been verified, and remembers it.
    mutating func admit(signature: [UInt8], timestamp: Int64, now: Int64) -> Verdict {
        guard timestamp >= startedAt else { return .tooOld }
        forget(before: now)
        // Half the signature is enough to tell tokens apart: 128 bits of a MAC nobody without the key can steer.
        let key = Key(
            high: signature.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: signature.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        guard !seen.contains(key) else { return .replayed }
        guard seen.count < capacity else { return .full }
        seen.insert(key)
        let expiry = timestamp + timeToLive
        byExpiry[expiry, default: []].append(key)
        oldestExpiry = min(oldestExpiry, expiry)
        return .fresh
    }

    private mutating func forget(before now: Int64) {
        guard oldestExpiry < now else { return }
        for expiry in byExpiry.keys where expiry < now {
            for key in byExpiry.removeValue(forKey: expiry) ?? [] { seen.remove(key) }
        }
        oldestExpiry = byExpiry.keys.min() ?? .max
    }
}
