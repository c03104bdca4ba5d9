// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
import MegaSecurity
import Synchronization
import Testing

@Suite("Audit log") struct AuditLogTests {
    private func record(_ index: Int, _ text: String = "x") -> AuditRecord {
        AuditRecord("tool.decided", at: Date(timeIntervalSince1970: Double(index)), details: ["n": "\(index)", "text": text])
    }

    private func filled(_ count: Int, rotation: Int = 16 << 20) async throws -> ScratchFolder {
        let folder = try ScratchFolder(in: "/tmp")
        let log = try await AuditLog(folder: folder.path, sealer: TestSealer(), rotationBytes: rotation)
        for index in 1...count { try await log.record(record(index)) }
        await log.close()
        return folder
    }

    /// Opens it once the one before has let go, which is a moment after its last record.
    private func open(_ folder: ScratchFolder, _ sealer: any DataSealer = TestSealer(), rotation: Int = 16 << 20) async throws -> AuditLog {
        for _ in 0..<100_000 {
            do {
                return try await AuditLog(folder: folder.path, sealer: sealer, rotationBytes: rotation)
            } catch let error as AuditError where error.code == .inUse {
                await Task.yield()
            }
        }
        throw AuditError(.inUse, reason: "never let go")
    }

    private func verify(_ folder: ScratchFolder) async throws -> AuditVerification {
        try await AuditLog.verify(folder: folder.path, sealer: TestSealer())
    }

    private func isSound(_ result: AuditVerification, _ count: Int) -> Bool { result.isSound && result.soundRecords == count }

    /// The places of the records in a file: length field, number, previous link, sealed part, link.
    private func frames(_ bytes: [UInt8]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var offset = 0
        while offset + 4 <= bytes.count {
            let length = bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) } + 76
            result.append(offset..<(offset + length))
            offset += length
        }
        return result
    }

    private func rewrite(_ folder: ScratchFolder, _ change: (inout [UInt8], [Range<Int>]) -> Void) throws {
        var bytes = try #require(folder.read("audit-000001.log"))
        change(&bytes, frames(bytes))
        #expect(FileManager.default.createFile(atPath: folder.path + "/audit-000001.log", contents: Data(bytes)))
    }

    @Test("What was recorded is there after a restart, in order, and sound") func restart() async throws {
        let folder = try await filled(20)
        let log = try await open(folder)
        try await log.record(record(21))
        #expect(try await log.last(3).map { $0.details["n"] } == ["19", "20", "21"])
        #expect(isSound(try await log.verify(), 21))
        #expect(permissions(folder.path + "/audit-000001.log") == 0o600)
    }

    @Test("An edit is found and named") func edit() async throws {
        for offset in [5, 20, 50, 100] {
            let folder = try await filled(9)
            try rewrite(folder) { bytes, frames in bytes[frames[4].lowerBound + offset] ^= 1 }
            let problem = try await verify(folder).problem
            #expect(problem?.record == 5, "\(offset)")
            #expect(problem?.damage == .edited)
            await #expect(throws: AuditError.self) { _ = try await open(folder) }
        }
    }

    @Test("A deletion, a reordering and a missing end are told apart") func kinds() async throws {
        let deleted = try await filled(9)
        try rewrite(deleted) { bytes, frames in bytes.removeSubrange(frames[3]) }
        #expect(try await verify(deleted).problem == .init(damage: .deleted, record: 4, file: "audit-000001.log"))

        let swapped = try await filled(9)
        try rewrite(swapped) { bytes, frames in
            let (left, right) = (Array(bytes[frames[3]]), Array(bytes[frames[4]]))
            bytes.replaceSubrange(frames[3].lowerBound..<frames[4].upperBound, with: right + left)
        }
        #expect(try await verify(swapped).problem?.damage == .reordered)
        #expect(try await verify(swapped).problem?.record == 4)

        let cut = try await filled(9)
        try rewrite(cut) { bytes, frames in bytes.removeSubrange(frames[7].lowerBound...) }
        #expect(try await verify(cut).problem == .init(damage: .truncated, record: 8, file: "audit-000001.log"))

        let halved = try await filled(9)
        try rewrite(halved) { bytes, frames in bytes.removeSubrange((frames[7].lowerBound + 30)...) }
        #expect(try await verify(halved).problem?.damage == .truncated)

        let headless = try await filled(3)
        try FileManager.default.removeItem(atPath: headless.path + "/audit.head")
        #expect(try await !verify(headless).isSound)
    }

    @Test("A last record that was never acknowledged is dropped at the next start") func tornTail() async throws {
        let folder = try await filled(4)
        try rewrite(folder) { bytes, frames in bytes += Array(bytes[frames[3]].prefix(40)) }
        #expect(try await verify(folder).isSound)
        let log = try await open(folder)
        try await log.record(record(5))
        #expect(isSound(try await log.verify(), 5))
    }

    @Test("Rotation keeps one chain over all files") func rotation() async throws {
        let folder = try await filled(80, rotation: 4096)
        #expect(FileManager.default.fileExists(atPath: folder.path + "/audit-000003.log"))
        #expect(isSound(try await verify(folder), 80))
        try FileManager.default.removeItem(atPath: folder.path + "/audit-000002.log")
        #expect(try await verify(folder).problem?.damage == .deleted)
        let first = try await filled(80, rotation: 4096)
        try FileManager.default.removeItem(atPath: first.path + "/audit-000001.log")
        #expect(try await !verify(first).isSound)
    }

    @Test("Another key opens nothing") func otherKey() async throws {
        let folder = try await filled(2)
        await #expect(throws: AuditError.self) { _ = try await AuditLog.verify(folder: folder.path, sealer: TestSealer(key: 8)) }
    }

    @Test("One process at a time keeps an audit") func lock() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let log = try await AuditLog(folder: folder.path, sealer: TestSealer())
        let error = await #expect(throws: AuditError.self) { _ = try await AuditLog(folder: folder.path, sealer: TestSealer()) }
        #expect(error?.code == .inUse)
        try await log.record(record(1))
        await log.close()
        let refused = await #expect(throws: AuditError.self) { try await log.record(record(2)) }
        #expect(refused?.code == .unavailable)
        let next = try await AuditLog(folder: folder.path, sealer: TestSealer())
        try await next.record(record(2))
        #expect(isSound(try await next.verify(), 2))
    }

    @Test("Records from many tasks are all kept, and no text is readable in the files") func concurrent() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let log = try await AuditLog(folder: folder.path, sealer: TestSealer())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<400 { group.addTask { try await log.record(AuditRecord("a.b", at: Date(timeIntervalSince1970: 0), details: ["n": "\(index) canary"])) } }
            try await group.waitForAll()
        }
        #expect(isSound(try await log.verify(), 400))
        #expect(Set(try await log.last(400).compactMap { $0.details["n"] }).count == 400)
        #expect(!String(decoding: try #require(folder.read("audit-000001.log")), as: UTF8.self).contains("canary"))
    }

    @Test("Any changed byte is found") func anyByte() async throws {
        let folder = try await filled(3)
        let original = try #require(folder.read("audit-000001.log"))
        for place in 0..<original.count {
            var bytes = original
            bytes[place] ^= 0x10
            #expect(FileManager.default.createFile(atPath: folder.path + "/audit-000001.log", contents: Data(bytes)))
            #expect(try await !verify(folder).isSound, "byte \(place)")
        }
    }

    /// Counts what it is asked, over a real sealer.
    private final class CountingSealer: DataSealer {
        let base = KeyedSealer(masterKey: .random())
        let asked = Mutex((links: 0, areas: Set<String>()))

        private func note(_ context: String, isLink: Bool = false) {
            asked.withLock {
                $0.areas.insert(String(context.prefix { $0 != "/" }))
                if isLink { $0.links += 1 }
            }
        }

        func seal(_ bytes: [UInt8], context: String) throws -> [UInt8] {
            note(context)
            return try base.seal(bytes, context: context)
        }

        func open(_ sealed: [UInt8], context: String) throws -> [UInt8] {
            note(context)
            return try base.open(sealed, context: context)
        }

        func hash(_ bytes: [UInt8], context: String) -> [UInt8] {
            note(context, isLink: context.hasSuffix("link"))
            return base.hash(bytes, context: context)
        }

        func links(of body: () async throws -> Void) async throws -> Int {
            asked.withLock { $0.links = 0 }
            try await body()
            return asked.withLock { $0.links }
        }
    }

    @Test("A start checks the newest records only, however old the audit is and however short each run was") func start() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let sealer = CountingSealer()
        let text = String(repeating: "x", count: 40_000)
        var number = 0
        var counts: [Int] = []
        // About 4 MB, 400 KB a run, in files of 1.5 MB.
        for _ in 0..<10 {
            var log: AuditLog?
            counts.append(
                try await sealer.links { log = try await open(folder, sealer, rotation: 1_500_000) })
            for _ in 0..<10 {
                number += 1
                try await log?.record(record(number, text))
            }
        }
        #expect(number == 100 && counts.max() ?? 100 <= 42, "\(counts)")
        #expect(counts[1] == 10)
        let log = try await open(folder, sealer, rotation: 1_500_000)
        #expect(isSound(try await log.verify(), 100))
        #expect(try await log.last(60).map { $0.details["n"] } == (41...100).map { "\($0)" })
        #expect(try await log.last(500).count == 100)
        #expect(try await log.last(0).isEmpty)
        #expect(sealer.asked.withLock { $0.areas } == ["audit"])
    }

    @Test("Damage before what a start checks is found by verifying; a cut file is found by the start") func oldDamage() async throws {
        func filled() async throws -> (ScratchFolder, CountingSealer, [UInt8]) {
            let folder = try ScratchFolder(in: "/tmp")
            let sealer = CountingSealer()
            let log = try await AuditLog(folder: folder.path, sealer: sealer)
            for number in 1...60 { try await log.record(record(number, String(repeating: "x", count: 40_000))) }
            return (folder, sealer, try #require(folder.read("audit-000001.log")))
        }
        func put(_ bytes: [UInt8], in folder: ScratchFolder) {
            #expect(FileManager.default.createFile(atPath: folder.path + "/audit-000001.log", contents: Data(bytes)))
        }
        let (folder, sealer, bytes) = try await filled()
        var changed = bytes
        changed[100] ^= 1
        put(changed, in: folder)
        do {
            let log = try await open(folder, sealer)
            #expect(try await log.verify().problem == .init(damage: .edited, record: 1, file: "audit-000001.log"))
            try await log.record(record(61))
        }
        let (other, otherSealer, whole) = try await filled()
        for length in [0, 1000, whole.count / 2, whole.count - 1000, whole.count - 1] {
            put(Array(whole[..<length]), in: other)
            let error = await #expect(throws: AuditError.self, "\(length)") { _ = try await open(other, otherSealer) }
            #expect(error?.code == .damaged)
        }
        var late = whole
        late[whole.count - 50_000] ^= 1
        put(late, in: other)
        await #expect(throws: AuditError.self) { _ = try await open(other, otherSealer) }
        try FileManager.default.removeItem(atPath: other.path + "/audit-000001.log")
        await #expect(throws: AuditError.self) { _ = try await open(other, otherSealer) }
    }

    @Test("A record that is too large keeps the beginnings of its values, their lengths and digests") func large() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let sealer = CountingSealer()
        let log = try await AuditLog(folder: folder.path, sealer: sealer)
        let text = String(repeating: "é\u{1}", count: 700_000)
        try await log.record(AuditRecord("tool.decided", at: Date(timeIntervalSince1970: 0), details: ["verdict": "allow", "text": text]))
        try await log.record(AuditRecord("tool.decided", at: Date(timeIntervalSince1970: 0), details: ["verdict": "allow", "text": text + "!"]))
        var many: [String: String] = [:]
        for number in 0..<3000 { many["key \(number)"] = String(repeating: "\u{1}", count: 900) }
        try await log.record(AuditRecord("tool.decided", at: Date(timeIntervalSince1970: 0), details: many))
        // One that fits stays as it is.
        let fitting = String(repeating: "y", count: 500_000)
        try await log.record(record(4, fitting))

        let records = try await log.last(4)
        #expect(records.map { $0.details["verdict"] } == ["allow", "allow", nil, nil])
        let short = try #require(records[0].details["text"])
        #expect(short.utf8.count < 4300 && text.hasPrefix(short.prefix(2000)) && short.contains("2100000 bytes"))
        #expect(short.hasSuffix("]") && short.suffix(65) != records[1].details["text"]?.suffix(65))
        #expect(records[2].details["shortened"]?.contains("of 3000 details") == true && records[2].details.count > 100)
        #expect(records[3].details["text"] == fitting)
        #expect(try await log.verify().isSound)
    }
}
