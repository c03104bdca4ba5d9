// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Searching in bytes.
enum ByteSearch {
    /// Calls `found` with every place of a value, left to right, not overlapping.
    static func all(of value: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, found: (Range<Int>) -> Void) {
        guard let first = value.first, bytes.count >= value.count else { return }
        var index = 0
        let last = bytes.count - value.count
        while index <= last {
            if bytes[index] == first, matches(value, bytes, index) {
                found(index..<(index + value.count))
                index += value.count
            } else {
                index += 1
            }
        }
    }

    static func matches(_ value: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        guard start >= 0, start + value.count <= bytes.count else { return false }
        for offset in value.indices where bytes[start + offset] != value[offset] { return false }
        return true
    }

    /// Letters, digits and the underscore.
    static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    /// Bits of surprise per byte.
    static func entropy(_ bytes: some Collection<UInt8>) -> Double {
        guard !bytes.isEmpty else { return 0 }
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let total = Double(bytes.count)
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }
}
