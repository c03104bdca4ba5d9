// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension HostileHTTPServer {
    /// What the server does with a request.
    public enum Behaviour: Sendable {
        /// Answers with the method, a line per header field, an empty line and the body.
        case echo
        /// An ordinary answer. `headers` are lines such as `X-A: b`.
        case answer(status: Int, headers: [String], body: [UInt8])
        /// A body sent in chunks.
        case chunked([[UInt8]])
        /// Chunks, then the connection is closed without the last one.
        case chunkedCut([[UInt8]])
        /// One byte at a time with a pause in milliseconds between.
        case drip(count: Int, milliseconds: UInt32)
        /// Announces more than it sends, then closes.
        case announcesMore(announced: Int, body: [UInt8])
        /// Announces less than it sends.
        case announcesLess(announced: Int, body: [UInt8])
        /// So many bytes, as fast as the client takes them.
        case huge(Int)
        /// Something that is no HTTP.
        case garbage
        /// Header lines without end.
        case endlessHeaders
        /// A redirect.
        case redirect(status: Int, location: String)
        /// The first requests get `status` and `Retry-After`, the following ones 200 and `done`.
        case refusesFirst(times: Int, status: Int, retryAfter: String?)
        /// Takes the request and is silent until the client closes.
        case neverAnswers
        /// Sends head and the first bytes, then nothing until the client closes.
        case stallsAfter([UInt8])
        /// A gzip body that grows to so many zero bytes.
        case gzipBomb(Int)
        /// An event stream, one write each, then the end of the connection.
        case events([String])
        /// Closes the connection without a word.
        case hangsUp
    }

    /// Gzip of `count` zero bytes, some 160 times smaller: fixed Huffman codes, matches of 258 bytes at distance 1 (RFC 1951, 1952).
    static func gzipOfZeros(_ count: Int) -> [UInt8] {
        var output: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        // Huffman codes go in with their highest bit first.
        func put(_ code: UInt32, _ width: UInt32) {
            for shift in (0..<width).reversed() {
                pending |= (code >> shift & 1) << bits
                bits += 1
                if bits == 8 {
                    output.append(UInt8(pending))
                    (pending, bits) = (0, 0)
                }
            }
        }
        // Last block, fixed codes (01, lowest bit first).
        put(0b110, 3)
        var left = count
        if left > 0 {
            put(0b0011_0000, 8)
            left -= 1
        }
        while left >= 258 {
            put(0b1100_0101, 8)
            put(0, 5)
            left -= 258
        }
        for _ in 0..<left { put(0b0011_0000, 8) }
        put(0, 7)
        if bits > 0 { output.append(UInt8(pending)) }
        var checksum: UInt32 = 0xffff_ffff
        let table = (0..<UInt32(256)).map { index in
            (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
        }
        for _ in 0..<count { checksum = table[Int(checksum & 0xff)] ^ checksum >> 8 }
        for value in [~checksum, UInt32(truncatingIfNeeded: count)] {
            output += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return output
    }
}
