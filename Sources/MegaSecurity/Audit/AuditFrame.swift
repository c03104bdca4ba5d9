// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// One record as it stands in the file.
///
/// Layout: 4 bytes length of the sealed part (big endian), 8 bytes number, 32 bytes link to the record before, the sealed part,
/// 32 bytes link of this record. A link is the keyed hash over number, previous link and sealed part.
struct AuditFrame {
    static let overhead = 4 + 8 + 32 + 32
    static let longestRecord = 1 << 20
    static let firstLink = [UInt8](repeating: 0, count: 32)

    var number: UInt64
    var previous: [UInt8]
    var sealed: [UInt8]
    var link: [UInt8]

    init(number: UInt64, previous: [UInt8], sealed: [UInt8], sealer: any DataSealer) {
        self.number = number
        self.previous = previous
        self.sealed = sealed
        link = Self.link(number, previous, sealed, sealer)
    }

    private init(number: UInt64, previous: [UInt8], sealed: [UInt8], link: [UInt8]) {
        self.number = number
        self.previous = previous
        self.sealed = sealed
        self.link = link
    }

    var bytes: [UInt8] { Array(Self.big(UInt64(sealed.count))[4...]) + Self.big(number) + previous + sealed + link }

    static func link(_ number: UInt64, _ previous: [UInt8], _ sealed: [UInt8], _ sealer: any DataSealer) -> [UInt8] {
        sealer.hash(big(number) + previous + sealed, context: "audit/link")
    }

    func isAuthentic(_ sealer: any DataSealer) -> Bool { Self.link(number, previous, sealed, sealer) == link }

    /// The bytes of the whole frame at an offset; nil when they end before its length does or that is impossible.
    static func length(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard offset + overhead <= bytes.count else { return nil }
        let length = Int(number(bytes[offset..<(offset + 4)]))
        return length <= longestRecord + 4096 ? overhead + length : nil
    }

    /// Reads the frame at an offset; nil when the bytes end before it does or its length is impossible.
    static func read(_ bytes: [UInt8], at offset: Int) -> (frame: AuditFrame, next: Int)? {
        guard let whole = length(bytes, at: offset), offset + whole <= bytes.count else { return nil }
        let length = whole - overhead
        let body = offset + 44
        return (
            AuditFrame(
                number: number(bytes[(offset + 4)..<(offset + 12)]), previous: Array(bytes[(offset + 12)..<body]),
                sealed: Array(bytes[body..<(body + length)]), link: Array(bytes[(body + length)..<(body + length + 32)])),
            body + length + 32
        )
    }

    static func big(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } }
    static func number(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
