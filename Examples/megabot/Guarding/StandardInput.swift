// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The bytes of the standard input.
enum StandardInput {
    /// The next bytes, up to 64 KiB; empty at the end.
    static func next() throws -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = piece.withUnsafeMutableBytes { read(0, $0.baseAddress, $0.count) }
            if count >= 0 { return Array(piece.prefix(count)) }
            guard errno == EINTR || errno == EAGAIN else { throw Complaint("the standard input cannot be read: \(String(cString: strerror(errno)))") }
        }
    }

    /// All of it, up to a limit.
    static func all(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try next()
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= limit else { throw Complaint("the standard input has more than \(limit) bytes.") }
        }
    }

    /// Calls the body with every line, without its end.
    static func lines(limit: Int, _ body: (ArraySlice<UInt8>) -> Void) throws {
        var decoder = LineDecoder(limit: limit)
        while true {
            let piece = try next()
            if piece.isEmpty { break }
            decoder.append(piece)
            while let line = try decoder.next() { body(line) }
        }
        if let line = decoder.finish() { body(line) }
    }
}
