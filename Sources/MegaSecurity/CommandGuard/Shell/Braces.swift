// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// `a{b,c}d` as a shell writes it out.
enum Braces {
    /// All words it stands for, or nil when there are more than the budget.
    static func expand(_ bytes: [UInt8], budget: inout Int, depth: Int) -> [[UInt8]]? {
        guard depth < 6 else { return nil }
        // The first brace with a comma at its own level.
        var open = 0
        while open < bytes.count {
            guard bytes[open] == 0x7B else {
                open += 1
                continue
            }
            var level = 0
            var commas: [Int] = []
            var close = open
            while close < bytes.count {
                if bytes[close] == 0x7B { level += 1 }
                if bytes[close] == 0x7D {
                    level -= 1
                    if level == 0 { break }
                }
                if bytes[close] == 0x2C, level == 1 { commas.append(close) }
                close += 1
            }
            guard close < bytes.count, !commas.isEmpty else {
                open += 1
                continue
            }
            var result: [[UInt8]] = []
            var from = open + 1
            for cut in commas + [close] {
                budget -= 1
                guard budget > 0 else { return nil }
                let one = Array(bytes[..<open]) + bytes[from..<cut] + bytes[(close + 1)...]
                guard let inner = expand(one, budget: &budget, depth: depth + 1) else { return nil }
                result += inner
                from = cut + 1
            }
            return result
        }
        return [bytes]
    }
}
