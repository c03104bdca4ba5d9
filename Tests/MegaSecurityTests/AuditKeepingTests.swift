// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#endif
import MegaCore
@testable import MegaSecurity
import MegaTesting
import Subprocess
import Synchronization
import Testing

@Suite("Keeping, reading and handing on the audit") struct AuditKeepingTests {
    private func open(
        _ folder: ScratchFolder, _ options: AuditLog.Options = AuditLog.Options(), now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> AuditLog { try await AuditLog(folder: folder.path, sealer: TestSealer(), options: options, now: now) }

    private func all(_ folder: ScratchFolder, _ filter: AuditFilter = AuditFilter()) async throws -> [AuditEntry] {
        var entries: [AuditEntry] = []
        var reader = try await AuditReader(folder: folder.path, sealer: TestSealer(), since: filter.since)
        while true {
            let (next, isAtEnd) = try await reader.next(filter, limit: 5)
            entries += next
            if isAtEnd { return entries }
        }
    }

    @Test("Records survive every way of being written: the quick codec gives what Codable gives") func codec() throws {
        let records = [
            AuditSpecimen.record(1), AuditRecord("a.b", at: Date(timeIntervalSinceReferenceDate: 0)),
            AuditRecord("ü.\u{0}\"\\", at: Date(timeIntervalSinceReferenceDate: 12_345_678.901_234), turn: TurnID(rawValue: .max), person: "\u{1F600}", details: ["": "", "k\n": "\u{7F}\u{2028}"]),
        ]
        for record in records {
            let bytes = AuditRecordCodec.encode(record)
            #expect(try AuditRecordCodec.decode(bytes, TestSealer()) == record)
            #expect(try JSONDecoder().decode(AuditRecord.self, from: Data(bytes)) == record)
            #expect(try AuditRecordCodec.decode([UInt8](try JSONEncoder().encode(record)), TestSealer()) == record)
        }
        #expect(throws: AuditError.self) { try AuditRecordCodec.decode(Array("{}".utf8), TestSealer()) }
        #expect(throws: AuditError.self) { try AuditRecordCodec.decode([], TestSealer()) }
    }

    @Test("Words of a person who is forgotten are readable in no record any more; the records stay and the audit is sound") func forgetting() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await KeyRing.open(folder.path + "/keys", source: .file(folder.path + "/master"))
        _ = try await (ring.sealer(for: "ana"), ring.sealer(for: "ben"))
        let path = folder.path + "/audit"
        mkdir(path, 0o700)
        let log = try await AuditLog(folder: path, sealer: ring.auditSealer)
        func decided(_ person: PersonID?) -> AuditRecord {
            AuditRecord(
                .toolDecided, at: Date(timeIntervalSinceReferenceDate: 1), turn: TurnID(rawValue: 1), person: person,
                details: ["tool": "run_command", "verdict": "allowed", "summary": "echo canary", "reason": "canary", "flow": "canary"])
        }
        // A stranger has no keys, and gets none.
        let records = ["ana", "ben", "stranger", nil].map { decided($0.map { PersonID(rawValue: $0) }) } + [
            AuditRecord(.messageReceived, at: Date(timeIntervalSinceReferenceDate: 2), person: "ana", details: ["bytes": "3", "sha256": "canary"])
        ]
        for record in records { try await log.record(record) }
        #expect(ring.status.people == 2)
        #expect(try await log.last(9) == records)
        try await ring.rotate()
        try await ring.retireOldKeys()
        #expect(try await log.last(9) == records)
        try await ring.forget("ana")
        let left = try await log.last(9)
        #expect(left[1...3] == records[1...3])
        for record in [left[0], left[4]] {
            #expect(record.person == "ana" && !record.details.values.contains { $0.contains("canary") })
            #expect(record.details["forgotten"]?.contains("forgotten") == true)
        }
        #expect(left[0].details["tool"] == "run_command" && left[4].details["bytes"] == "3")
        #expect(AuditTimeline.sentence(left[0]).contains("run_command allowed: (forgotten)"))
        await log.close()
        let sound = try await AuditLog.verify(folder: path, sealer: ring.auditSealer)
        #expect(sound.isSound && sound.soundRecords == 5)
        let again = try await AuditLog(folder: path, sealer: ring.auditSealer)
        // She comes back; what is said of her now is readable again.
        _ = try await ring.sealer(for: "ana")
        try await again.record(decided("ana"))
        #expect(try await again.last(1) == [decided("ana")])
        await again.close()
    }

    @Test("Notes stand in their place among records, are on the disk with the next record, and at the latest after the bound") func notes() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let log = try await open(folder, AuditLog.Options(durability: .grouped(within: .seconds(3600))))
        for index in 1...5 { try await log.note(AuditSpecimen.record(index)) }
        #expect(try await AuditReader.last(10, folder: folder.path, sealer: TestSealer()).isEmpty)
        try await log.record(AuditSpecimen.record(6))
        try await log.note(AuditSpecimen.record(7))
        // The seventh may have been in time to go along.
        #expect(try await all(folder).prefix(6).map { $0.record.details["n"] } == (1...6).map { "\($0)" })
        try await log.settle()
        #expect(try await all(folder).map { $0.record.details["n"] } == (1...7).map { "\($0)" })
        try await log.note(AuditSpecimen.record(8))
        await log.close()
        #expect(try await all(folder).map(\.number) == Array(1...8))
        let late = await #expect(throws: AuditError.self) { try await log.note(AuditSpecimen.record(9)) }
        #expect(late?.code == .unavailable)

        let quick = try ScratchFolder(in: "/tmp")
        let other = try await open(quick, AuditLog.Options(durability: .grouped(within: .milliseconds(1))))
        try await other.note(AuditSpecimen.record(1))
        while try await AuditReader.last(10, folder: quick.path, sealer: TestSealer()).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        await other.close()

        let strict = try ScratchFolder(in: "/tmp")
        let third = try await open(strict, AuditLog.Options(durability: .everyRecord))
        try await third.note(AuditSpecimen.record(1))
        #expect(try await all(strict).count == 1)
        await third.close()
    }

    @Test("A checkpoint half written when the power went is cut off at the next start, the first one too; missing ones stop it", arguments: [false, true])
    func tornCheckpoint(_ hasOne: Bool) async throws {
        let options = AuditLog.Options(checkpointRecords: 1000, checkpointInterval: .seconds(3600))
        let (folder, copy) = (try ScratchFolder(in: "/tmp"), try ScratchFolder(in: "/tmp"))
        let log = try await open(folder, options)
        for number in 1...3 { try await log.record(AuditSpecimen.record(number)) }
        if hasOne { try await log.checkpoint() }
        for number in 4...5 { try await log.record(AuditSpecimen.record(number)) }
        func put(_ bytes: [UInt8], _ name: String) {
            #expect(
                FileManager.default.createFile(
                    atPath: copy.path + "/" + name, contents: Data(bytes), attributes: [.posixPermissions: 0o600]))
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) { put(folder.read(name) ?? [], name) }
        await log.close()
        put((copy.read("audit.checkpoints") ?? []) + Array(#"{"digest":"0123"#.utf8), "audit.checkpoints")
        for number in 6...7 {
            let again = try await open(copy, options)
            try await again.record(AuditSpecimen.record(number))
            await again.close()
        }
        let result = try await AuditLog.verify(folder: copy.path, sealer: TestSealer())
        #expect(result.isSound && result.soundRecords == 7 && result.signedRecords == 7, "\(result)")
        let key = try await AuditLog.publicKey(folder: copy.path, sealer: TestSealer())
        #expect(try await AuditVerifier.verify(folder: copy.path, key: key).isSound)

        try FileManager.default.removeItem(atPath: copy.path + "/audit.checkpoints")
        let missing = await #expect(throws: AuditError.self) { _ = try await open(copy, options) }
        #expect(missing?.code == .damaged)
    }

    @Test("Very many notes wait for the disk instead of for memory, and none is lost") func manyNotes() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let log = try await open(folder, AuditLog.Options(durability: .grouped(within: .seconds(3600)), waitingNotes: 16))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 { group.addTask { for index in 0..<100 { try await log.note(AuditSpecimen.record(task * 100 + index)) } } }
            try await group.waitForAll()
        }
        await log.close()
        let entries = try await all(folder)
        #expect(Set(entries.compactMap { $0.record.details["n"] }).count == 800)
        #expect(entries.map(\.number) == Array(1...800))
    }

    @Test("An audit that is let go without closing keeps what it was given") func letGo() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        do {
            let log = try await open(folder, AuditLog.Options(durability: .grouped(within: .seconds(3600))))
            try await log.note(AuditSpecimen.record(1))
        }
        while try await AuditReader.last(10, folder: folder.path, sealer: TestSealer()).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("Notes that cannot be written are written later; those that could not be kept are told") func fullDisk() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let failing = FailingSealer()
        let log = try await AuditLog(
            folder: folder.path, sealer: failing, options: AuditLog.Options(durability: .grouped(within: .seconds(3600)), waitingNotes: 4))
        try await log.record(AuditSpecimen.record(1))
        failing.isFailing.withLock { $0 = true }
        for index in 2...5 { try await log.note(AuditSpecimen.record(index)) }
        await #expect(throws: (any Error).self) { try await log.record(AuditSpecimen.record(6)) }
        #expect(log.trouble != nil)
        // Room for four; a fifth waits for the disk, and fails with it.
        await #expect(throws: (any Error).self) { try await log.note(AuditSpecimen.record(7)) }
        failing.isFailing.withLock { $0 = false }
        try await log.record(AuditSpecimen.record(8))
        #expect(log.trouble == nil)
        await log.close()
        #expect(try await all(folder).compactMap { $0.record.details["n"] } == ["1", "2", "3", "4", "5", "8"])
        #expect(try await AuditLog.verify(folder: folder.path, sealer: TestSealer()).isSound)
    }

    private final class FailingSealer: DataSealer {
        let isFailing = Mutex(false)
        func seal(_ bytes: [UInt8], context: String) throws -> [UInt8] {
            if isFailing.withLock({ $0 }) { throw SealError(.keyUnavailable, reason: "no") }
            return try TestSealer().seal(bytes, context: context)
        }
        func open(_ sealed: [UInt8], context: String) throws -> [UInt8] { try TestSealer().open(sealed, context: context) }
        func hash(_ bytes: [UInt8], context: String) -> [UInt8] { TestSealer().hash(bytes, context: context) }
    }

    @Test("Old files are removed by size and by age; what is left verifies, with the key and without, also after a restart") func retention() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let clock = Mutex(Date())
        let options = AuditLog.Options(
            rotationBytes: 4096, retention: .init(maximumBytes: 14_000), checkpointRecords: 1000, checkpointInterval: .seconds(3600))
        var log = try await open(folder, options, now: { clock.withLock { $0 } })
        for index in 1...120 { try await log.record(AuditSpecimen.record(index, String(repeating: "r", count: 200))) }
        let (names, entries) = (try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".log") }, try await all(folder))
        #expect(!names.contains("audit-000001.log") && names.count < 6)
        let pruned = entries.filter { $0.record.event == .auditPruned }
        #expect(!pruned.isEmpty && entries[0].number > 1)
        #expect(entries.map(\.number) == Array(entries[0].number...(entries.last?.number ?? 0)))
        let key = try await AuditLog.publicKey(folder: folder.path, sealer: TestSealer())
        try await log.checkpoint()
        for _ in 0..<2 {
            let own = try await log.verify()
            #expect(own.isSound && own.soundRecords == entries.count, "\(own)")
            let open = try await AuditVerifier.verify(folder: folder.path, key: key)
            #expect(open.isSound && open.soundRecords == entries.count, "\(open)")
            await log.close()
            log = try await self.open(folder, options, now: { clock.withLock { $0 } })
        }
        await log.close()
        // One more file taken away by hand is a deletion, not a removal in its time.
        let oldest = try #require(names.sorted().first)
        let saved = try #require(folder.read(oldest))
        try FileManager.default.removeItem(atPath: folder.path + "/" + oldest)
        #expect(try await AuditLog.verify(folder: folder.path, sealer: TestSealer()).problem?.damage == .deleted)
        #expect(FileManager.default.createFile(atPath: folder.path + "/" + oldest, contents: Data(saved)))
        // By age: a month later everything but the newest file goes when a file is full.
        clock.withLock { $0 += 40 * 86_400 }
        let aged = try await open(folder, AuditLog.Options(rotationBytes: 4096, retention: .init(maximumAge: .seconds(30 * 86_400))), now: { clock.withLock { $0 } })
        for index in 0..<30 { try await aged.record(AuditSpecimen.record(index, String(repeating: "r", count: 200))) }
        #expect(try await aged.verify().isSound)
        #expect(try await all(folder)[0].number > 100)
        await aged.close()
    }

    @Test("A removal that is cut off at any point leaves an audit that verifies and goes on") func removalCutOff() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let options = AuditLog.Options(rotationBytes: 4096, retention: .init(maximumBytes: 9_000))
        let keepAll = AuditLog.Options(rotationBytes: 4096)
        let log = try await open(folder, keepAll)
        for index in 1...60 { try await log.record(AuditSpecimen.record(index, String(repeating: "r", count: 200))) }
        await log.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let before = Dictionary(uniqueKeysWithValues: names.map { ($0, folder.read($0) ?? []) })
        var writer = try AuditWriter(opening: folder.path, sealer: TestSealer(), options: options, now: { Date() })
        let removed = try #require(try writer.prune())
        writer.close()
        let after = folder.read("audit.head")
        // The head is on the disk, none or some of the files are still there.
        for count in 0...2 {
            for (name, bytes) in before.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".log") {
                let number = try #require(Int(name.dropFirst(6).dropLast(4)))
                if number > count { #expect(FileManager.default.createFile(atPath: folder.path + "/" + name, contents: Data(bytes))) }
            }
            #expect(FileManager.default.createFile(atPath: folder.path + "/audit.checkpoints", contents: Data(before["audit.checkpoints"] ?? [])))
            #expect(FileManager.default.createFile(atPath: folder.path + "/audit.head", contents: Data(after ?? [])))
            #expect(try await AuditLog.verify(folder: folder.path, sealer: TestSealer()).isSound, "\(count)")
            let again = try await open(folder, options)
            try await again.record(AuditSpecimen.record(61))
            #expect(try await again.verify().isSound)
            await again.close()
            #expect(try await all(folder)[0].number == removed.upperBound + 1)
            // As it was, for the next round.
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) { try FileManager.default.removeItem(atPath: folder.path + "/" + name) }
            for (name, bytes) in before {
                #expect(FileManager.default.createFile(atPath: folder.path + "/" + name, contents: Data(bytes), attributes: [.posixPermissions: 0o600]))
            }
        }
    }

    @Test("Reading and verifying while another task writes sees sound records only, and in the end all of them") func reading() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let log = try await open(folder, AuditLog.Options(rotationBytes: 8192, checkpointRecords: 7))
        try await log.record(AuditSpecimen.record(0))
        let count = 400
        async let written: Void = {
            for index in 1...count {
                if index.isMultiple(of: 3) { try await log.record(AuditSpecimen.record(index)) } else { try await log.note(AuditSpecimen.record(index)) }
            }
            await log.close()
        }()
        var reader = try await AuditReader(folder: folder.path, sealer: TestSealer())
        var numbers: [UInt64] = []
        while numbers.count <= count {
            let (entries, isAtEnd) = try await reader.next(limit: 11)
            numbers += entries.map(\.number)
            if isAtEnd {
                let result = try await AuditLog.verify(folder: folder.path, sealer: TestSealer())
                #expect(result.isSound, "\(result)")
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        try await written
        #expect(numbers == Array(1...UInt64(count + 1)))
    }

    @Test("Filters choose by turn, person, time and event or area") func filters() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let log = try await open(folder)
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        for index in 0..<12 {
            try await log.note(
                AuditRecord(
                    [.toolDecided, .toolFinished, .modelAnswered][index % 3], at: start + Double(index), turn: TurnID(rawValue: Int64(index / 4)),
                    person: index.isMultiple(of: 2) ? "ana" : "ben", details: ["n": "\(index)"]))
        }
        await log.close()
        func found(_ filter: AuditFilter) async throws -> [String?] { try await all(folder, filter).map { $0.record.details["n"] } }
        #expect(try await found(AuditFilter(turn: TurnID(rawValue: 1))) == ["4", "5", "6", "7"])
        #expect(try await found(AuditFilter(person: "ben")).count == 6)
        #expect(try await found(AuditFilter(since: start + 10)) == ["10", "11"])
        #expect(try await found(AuditFilter(until: start + 1)) == ["0", "1"])
        #expect(try await found(AuditFilter(events: ["tool"])).count == 8)
        #expect(try await found(AuditFilter(turn: TurnID(rawValue: 2), events: ["model.answered", "x"])) == ["8", "11"])
    }

    @Test("The timeline is one readable line a record, without control characters") func timeline() {
        var timeline = AuditTimeline()
        let record = AuditRecord(
            .toolDecided, at: Date(timeIntervalSince1970: 1_700_000_000.25), turn: TurnID(rawValue: 17), person: "websocket:owner",
            details: ["tool": "run_command", "verdict": "allowed", "summary": "ls\u{1B}[2J\nx", "reason": "rule", "mode": "build"])
        let lines = timeline.lines(of: AuditEntry(number: 5, record: record))
        #expect(lines.count == 2 && lines[0] == "2023-11-14")
        #expect(lines[1].hasPrefix("  22:13:20.250  #5  turn 17  websocket:owner  tool.decided  run_command allowed: ls"))
        #expect(lines[1].hasSuffix("[rule]  mode=build"))
        #expect(!lines[1].utf8.contains { $0 < 0x20 })
        #expect(timeline.lines(of: AuditEntry(number: 6, record: record)).count == 1)
        for event: AuditRecord.Event in [.messageReceived, .messageSent, .modelAnswered, .approvalRequested, .memoryChanged, "x.y"] {
            #expect(timeline.lines(of: AuditEntry(number: 7, record: AuditRecord(event, at: record.at))).count == 1)
        }
    }

    @Test("An export and a checkpoint can be checked with openssl and the public key alone, and a changed one cannot") func openssl() async throws {
        let specimen = try await AuditSpecimen(6)
        let export = try await AuditExport(
            folder: specimen.folder.path, sealer: TestSealer(), filter: AuditFilter(turn: TurnID(rawValue: 1)), at: Date(timeIntervalSince1970: 1_700_000_100))
        let lines = export.bytes.split(separator: 0x0A)
        #expect(export.count == 3 && lines.count == 4)
        #expect(try JSONValue(parsing: lines[0])["records"] == 3)
        #expect(try JSONValue(parsing: lines[1])["number"] == 3)
        #expect(export.publicKey.verifies(export.signature, over: export.bytes))
        let pem = export.publicKey.pem
        #expect(try AuditPublicKey(pem: pem).fingerprint == export.publicKey.fingerprint)
        specimen.put(Array(pem.utf8), "key.pub")
        specimen.put(export.bytes, "export.jsonl")
        specimen.put(export.signature, "export.sig")
        specimen.put(export.bytes.dropLast() + [0x20], "changed.jsonl")
        let checkpoint = try #require(try AuditCheckpointFile.read(specimen.folder.path).last)
        let statement = "megabot audit checkpoint 1\n\(checkpoint.number)\n\(checkpoint.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())\n\(checkpoint.time)\n\(checkpoint.previous)\n"
        specimen.put(Array(statement.utf8), "checkpoint.txt")
        specimen.put(checkpoint.signature, "checkpoint.sig")
        for (file, signature, isSound) in [("export.jsonl", "export.sig", true), ("checkpoint.txt", "checkpoint.sig", true), ("changed.jsonl", "export.sig", false)] {
            let folder = specimen.folder.path
            let result = try await run(
                .name("openssl"),
                arguments: [
                    "pkeyutl", "-verify", "-pubin", "-inkey", folder + "/key.pub", "-rawin", "-in", "\(folder)/\(file)", "-sigfile",
                    "\(folder)/\(signature)",
                ] as Arguments,
                output: .string(limit: 4096), error: .string(limit: 4096))
            #expect(result.terminationStatus.isSuccess == isSound, "\(file): \(result.standardOutput) \(result.standardError)")
        }
    }

    @Test("What is no Ed25519 key in PEM form is refused", arguments: ["", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "x\ny\nz"])
    func keys(_ pem: String) { #expect(throws: AuditError.self) { try AuditPublicKey(pem: pem) } }
}
