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
    /// Details that can hold what a person wrote, or what was done for them in words.
    private static let personal: Set = ["summary", "reason", "flow", "sha256"]

    /// - Parameter sealer: Where the record's person has keys, details that can hold their words are sealed under one made of these, so that nobody
    ///   reads them any more once the person is forgotten; the record itself stays, and the chain with it.
    static func encode(_ record: AuditRecord, _ sealer: (any DataSealer)? = nil) -> [UInt8] {
        var details = record.details
        var members: [String: JSONValue] = [
            "event": .string(record.event.rawValue), "at": .number(record.at.timeIntervalSinceReferenceDate),
        ]
        let words = details.filter { personal.contains($0.key) || ($0.key == "scope" && record.event == .grantGiven) }
        if !words.isEmpty, let owner = record.person.flatMap({ personal(sealer, $0) }) {
            for key in words.keys { details[key] = nil }
            let plain = JSONValue.object(words.mapValues { .string($0) }).encoded()
            do {
                members[sealedMember] = .string(Data(try owner.seal(plain, context: personalContext)).base64EncodedString())
            } catch {
                // Forgotten at this moment.
                details[forgottenDetail] = forgottenText
            }
        }
        members["details"] = .object(details.mapValues { .string($0) })
        if let turn = record.turn { members["turn"] = .integer(turn.rawValue) }
        if let person = record.person { members["person"] = .string(person.rawValue) }
        return JSONValue.object(members).encoded()
    }

    /// A person's key for the audit; it stays when keys are replaced, because records are never sealed anew.
    private static func personal(_ sealer: (any DataSealer)?, _ person: PersonID) -> (any DataSealer)? {
        sealer?.existingSealer(for: person)?.bound(to: Array("audit".utf8))
    }

    private static let sealedMember = "personal"
    private static let personalContext = "audit/personal"
    static let forgottenDetail = "forgotten"
    private static let forgottenText = "the words belonged to a person who was forgotten"

    /// - Parameter sealer: Leads to people's keys. Words of those who were forgotten are left out, which `forgotten` among the details says.
    /// - Throws: ``AuditError`` (damaged): these bytes were authentic, so another program wrote them.
    static func decode(_ bytes: [UInt8], _ sealer: any DataSealer) throws -> AuditRecord {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes, depthLimit: 8) } catch { throw unreadable("\(error)") }
        guard let event = json["event"]?.stringValue, let at = json["at"]?.numberValue, var details = json["details"]?.objectValue else {
            throw unreadable("a member is missing")
        }
        let person = json["person"]?.stringValue.map { PersonID(rawValue: $0) }
        if let sealed = json[sealedMember]?.stringValue.flatMap({ Data(base64Encoded: $0) }) {
            do {
                // The record is authentic as a whole, so what does not open is under a key that is gone.
                guard let owner = person.flatMap({ personal(sealer, $0) }) else { throw SealError(.forgotten, reason: forgottenText) }
                let words = try JSONValue(parsing: try owner.open(Array(sealed), context: personalContext), depthLimit: 2).objectValue ?? [:]
                details.merge(words) { own, _ in own }
            } catch is SealError {
                details[forgottenDetail] = .string(forgottenText)
            } catch {
                throw unreadable("\(error)")
            }
        }
        return AuditRecord(
            AuditRecord.Event(rawValue: event), at: Date(timeIntervalSinceReferenceDate: at),
            turn: json["turn"]?.integerValue.map { TurnID(rawValue: $0) }, person: person,
            details: details.mapValues { $0.stringValue ?? $0.encodedString() })
    }

    private static func unreadable(_ what: String) -> AuditError {
        AuditError(.damaged, reason: "An audit record cannot be understood (\(what)). A newer version may have written it; update this one.")
    }
}
