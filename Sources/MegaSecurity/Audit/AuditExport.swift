// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Records to hand on: JSON Lines, and a signature over them that anybody can check with the audit's public key.
///
/// The first line says what the export holds; then each record is an object, see ``AuditEntry/json``.
public struct AuditExport: Sendable {
    /// The most bytes one export may have: it is signed as a whole.
    public static let longest = 512 << 20

    /// The lines.
    public let bytes: [UInt8]
    /// The Ed25519 signature over ``bytes``, 64 bytes, as `openssl pkeyutl -verify -rawin` wants it.
    public let signature: [UInt8]
    /// The key to check it with.
    public let publicKey: AuditPublicKey
    /// How many records are in it.
    public let count: Int

    /// Gathers and signs.
    ///
    /// - Throws: ``AuditError``: damaged when a record is not as it was written, unavailable when there is no audit or too much for one
    ///   export.
    public init(folder: String, sealer: any DataSealer, filter: AuditFilter = AuditFilter(), at now: Date) async throws {
        let publicKey = try await AuditLog.publicKey(folder: folder, sealer: sealer)
        var lines: [UInt8] = []
        var count = 0
        try await Self.each(folder: folder, sealer: sealer, filter: filter) { entry in
            lines += entry.json.encoded()
            lines.append(0x0A)
            count += 1
            guard lines.count <= Self.longest else {
                throw AuditError(.unavailable, reason: "That is more than \(Self.longest >> 20) MiB. Export a shorter time or one turn at a time.")
            }
        }
        let head: JSONValue = [
            "export": "megabot audit 1", "at": .string(AuditEntry.text(of: now)), "records": .integer(Int64(count)),
            "key": .string(publicKey.fingerprint),
        ]
        bytes = head.encoded() + [0x0A] + lines
        signature = try await AuditLog.signature(over: bytes, folder: folder, sealer: sealer)
        self.publicKey = publicKey
        self.count = count
    }

    /// Goes through the records that fit, oldest first, without keeping them.
    public static func each(
        folder: String, sealer: any DataSealer, filter: AuditFilter, _ body: (AuditEntry) throws -> Void
    ) async throws {
        var reader = try await AuditReader(folder: folder, sealer: sealer, since: filter.since)
        while true {
            let (entries, isAtEnd) = try await reader.next(filter)
            for entry in entries { try body(entry) }
            if isAtEnd { return }
        }
    }
}
