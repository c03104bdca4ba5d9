// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A signed statement: up to this record the digest over all frames was this.
///
/// Stands as a line of JSON in `audit.checkpoints`, so that everybody can check it with the public key alone. Signed (Ed25519, RFC 8032)
/// is the text `megabot audit checkpoint 1`, the number, the digest in hex, the time and the number of the checkpoint before, a line each.
struct AuditCheckpoint: Equatable {
    var number: UInt64
    var digest: [UInt8]
    /// Seconds since 1970.
    var time: Int64
    /// The checkpoint before; 0 for the first.
    var previous: UInt64
    var signature: [UInt8]

    static let longestLine = 1024

    private static func statement(_ number: UInt64, _ digest: [UInt8], _ time: Int64, _ previous: UInt64) -> [UInt8] {
        Array("megabot audit checkpoint 1\n\(number)\n\(Hex.encode(digest))\n\(time)\n\(previous)\n".utf8)
    }

    init(number: UInt64, digest: [UInt8], time: Int64, previous: UInt64, signer: AuditSigner) throws {
        self.number = number
        self.digest = digest
        self.time = time
        self.previous = previous
        signature = try signer.signature(over: Self.statement(number, digest, time, previous))
    }

    /// Nil when it is no checkpoint.
    init?(line: some Collection<UInt8>) {
        // why: a line that is no JSON is no checkpoint, whatever is wrong with it
        guard line.count <= Self.longestLine, let json = try? JSONValue(parsing: Array(line), depthLimit: 2, refusesDuplicates: true),
            let number = json["number"]?.integerValue, number > 0, let previous = json["previous"]?.integerValue, previous >= 0,
            let time = json["time"]?.integerValue, let digest = json["digest"]?.stringValue.flatMap(Self.bytes(hex:)), digest.count == 32,
            let signature = json["signature"]?.stringValue.flatMap(Self.bytes(hex:)), signature.count == 64
        else { return nil }
        self.number = UInt64(number)
        self.previous = UInt64(previous)
        self.time = time
        self.digest = digest
        self.signature = signature
    }

    var line: [UInt8] {
        let json: JSONValue = [
            "number": .integer(Int64(number)), "digest": .string(Hex.encode(digest)), "time": .integer(time),
            "previous": .integer(Int64(previous)), "signature": .string(Hex.encode(signature)),
        ]
        return json.encoded() + [0x0A]
    }

    func isSigned(by key: AuditPublicKey) -> Bool { key.verifies(signature, over: Self.statement(number, digest, time, previous)) }

    private static func bytes(hex: String) -> [UInt8]? {
        let digits = Array(hex.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
