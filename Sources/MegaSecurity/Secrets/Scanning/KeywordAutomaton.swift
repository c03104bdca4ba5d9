// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Finds many keywords in one pass, whatever the case of ASCII letters (Aho and Corasick, 1975, as a complete table).
///
/// A step is two table look-ups. The table has 64 columns: bytes that are in no keyword share the first.
struct KeywordAutomaton: Sendable {
    /// The automaton is in no keyword's middle.
    static let start: UInt16 = 0
    /// Set in a state where keywords end.
    private static let ends: UInt16 = 0x8000
    private static let columns = 64

    /// The column of each byte.
    private let column: [UInt8]
    private let table: [UInt16]
    /// Per state the keywords that end there.
    private let found: [[Int]]

    /// - Parameter keywords: ASCII, without upper case; at most 63 different characters and 32,767 states in all.
    init(_ keywords: [[UInt8]]) {
        var column = [UInt8](repeating: 0, count: 256)
        var used: UInt8 = 0
        for byte in keywords.joined() where column[Int(byte)] == 0 {
            precondition(used < UInt8(Self.columns - 1), "too many different characters in the keywords")
            used += 1
            column[Int(byte)] = used
        }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { column[Int(byte)] = column[Int(byte | 0x20)] }
        var table = [UInt16](repeating: 0, count: Self.columns)
        var found: [[Int]] = [[]]
        for (number, keyword) in keywords.enumerated() {
            var state = 0
            for byte in keyword {
                let cell = state * Self.columns + Int(column[Int(byte)])
                if table[cell] == 0 {
                    precondition(found.count < Int(Self.ends) - 1, "too many keywords")
                    table[cell] = UInt16(found.count)
                    table += [UInt16](repeating: 0, count: Self.columns)
                    found.append([])
                }
                state = Int(table[cell])
            }
            found[state].append(number)
        }
        Self.complete(&table, &found)
        self.column = column
        self.table = table.map { found[Int($0)].isEmpty ? $0 : $0 | Self.ends }
        self.found = found
    }

    /// Breadth first: where there is no way on, the longest suffix that is a keyword's beginning goes on.
    private static func complete(_ table: inout [UInt16], _ found: inout [[Int]]) {
        var fallback = [Int](repeating: 0, count: found.count)
        var queue = (0..<columns).map { Int(table[$0]) }.filter { $0 != 0 }
        var next = 0
        while next < queue.count {
            let state = queue[next]
            next += 1
            found[state] += found[fallback[state]]
            for index in 0..<columns {
                let cell = state * columns + index
                let onward = Int(table[fallback[state] * columns + index])
                if table[cell] == 0 {
                    table[cell] = UInt16(onward)
                } else {
                    fallback[Int(table[cell])] = onward
                    queue.append(Int(table[cell]))
                }
            }
        }
    }

    /// Goes over `range` and calls `hit` with each keyword and the place after its last byte.
    ///
    /// - Parameter state: Where a pass left off, to go on over more bytes.
    @inline(__always) func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, from state: inout UInt16, hit: (_ keyword: Int, _ end: Int) -> Void
    ) {
        guard !range.isEmpty, let base = bytes.baseAddress else { return }
        column.withUnsafeBufferPointer { column in
            table.withUnsafeBufferPointer { table in
                guard let columns = column.baseAddress, let cells = table.baseAddress else { return }
                var now = state
                for index in range {
                    now = cells[(Int(now & ~Self.ends) &<< 6) | Int(columns[Int(base[index])])]
                    if now >= Self.ends { for keyword in found[Int(now & ~Self.ends)] { hit(keyword, index + 1) } }
                }
                state = now
            }
        }
    }
}
