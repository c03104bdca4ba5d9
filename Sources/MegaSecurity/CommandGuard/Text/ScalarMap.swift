// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A map from characters to short sequences of characters, decoded from a generated text and searched by halves.
struct ScalarMap: Sendable {
    private var keys: [UInt32] = []
    /// Where each key's values start; one more than there are keys.
    private var starts: [UInt32] = [0]
    private var values: [UInt32] = []
    /// Whether the entry was written with `~`.
    private var approximate: [Bool] = []

    /// Decodes `STEP=SCALAR+SCALAR…` tokens, hexadecimal, separated by blanks.
    init(_ text: StaticString) {
        text.withUTF8Buffer { bytes in
            keys.reserveCapacity(bytes.count / 8)
            var key: UInt32 = 0
            var number: UInt32 = 0
            var hasDigits = false
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    number = number << 4 | UInt32(byte &- 0x30)
                    hasDigits = true
                case UInt8(ascii: "a")...UInt8(ascii: "f"):
                    number = number << 4 | UInt32(byte &- 0x57)
                    hasDigits = true
                case UInt8(ascii: "="), UInt8(ascii: "~"):
                    key &+= number
                    keys.append(key)
                    approximate.append(byte == UInt8(ascii: "~"))
                    number = 0
                    hasDigits = false
                case UInt8(ascii: "+"):
                    values.append(number)
                    number = 0
                default:
                    if hasDigits { close(&number, &hasDigits) }
                }
            }
            if hasDigits { close(&number, &hasDigits) }
        }
    }

    private mutating func close(_ number: inout UInt32, _ hasDigits: inout Bool) {
        values.append(number)
        starts.append(UInt32(values.count))
        number = 0
        hasDigits = false
    }

    var count: Int { keys.count }

    private func index(of key: UInt32) -> Int? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) >> 1
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low : nil
    }

    /// The sequence for a character, if it has one.
    subscript(key: UInt32) -> ArraySlice<UInt32>? {
        index(of: key).map { values[Int(starts[$0])..<Int(starts[$0 + 1])] }
    }

    /// Whether the entry drops something, such as an accent.
    func isApproximate(_ key: UInt32) -> Bool { index(of: key).map { approximate[$0] } ?? false }
}
