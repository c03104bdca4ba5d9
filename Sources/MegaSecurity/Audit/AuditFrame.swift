// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import MegaCore

/// One record as it stands in the file.
///
/// Layout: 4 bytes length of the sealed part (big endian), 8 bytes number, 32 bytes link to the record before, the sealed part,
/// 32 bytes link of this record. A link is the keyed hash over number, previous link and sealed part: it names a changed record, for
/// whoever has the key. Beside it runs a plain digest over all frames, SHA-256 of the digest before and the frame's bytes, which
/// anybody can compute; checkpoints sign it.
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

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.overhead + sealed.count)
        bytes += Self.big(UInt64(sealed.count))[4...]
        bytes += Self.big(number)
        bytes += previous
        bytes += sealed
        bytes += link
        return bytes
    }

    /// What a frame is sealed to.
    static func context(_ number: UInt64) -> String { "audit/record/\(number)" }

    static func link(_ number: UInt64, _ previous: [UInt8], _ sealed: [UInt8], _ sealer: any DataSealer) -> [UInt8] {
        sealer.hash(big(number) + previous + sealed, context: "audit/link")
    }

    /// The digest over all frames up to and with one.
    static func digest(_ frame: [UInt8], after digest: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: digest)
        hash.update(data: frame)
        return Array(hash.finalize())
    }

    func isAuthentic(_ sealer: any DataSealer) -> Bool { ConstantTime.areEqual(Self.link(number, previous, sealed, sealer), link) }

    func record(_ sealer: any DataSealer) throws -> AuditRecord {
        try AuditRecordCodec.decode(try sealer.open(sealed, context: Self.context(number)), sealer)
    }

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
