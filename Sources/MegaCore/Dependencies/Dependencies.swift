// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Everything undetermined the orchestrator uses, so that tests can determine it.
public struct Dependencies: Sendable {
    /// For waiting.
    public var clock: any Clock<Duration>
    /// For timestamps and due times.
    public var now: @Sendable () -> Date
    /// For ids nobody may guess and for jitter: that many random bytes.
    public var randomBytes: @Sendable (Int) -> [UInt8]

    /// Puts dependencies together.
    public init(clock: any Clock<Duration>, now: @escaping @Sendable () -> Date, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.clock = clock
        self.now = now
        self.randomBytes = randomBytes
    }

    /// The machine's own clock and random numbers.
    public static let live = Dependencies(
        clock: ContinuousClock(), now: { Date() },
        randomBytes: { count in
            // The system is asked once per eight bytes: every question is a system call.
            var generator = SystemRandomNumberGenerator()
            return [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
                var word: UInt64 = 0
                for index in 0..<count {
                    if index & 7 == 0 { word = generator.next() }
                    bytes[index] = UInt8(truncatingIfNeeded: word)
                    word >>= 8
                }
                filled = count
            }
        })
}

extension Dependencies {
    /// 128 random bits in lower-case hex.
    func makeID() -> String { Hex.encode(randomBytes(16)) }

    /// A random share of one, for jitter: 0 ..< 1.
    func randomUnit() -> Double {
        let bits = randomBytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Double(bits) / 4_294_967_296
    }
}
