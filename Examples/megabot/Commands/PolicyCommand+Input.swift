// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Lines of the standard input as bytes, without the line break.
struct StandardInputLines {
    let limit: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    init(limit: Int) { self.limit = limit }

    /// The next line; nil at the end. What is longer than the limit is cut there, which makes it no JSON.
    mutating func next() -> [UInt8]? {
        var scanned = start
        while true {
            if let end = buffer[scanned...].firstIndex(of: 0x0A) {
                defer { start = end + 1 }
                return Array(buffer[start..<min(end, start + limit)])
            }
            if isAtEnd {
                guard start < buffer.count else { return nil }
                defer { start = buffer.count }
                return Array(buffer[start...].prefix(limit))
            }
            if buffer.count - start > limit + 1 { buffer.removeLast(buffer.count - start - limit - 1) }
            scanned = buffer.count - start
            buffer.removeFirst(start)
            start = 0
            fill()
        }
    }

    private mutating func fill() {
        let filled = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: 1 << 16))
        let count = buffer.withUnsafeMutableBytes { raw in
            while true {
                let got = read(0, raw.baseAddress?.advanced(by: filled), 1 << 16)
                if got >= 0 || errno != EINTR { return got }
            }
        }
        buffer.removeLast((1 << 16) - max(0, count))
        if count < 0 { Console.error("the standard input cannot be read: \(String(cString: strerror(errno)))") }
        if count <= 0 { isAtEnd = true }
    }
}
