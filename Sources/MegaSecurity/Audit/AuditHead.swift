// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A place between two records: the file, the offset in it, and the record before.
struct AuditPlace: Equatable {
    var file: Int
    var offset: Int
    /// The number and link of the record before; 0 and the first link at the very beginning.
    var number: UInt64
    var link: [UInt8]

    static let beginning = AuditPlace(file: 1, offset: 0, number: 0, link: AuditFrame.firstLink)
}

/// Where the audit stood when it was last made durable: sealed, in a file of its own, so that cutting the end off shows.
struct AuditHead: Equatable {
    private static let context = "audit/head"

    /// The last record.
    var number: UInt64
    var link: [UInt8]
    /// A place not far before it, from which an opening checks, so that a start takes no longer the older the audit is.
    var checkpoint: AuditPlace

    init(number: UInt64, link: [UInt8], checkpoint: AuditPlace = .beginning) {
        self.number = number
        self.link = link
        self.checkpoint = checkpoint
    }

    init(sealed: [UInt8], sealer: any DataSealer) throws {
        let bytes = try sealer.open(sealed, context: Self.context)
        guard bytes.count == 96 else { throw SealError(.malformed, reason: "The audit head has the wrong length.") }
        number = AuditFrame.number(bytes[..<8])
        link = Array(bytes[8..<40])
        checkpoint = AuditPlace(
            file: Int(truncatingIfNeeded: AuditFrame.number(bytes[40..<48])), offset: Int(truncatingIfNeeded: AuditFrame.number(bytes[48..<56])),
            number: AuditFrame.number(bytes[56..<64]), link: Array(bytes[64...]))
    }

    func sealed(by sealer: any DataSealer) throws -> [UInt8] {
        var bytes = AuditFrame.big(number) + link
        bytes += AuditFrame.big(UInt64(checkpoint.file)) + AuditFrame.big(UInt64(checkpoint.offset))
        bytes += AuditFrame.big(checkpoint.number) + checkpoint.link
        return try sealer.seal(bytes, context: Self.context)
    }
}
