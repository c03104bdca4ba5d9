// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A place between two records: the file, the offset in it, the record before, and the digest up to there.
struct AuditPlace: Equatable {
    var file: Int
    var offset: Int
    /// The number and link of the record before; 0 and the first link at the very beginning.
    var number: UInt64
    var link: [UInt8]
    var digest: [UInt8]

    static let beginning = AuditPlace(file: 1, offset: 0, number: 0, link: AuditFrame.firstLink, digest: AuditFrame.firstLink)

    static let size = 8 + 8 + 8 + 32 + 32

    init(file: Int, offset: Int, number: UInt64, link: [UInt8], digest: [UInt8]) {
        self.file = file
        self.offset = offset
        self.number = number
        self.link = link
        self.digest = digest
    }

    init(_ bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        file = Int(truncatingIfNeeded: AuditFrame.number(bytes[start..<start + 8]))
        offset = Int(truncatingIfNeeded: AuditFrame.number(bytes[start + 8..<start + 16]))
        number = AuditFrame.number(bytes[start + 16..<start + 24])
        link = Array(bytes[start + 24..<start + 56])
        digest = Array(bytes[start + 56..<start + 88])
    }

    var bytes: [UInt8] {
        AuditFrame.big(UInt64(file)) + AuditFrame.big(UInt64(offset)) + AuditFrame.big(number) + link + digest
    }
}

/// Where the audit stood when it was last made durable: sealed, in a file of its own, so that cutting the end off shows.
struct AuditHead: Equatable {
    private static let context = "audit/head"

    /// The last record, and the digest up to and with it.
    var number: UInt64
    var link: [UInt8]
    var digest: [UInt8]
    /// The last record a checkpoint has signed.
    var signed: UInt64
    /// A place not far before it, from which an opening checks, so that a start takes no longer the older the audit is.
    var checkpoint: AuditPlace
    /// Where the oldest record kept stands: what was before it has been removed because its time was over.
    var origin: AuditPlace

    static let beginning = AuditHead(
        number: 0, link: AuditFrame.firstLink, digest: AuditFrame.firstLink, signed: 0, checkpoint: .beginning, origin: .beginning)

    init(number: UInt64, link: [UInt8], digest: [UInt8], signed: UInt64, checkpoint: AuditPlace, origin: AuditPlace) {
        self.number = number
        self.link = link
        self.digest = digest
        self.signed = signed
        self.checkpoint = checkpoint
        self.origin = origin
    }

    init(sealed: [UInt8], sealer: any DataSealer) throws {
        let bytes = try sealer.open(sealed, context: Self.context)
        switch bytes.count {
        case 80 + 2 * AuditPlace.size:
            number = AuditFrame.number(bytes[..<8])
            link = Array(bytes[8..<40])
            digest = Array(bytes[40..<72])
            signed = AuditFrame.number(bytes[72..<80])
            checkpoint = AuditPlace(bytes[80..<80 + AuditPlace.size])
            origin = AuditPlace(bytes[(80 + AuditPlace.size)...])
        case 96:
            // From before there were digests: everything is read once more, from the beginning.
            self = .beginning
            number = AuditFrame.number(bytes[..<8])
            link = Array(bytes[8..<40])
        default: throw SealError(.malformed, reason: "The audit head has the wrong length.")
        }
    }

    func sealed(by sealer: any DataSealer) throws -> [UInt8] {
        let bytes = AuditFrame.big(number) + link + digest + AuditFrame.big(signed) + checkpoint.bytes + origin.bytes
        return try sealer.seal(bytes, context: Self.context)
    }
}
