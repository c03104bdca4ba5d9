// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// What is kept of a record that is too large: the beginnings of its values, with their lengths and keyed digests of the whole, so
/// that a text at hand can still be compared with what was recorded.
struct AuditExcerpt {
    /// Bytes of a long value that are kept.
    static let longestValue = 4096

    let sealer: any DataSealer

    /// - Parameter whole: The encoded record.
    func shortened(_ record: AuditRecord, whole: [UInt8]) -> AuditRecord {
        var result = record
        result.details = record.details.mapValues { cut($0, to: Self.longestValue) }
        // JSON writes a character as six bytes at most. Keys are the program's own words; a record that still does not fit has very
        // many of them, or is no record of ours.
        let limit = AuditFrame.longestRecord / 8
        if size(result) <= limit { return result }
        var details: [String: String] = [:]
        var left = limit / 2
        for (key, value) in record.details.sorted(by: { $0.key < $1.key }) {
            let short = cut(value, to: 128)
            left -= key.utf8.count + short.utf8.count
            if left < 0 { break }
            details[key] = short
        }
        details["shortened"] = "\(details.count) of \(record.details.count) details; all: \(note(whole))"
        result.details = details
        result.event = AuditRecord.Event(rawValue: cut(record.event.rawValue, to: Self.longestValue))
        result.person = record.person.map { PersonID(rawValue: cut($0.rawValue, to: Self.longestValue)) }
        return result
    }

    private func size(_ record: AuditRecord) -> Int {
        let others = record.event.rawValue.utf8.count + (record.person?.rawValue.utf8.count ?? 0)
        return record.details.reduce(others) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }

    private func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return text[..<end] + "… [\(note(Array(text.utf8)))]"
    }

    private func note(_ bytes: [UInt8]) -> String {
        let digest = sealer.hash(bytes, context: "audit/digest")
        return "\(bytes.count) bytes, keyed digest \(Hex.encode(digest))"
    }
}
