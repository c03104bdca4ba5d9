// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import GRDB
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteStore {
    /// The keys of all attachments that anything stored refers to: messages, turns under way, answers that wait, memories.
    ///
    /// Reads every value once, so it takes a while in a large store. A word that only looks like a key counts as one. What belonged to
    /// somebody who was forgotten refers to nothing any more.
    ///
    /// - Throws: `SealError` or `StoreError` when a value cannot be read: then nobody knows what it refers to, and nothing may be deleted.
    public func referencedAttachments() async throws -> Set<String> {
        let codec = codec
        return try await read { database in
            var keys: Set<String> = []
            for table in SealedTable.all {
                var last: Int64 = 0
                while let (rows, end) = try table.rows(after: last, limit: 200, database, codec) {
                    last = end
                    for value in rows.flatMap(\.values) {
                        let plain = try codec.unlessForgotten { try codec.sealer.open(Array(value.sealed), context: value.context) }
                        Self.collectKeys(in: plain ?? [], into: &keys)
                    }
                }
            }
            return keys
        }
    }

    /// Runs of exactly as many hexadecimal digits as a key has.
    private static func collectKeys(in bytes: [UInt8], into keys: inout Set<String>) {
        let length = 64
        var start = 0
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
        for index in 0...bytes.count where index == bytes.count || !isDigit(bytes[index]) {
            if index - start == length { keys.insert(String(decoding: bytes[start..<index], as: UTF8.self)) }
            start = index + 1
        }
    }
}
