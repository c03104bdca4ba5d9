// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Names one step from a known one, or equal to it once lookalikes are undone.
enum NameDistance {
    /// Whether one insertion, deletion, replacement or swap of neighbours turns one into the other. False for equal names.
    static func isOneEdit(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let difference = left.count - right.count
        guard abs(difference) <= 1, left != right else { return false }
        var prefix = 0
        while prefix < min(left.count, right.count), left[prefix] == right[prefix] { prefix += 1 }
        var suffix = 0
        while suffix < min(left.count, right.count) - prefix, left[left.count - 1 - suffix] == right[right.count - 1 - suffix] { suffix += 1 }
        let restLeft = left.count - prefix - suffix
        let restRight = right.count - prefix - suffix
        if max(restLeft, restRight) == 1 { return true }
        return restLeft == 2 && restRight == 2 && left[prefix] == right[prefix + 1] && left[prefix + 1] == right[prefix]
    }

    /// The name with what optical reading mixes up made the same: `0` and `o`, `1`, `i` and `l`, `rn` and `m`, `vv` and `w`, and so on.
    static func folded(_ name: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(name.count)
        var index = 0
        while index < name.count {
            let byte = name[index]
            let next = index + 1 < name.count ? name[index + 1] : 0
            switch (byte, next) {
            case (UInt8(ascii: "r"), UInt8(ascii: "n")):
                result.append(UInt8(ascii: "m"))
                index += 1
            case (UInt8(ascii: "v"), UInt8(ascii: "v")):
                result.append(UInt8(ascii: "w"))
                index += 1
            case (UInt8(ascii: "c"), UInt8(ascii: "l")):
                result.append(UInt8(ascii: "d"))
                index += 1
            case (UInt8(ascii: "0"), _): result.append(UInt8(ascii: "o"))
            case (UInt8(ascii: "1"), _), (UInt8(ascii: "i"), _): result.append(UInt8(ascii: "l"))
            case (UInt8(ascii: "5"), _): result.append(UInt8(ascii: "s"))
            case (UInt8(ascii: "3"), _): result.append(UInt8(ascii: "e"))
            case (UInt8(ascii: "8"), _): result.append(UInt8(ascii: "b"))
            case (UInt8(ascii: "9"), _): result.append(UInt8(ascii: "g"))
            default: result.append(byte)
            }
            index += 1
        }
        return result
    }
}
