// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
@testable import MegaSecurity
import Testing

/// A small audit, and what somebody with a disk and no key can do to it.
struct AuditSpecimen {
    static let options = AuditLog.Options(rotationBytes: 4096, checkpointRecords: 4, checkpointInterval: .seconds(3600))

    let folder: ScratchFolder
    let key: AuditPublicKey
    let count: Int

    /// - Parameter text: Long texts make several files.
    init(_ count: Int, text: String = "x", options: AuditLog.Options = options) async throws {
        self.count = count
        folder = try ScratchFolder(in: "/tmp")
        let log = try await AuditLog(folder: folder.path, sealer: TestSealer(), options: options)
        for index in 1...count { try await log.record(Self.record(index, text)) }
        await log.close()
        key = try await AuditLog.publicKey(folder: folder.path, sealer: TestSealer())
    }

    static func record(_ index: Int, _ text: String = "x") -> AuditRecord {
        AuditRecord(
            .toolDecided, at: Date(timeIntervalSince1970: 1_700_000_000 + Double(index)), turn: TurnID(rawValue: Int64(index / 3)), person: "ana",
            details: ["n": "\(index)", "text": text])
    }

    func verify() async throws -> AuditVerification { try await AuditLog.verify(folder: folder.path, sealer: TestSealer()) }
    func verifyPublicly() async throws -> AuditVerification { try await AuditVerifier.verify(folder: folder.path, key: key) }

    var logs: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".log") }.sorted() }
    }

    func put(_ bytes: [UInt8], _ name: String) {
        #expect(
            FileManager.default.createFile(
                atPath: folder.path + "/" + name, contents: Data(bytes), attributes: [.posixPermissions: 0o600]))
    }

    /// Runs a check on a changed state and puts everything back.
    func changed(_ change: () throws -> Void, _ check: (AuditVerification, AuditVerification) throws -> Void) async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let before = Dictionary(uniqueKeysWithValues: names.map { ($0, folder.read($0) ?? []) })
        try change()
        try check(try await verify(), try await verifyPublicly())
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where before[name] == nil {
            try FileManager.default.removeItem(atPath: folder.path + "/" + name)
        }
        for (name, bytes) in before { put(bytes, name) }
    }

    /// The places of the records in a file: length field, number, previous link, sealed part, link.
    static func frames(_ bytes: [UInt8]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var offset = 0
        while offset + 4 <= bytes.count {
            let length = bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) } + 76
            result.append(offset..<(offset + length))
            offset += length
        }
        return result
    }
}

@Suite("Tampering with the audit") struct AuditTamperingTests {
    private static let file = "audit-000001.log"

    private func specimen() async throws -> (AuditSpecimen, [UInt8], [Range<Int>]) {
        let specimen = try await AuditSpecimen(10)
        let bytes = try #require(specimen.folder.read(Self.file))
        let frames = AuditSpecimen.frames(bytes)
        #expect(frames.count == 10)
        let (own, open) = (try await specimen.verify(), try await specimen.verifyPublicly())
        #expect(own.isSound && own.soundRecords == 10 && own.signedRecords == 10)
        #expect(open.isSound && open.soundRecords == 10 && open.signedRecords == 10)
        return (specimen, bytes, frames)
    }

    @Test("An edit of any record, at its first, middle and last byte and in every part, is found and the record named") func edits() async throws {
        let (specimen, bytes, frames) = try await specimen()
        for (index, frame) in frames.enumerated() {
            let number = UInt64(index + 1)
            for offset in [4, 11, 12, 43, 44, frame.count / 2, frame.count - 33, frame.count - 32, frame.count - 1] {
                var changed = bytes
                changed[frame.lowerBound + offset] ^= 1
                try await specimen.changed({ specimen.put(changed, Self.file) }) { own, open in
                    #expect(own.problem == .init(damage: .edited, record: number, file: Self.file), "record \(number) byte \(offset)")
                    // Without the key up to the checkpoints around it; they stand at 4, 8 and 10.
                    let problem = try #require(open.problem, "record \(number) byte \(offset)")
                    #expect(problem.record <= number + 1 && (problem.through ?? problem.record) + 1 >= number)
                }
            }
            // The length: then what follows is no record.
            var changed = bytes
            changed[frame.lowerBound] = 0xFF
            try await specimen.changed({ specimen.put(changed, Self.file) }) { own, open in
                #expect(own.problem?.record == number && open.problem != nil)
            }
        }
    }

    @Test("A deletion of any record is found and the record named") func deletions() async throws {
        let (specimen, bytes, frames) = try await specimen()
        for (index, frame) in frames.enumerated() {
            var changed = bytes
            changed.removeSubrange(frame)
            try await specimen.changed({ specimen.put(changed, Self.file) }) { own, open in
                let damage: AuditVerification.Damage = index == 9 ? .truncated : .deleted
                #expect(own.problem == .init(damage: damage, record: UInt64(index + 1), file: Self.file))
                #expect(index == 0 ? open.problem != nil : open.problem?.record == UInt64(index + 1))
            }
        }
    }

    @Test("An exchange of any two records is found, and the first one that is out of place is named") func reorders() async throws {
        let (specimen, bytes, frames) = try await specimen()
        for left in frames.indices {
            for right in frames.indices where right > left {
                var order = Array(frames.indices)
                order.swapAt(left, right)
                let changed = order.flatMap { bytes[frames[$0]] }
                try await specimen.changed({ specimen.put(changed, Self.file) }) { own, open in
                    #expect(own.problem == .init(damage: .reordered, record: UInt64(left + 1), file: Self.file))
                    #expect(open.problem != nil)
                }
            }
        }
    }

    @Test("A repeated record is found") func repeats() async throws {
        let (specimen, bytes, frames) = try await specimen()
        for (index, frame) in frames.enumerated() {
            var changed = bytes
            changed.insert(contentsOf: bytes[frame], at: frame.upperBound)
            try await specimen.changed({ specimen.put(changed, Self.file) }) { own, open in
                #expect(own.problem?.damage == .reordered && own.problem?.record == UInt64(index + 1))
                #expect(open.problem != nil)
            }
        }
    }

    @Test("A cut anywhere is found, and the first record that is missing is named") func truncations() async throws {
        let (specimen, bytes, frames) = try await specimen()
        for (index, frame) in frames.enumerated() {
            for length in [frame.lowerBound, frame.lowerBound + 2, frame.lowerBound + 50, frame.upperBound - 1] {
                try await specimen.changed({ specimen.put(Array(bytes[..<length]), Self.file) }) { own, open in
                    #expect(own.problem?.damage == .truncated && own.problem?.record == UInt64(index + 1), "\(length)")
                    #expect(open.problem != nil, "\(length)")
                }
            }
        }
        // The checkpoints cut off as well: whoever has the key still finds it; others need a checkpoint they kept.
        let checkpoints = try #require(specimen.folder.read("audit.checkpoints"))
        let lines = checkpoints.split(separator: 0x0A)
        try await specimen.changed({
            specimen.put(Array(bytes[..<frames[7].upperBound]), Self.file)
            specimen.put(lines.dropLast().flatMap { $0 + [0x0A] }, "audit.checkpoints")
        }) { own, _ in #expect(own.problem?.damage == .truncated && own.problem?.record == 9) }
    }

    @Test("Changed, missing, swapped and cut-off checkpoints are found") func checkpoints() async throws {
        let (specimen, _, _) = try await specimen()
        let whole = try #require(specimen.folder.read("audit.checkpoints"))
        let lines = whole.split(separator: 0x0A).map { Array($0) + [0x0A] }
        #expect(lines.count == 3)
        for index in lines.indices {
            var without = lines
            without.remove(at: index)
            try await specimen.changed({ specimen.put(without.flatMap { $0 }, "audit.checkpoints") }) { own, open in
                #expect(own.problem != nil)
                // That the newest is missing can only be seen by who has the key, or kept it.
                #expect((open.problem != nil) == (index < 2))
            }
            var swapped = lines
            swapped.swapAt(index, (index + 1) % 3)
            try await specimen.changed({ specimen.put(swapped.flatMap { $0 }, "audit.checkpoints") }) { own, open in
                #expect(own.problem != nil && open.problem != nil)
            }
        }
        for place in stride(from: 0, to: whole.count, by: 5) {
            var changed = whole
            changed[place] ^= 0x01
            try await specimen.changed({ specimen.put(changed, "audit.checkpoints") }) { own, open in
                // Without its line feed the last line counts as half written: then it is the newest that is missing.
                #expect(own.problem != nil && (open.problem != nil || place == whole.count - 1), "byte \(place)")
            }
        }
        for name in ["audit.key", "audit.head", "audit.checkpoints"] {
            try await specimen.changed({ try FileManager.default.removeItem(atPath: specimen.folder.path + "/" + name) }) { own, _ in
                #expect(own.problem != nil, "\(name)")
            }
        }
    }

    @Test("A forged checkpoint of another key does not vouch for a rewritten audit") func forged() async throws {
        let (specimen, _, _) = try await specimen()
        let forger = try await AuditSpecimen(10, text: "forged")
        for name in [Self.file, "audit.checkpoints", "audit.pub", "audit.key", "audit.head"] {
            specimen.put(try #require(forger.folder.read(name)), name)
        }
        #expect(try await specimen.verifyPublicly().problem != nil)
    }

    @Test("Whole files that are missing or stand in each other's place are found, first, middle and last") func files() async throws {
        let specimen = try await AuditSpecimen(40, text: String(repeating: "y", count: 300))
        let names = try specimen.logs
        #expect(names.count >= 4)
        #expect(try await specimen.verify().isSound)
        #expect(try await specimen.verifyPublicly().isSound)
        for (index, name) in names.enumerated() {
            let bytes = try #require(specimen.folder.read(name))
            let first = try #require(AuditFrame.read(bytes, at: 0)).frame.number
            try await specimen.changed({ try FileManager.default.removeItem(atPath: specimen.folder.path + "/" + name) }) { own, open in
                #expect(own.problem?.damage == (index == names.count - 1 ? .truncated : .deleted), "\(name)")
                #expect(own.problem?.record == first, "\(name)")
                // A missing beginning looks like one whose time was over to who has no key, unless its checkpoints are still there.
                #expect(open.problem != nil, "\(name)")
            }
            for other in names.indices where other > index {
                try await specimen.changed({
                    let (left, right) = (try #require(specimen.folder.read(name)), try #require(specimen.folder.read(names[other])))
                    specimen.put(right, name)
                    specimen.put(left, names[other])
                }) { own, open in
                    #expect(own.problem?.damage == .reordered && own.problem?.record == first, "\(name) \(names[other])")
                    #expect(open.problem != nil, "\(name) \(names[other])")
                }
            }
        }
    }

    @Test("Random damage never crashes the readers, and never passes", .timeLimit(.minutes(3))) func randomDamage() async throws {
        let specimen = try await AuditSpecimen(24, text: String(repeating: "z", count: 200))
        var generator = SeededGenerator(seed: 20_261_125)
        for round in 0..<150 {
            let names = try specimen.logs
            let name = try #require(names.randomElement(using: &generator))
            let bytes = try #require(specimen.folder.read(name))
            var changed = bytes
            for _ in 0...(round % 3) {
                guard !changed.isEmpty else { break }
                let place = Int.random(in: changed.indices, using: &generator)
                let length = Int.random(in: 1...64, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: changed[place] ^= UInt8.random(in: 1...255, using: &generator)
                case 1: changed.removeSubrange(place..<min(changed.count, place + length))
                case 2: changed.insert(contentsOf: (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }, at: place)
                case 3: changed.replaceSubrange(place..<min(changed.count, place + 4), with: [0xFF, 0xFF, 0xFF, 0xFF])
                default: changed = Array(changed[..<place])
                }
            }
            guard changed != bytes else { continue }
            try await specimen.changed({ specimen.put(changed, name) }) { own, open in
                #expect(own.problem != nil || isTornTail(bytes, changed), "round \(round)")
                #expect(open.problem != nil || isTornTail(bytes, changed), "round \(round)")
            }
            specimen.put(changed, name)
            // The reader stops at the first record that is not as it was written; it must end and say so, or give sound ones only.
            do {
                var reader = try await AuditReader(folder: specimen.folder.path, sealer: TestSealer())
                var isAtEnd = false
                while !isAtEnd {
                    let (entries, end) = try await reader.next(limit: 7)
                    for entry in entries { #expect(entry.record.details["text"] == String(repeating: "z", count: 200)) }
                    isAtEnd = end
                }
            } catch let error as AuditError {
                #expect(error.code == .damaged)
            }
            specimen.put(bytes, name)
        }
    }

    /// Bytes behind the last record that are no whole one are what a power cut leaves.
    private func isTornTail(_ bytes: [UInt8], _ changed: [UInt8]) -> Bool { changed.starts(with: bytes) }
}
