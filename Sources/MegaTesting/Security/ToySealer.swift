// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// Seals by a keyed mixing that is no cipher, but behaves as the port demands: for tests of what is built on sealing. It protects nothing.
public struct ToySealer: DataSealer {
    /// Another key does not open what this one sealed.
    public var key: UInt64
    private let seals = Seals()

    private final class Seals: Sendable {
        private let count = Mutex<UInt64>(0)
        func next() -> UInt64 {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    /// Makes a sealer; two with the same key open each other's values.
    public init(key: UInt64 = 7) { self.key = key }

    /// A number, the tag over everything, and the bytes mixed.
    public func seal(_ bytes: [UInt8], context: String) throws -> [UInt8] {
        let number = Self.bytes(of: seals.next())
        return number + hash(number + bytes, context: "tag " + context) + mix(bytes, number)
    }

    /// See `DataSealer.open(_:context:)`.
    public func open(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        guard sealed.count >= 40 else { throw SealError(.malformed, reason: "the value is too short to be sealed") }
        let number = Array(sealed.prefix(8))
        let bytes = mix(Array(sealed.dropFirst(40)), number)
        guard Array(sealed[8..<40]) == hash(number + bytes, context: "tag " + context) else {
            throw SealError(.notAuthentic, reason: "the value was changed, or belongs elsewhere")
        }
        return bytes
    }

    /// 32 bytes that follow from key, context and bytes.
    public func hash(_ bytes: [UInt8], context: String) -> [UInt8] {
        var lanes = (0..<4).map { Self.scrambled(key &+ UInt64($0)) }
        func add(_ byte: UInt8) {
            for index in 0..<4 { lanes[index] = (lanes[index] ^ (UInt64(byte) &+ UInt64(index) &+ 1)) &* 0x100_0000_01B3 &+ (lanes[index] >> 29) }
        }
        for byte in context.utf8 { add(byte) }
        add(0xFF)
        for byte in bytes { add(byte) }
        return lanes.flatMap { Self.bytes(of: Self.scrambled($0)) }
    }

    private func mix(_ bytes: [UInt8], _ number: [UInt8]) -> [UInt8] {
        var state = number.reduce(key) { Self.scrambled($0 ^ UInt64($1)) }
        return bytes.map { byte in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return byte ^ UInt8(truncatingIfNeeded: state >> 56)
        }
    }

    /// The finishing step of SplitMix64: every bit of the input reaches every bit of the output.
    private static func scrambled(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private static func bytes(of value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) } }
}
