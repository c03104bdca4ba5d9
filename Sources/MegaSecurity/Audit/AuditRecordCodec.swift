// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Records as JSON: the same members `Codable` would write, a few times quicker, because every message and model call is one.
enum AuditRecordCodec {
    static func encode(_ record: AuditRecord) -> [UInt8] {
        var members: [String: JSONValue] = [
            "event": .string(record.event.rawValue), "at": .number(record.at.timeIntervalSinceReferenceDate),
            "details": .object(record.details.mapValues { .string($0) }),
        ]
        if let turn = record.turn { members["turn"] = .integer(turn.rawValue) }
        if let person = record.person { members["person"] = .string(person.rawValue) }
        return JSONValue.object(members).encoded()
    }

    /// - Throws: ``AuditError`` (damaged): these bytes were authentic, so another program wrote them.
    static func decode(_ bytes: [UInt8]) throws -> AuditRecord {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes, depthLimit: 8) } catch { throw unreadable("\(error)") }
        guard let event = json["event"]?.stringValue, let at = json["at"]?.numberValue, let details = json["details"]?.objectValue else {
            throw unreadable("a member is missing")
        }
        return AuditRecord(
            AuditRecord.Event(rawValue: event), at: Date(timeIntervalSinceReferenceDate: at),
            turn: json["turn"]?.integerValue.map { TurnID(rawValue: $0) }, person: json["person"]?.stringValue.map { PersonID(rawValue: $0) },
            details: details.mapValues { $0.stringValue ?? $0.encodedString() })
    }

    private static func unreadable(_ what: String) -> AuditError {
        AuditError(.damaged, reason: "An audit record cannot be understood (\(what)). A newer version may have written it; update this one.")
    }
}
