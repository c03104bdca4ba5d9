// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A record as it stands in an audit.
public struct AuditEntry: Sendable, Hashable {
    /// Its number in the chain; the first is 1.
    public var number: UInt64
    /// What was recorded.
    public var record: AuditRecord

    /// Makes an entry.
    public init(number: UInt64, record: AuditRecord) {
        self.number = number
        self.record = record
    }

    /// One object of JSON: `number`, `at` (ISO 8601 with milliseconds), `event`, `turn`, `person`, `details`.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "number": .integer(Int64(clamping: number)), "at": .string(Self.text(of: record.at)), "event": .string(record.event.rawValue),
            "details": .object(record.details.mapValues { .string($0) }),
        ]
        if let turn = record.turn { members["turn"] = .integer(turn.rawValue) }
        if let person = record.person { members["person"] = .string(person.rawValue) }
        return .object(members)
    }

    static func text(of date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}

/// Which records are wanted. Everything that is given has to fit.
public struct AuditFilter: Sendable, Hashable {
    /// Of this turn.
    public var turn: TurnID?
    /// Of this person.
    public var person: PersonID?
    /// Not older.
    public var since: Date?
    /// Not newer.
    public var until: Date?
    /// Events with one of these names, or in one of these areas (`tool` is every `tool.…`). None means all.
    public var events: [String]

    /// Makes a filter; without arguments everything fits.
    public init(turn: TurnID? = nil, person: PersonID? = nil, since: Date? = nil, until: Date? = nil, events: [String] = []) {
        self.turn = turn
        self.person = person
        self.since = since
        self.until = until
        self.events = events
    }

    /// Whether a record is wanted.
    public func matches(_ record: AuditRecord) -> Bool {
        if let turn, record.turn != turn { return false }
        if let person, record.person != person { return false }
        if let since, record.at < since { return false }
        if let until, record.at > until { return false }
        guard !events.isEmpty else { return true }
        return events.contains { name in record.event.rawValue == name || record.event.rawValue.hasPrefix(name + ".") }
    }
}

/// Reads an audit in order, also while it is being written, and goes on where it stopped when there is more.
///
/// Every record is checked against its link; how it stands to the others, and whether any is missing, is what verifying tells.
public struct AuditReader: Sendable {
    /// The most bytes one call of ``next(_:limit:)`` goes through.
    private static let step = 8 << 20

    private let folder: AuditFolder
    private let sealer: any DataSealer
    private var file: Int
    private var offset = 0

    /// Opens a folder for reading.
    ///
    /// - Parameter since: Files last written before are left out.
    /// - Throws: ``AuditError`` when there is no audit.
    public init(folder: String, sealer: any DataSealer, since: Date? = nil) async throws {
        let folder = AuditFolder(folder)
        self.folder = folder
        self.sealer = sealer
        file = try await Blocking.run {
            let files = folder.allFiles()
            guard let last = files.last else {
                throw AuditError(.unavailable, reason: "There is no audit in \(folder.path) yet. The daemon begins it at its first start.")
            }
            guard let since else { return files[0] }
            return files.first { folder.status(of: $0).changedAt >= since } ?? last
        }
    }

    /// The next records that fit a filter, at most `limit`; an empty result with `isAtEnd` means that there are none yet.
    ///
    /// - Throws: ``AuditError``: damaged, with the place of a record that is not as it was written.
    public mutating func next(_ filter: AuditFilter = AuditFilter(), limit: Int = 1000) async throws -> (entries: [AuditEntry], isAtEnd: Bool) {
        let (folder, sealer, file, offset) = (folder, sealer, file, offset)
        let (entries, isAtEnd, place) = try await Blocking.run {
            try Self.read(folder, sealer, (file, offset), filter, limit: max(1, limit))
        }
        (self.file, self.offset) = place
        return (entries, isAtEnd)
    }

    /// The last records that fit, oldest first.
    public static func last(_ count: Int, folder: String, sealer: any DataSealer) async throws -> [AuditEntry] {
        try await Blocking.run {
            let folder = AuditFolder(folder)
            guard let first = folder.allFiles().first else { return [] }
            return try AuditChain.last(max(0, count), in: folder, from: first, sealer).map {
                AuditEntry(number: $0.number, record: try $0.record(sealer))
            }
        }
    }

    private static func read(
        _ folder: AuditFolder, _ sealer: any DataSealer, _ place: (file: Int, offset: Int), _ filter: AuditFilter, limit: Int
    ) throws -> ([AuditEntry], Bool, (Int, Int)) {
        var entries: [AuditEntry] = []
        var place = place
        var left = step
        while entries.count < limit, left > 0 {
            guard let reader = try folder.reader(of: place.file, from: place.offset) else {
                // Removed because its time was over, or not there yet.
                guard let next = folder.files(from: place.file).first, next > place.file else { return (entries, true, place) }
                place = (next, 0)
                continue
            }
            while entries.count < limit, left > 0, let frame = try reader.next() {
                left -= reader.offset - place.offset
                place.offset = reader.offset
                guard frame.isAuthentic(sealer) else {
                    throw AuditError(
                        .damaged, reason: "Record \(frame.number) in \(AuditFolder.name(place.file)) is not as it was written. Run: megabot audit verify")
                }
                let record = try frame.record(sealer)
                if filter.matches(record) { entries.append(AuditEntry(number: frame.number, record: record)) }
            }
            if entries.count >= limit || left <= 0 { break }
            // The end of the file: there is a next one, or there is no more yet.
            guard let next = folder.files(from: place.file + 1).first else { return (entries, true, place) }
            // Written to its end before the next was begun; what came in between is not missed.
            if let again = try folder.reader(of: place.file, from: place.offset), again.size > place.offset, try again.next() != nil { continue }
            place = (next, 0)
        }
        return (entries, false, place)
    }
}
