// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import MegaCore
@testable import MegaSecurity
import MegaTesting
import Synchronization
import Testing

@Suite("Key ring") struct KeyRingTests {
    private static let cheap = MasterKey.PassphraseCost(operations: 1, memory: 64 << 10)

    private func open(_ folder: ScratchFolder, missing: KeyRing.Missing = .create, passphrase: Bool = false) async throws -> KeyRing {
        try await KeyRing.open(folder.path + "/keys", source: source(folder.path, passphrase), ifMissing: missing)
    }

    private func source(_ folder: String, _ passphrase: Bool) -> MasterKeySource {
        passphrase
            ? .passphrase(Secret("correct horse"), parametersFile: folder + "/master", cost: Self.cheap) : .file(folder + "/master")
    }

    @Test("The sealers of a ring do what every sealer must do, with keys per person", arguments: DataSealerConformance.checks)
    func conforms(_ check: ConformanceCheck<any DataSealer>) async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await open(folder)
        try await check.run(ring.sealer)
        try await check.run(ring.auditSealer)
        try await check.run(try await ring.sealer(for: "ana"))
    }

    @Test("A ring's common sealer keeps people apart and forgets them", arguments: DataSealerConformance.personChecks)
    func people(_ check: ConformanceCheck<any DataSealer>) async throws {
        let folder = try ScratchFolder(in: "/tmp")
        try await check.run(try await open(folder).sealer)
    }

    @Test("What was sealed opens after a restart; hashes are the same; the file is private and holds no name in plain") func restart() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await open(folder)
        let common = try ring.sealer.seal([1], context: "a/1")
        let own = try await ring.sealer(for: "ana xylophone").seal([2], context: "a/2")
        let hash = ring.sealer.hash([3], context: "a")
        let again = try await open(folder)
        #expect(try again.sealer.open(common, context: "a/1") == [1])
        #expect(try await again.sealer(for: "ana xylophone").open(own, context: "a/2") == [2])
        #expect(again.sealer.hash([3], context: "a") == hash)
        #expect(permissions(folder.path + "/keys") == 0o600 && permissions(folder.path + "/keys.lock") == 0o600)
        #expect(!String(decoding: try #require(folder.read("keys")), as: UTF8.self).contains("xylophone"))
    }

    @Test("One person's sealer does not open another's value; the common one opens both") func separation() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await open(folder)
        let ana = try await ring.sealer(for: "ana"), ben = try await ring.sealer(for: "ben")
        let sealed = try ana.seal([7], context: "a/1")
        #expect(throws: SealError.self) { try ben.open(sealed, context: "a/1") }
        #expect(try ring.sealer.open(sealed, context: "a/1") == [7])
        #expect(ana.hash([1], context: "a") != ben.hash([1], context: "a"))
    }

    @Test("A forgotten person's values open nowhere, in a copy of the data neither, and are told from damage") func forgetting() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await open(folder)
        let before = try #require(folder.read("keys"))
        let ana = try await ring.sealer(for: "ana")
        let backup = try ana.seal([7], context: "a/1")
        #expect(try await ring.forget("ana"))
        #expect(try await !ring.forget("ana"))
        // A sealer from before seals nothing that would be lost.
        let late = #expect(throws: SealError.self) { try ana.seal([8], context: "a/1") }
        #expect(late?.code == .forgotten)
        for sealer in [ring.sealer, try await ring.sealer(for: "ana"), try await open(folder).sealer] {
            let error = #expect(throws: SealError.self) { try sealer.open(backup, context: "a/1") }
            #expect(error?.code == .forgotten)
        }
        #expect(ring.status.people == 1 && ring.status.destroyedKeys == 1)
        #expect(folder.read("keys") != before)
    }

    @Test("After a rotation new values use new keys at once, old values open, and resealing moves them over") func rotation() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await open(folder)
        let sealer = ring.sealer, ana = try await ring.sealer(for: "ana")
        let old = try sealer.seal([1], context: "a"), own = try ana.seal([2], context: "a")
        #expect(try sealer.resealed(old, context: "a") == nil)
        try await ring.rotate()
        let new = try sealer.seal([1], context: "a")
        #expect(new[1..<5] != old[1..<5])
        #expect(try sealer.open(old, context: "a") == [1])
        #expect(try sealer.resealed(new, context: "a") == nil)
        let moved = try #require(try sealer.resealed(old, context: "a"))
        #expect(moved[1..<5] == new[1..<5])
        // The common sealer moves a person's value to that person's newest key.
        let ownMoved = try #require(try sealer.resealed(own, context: "a"))
        #expect(ownMoved[1..<5] == (try ana.seal([2], context: "a"))[1..<5])
        #expect(try ana.open(ownMoved, context: "a") == [2])
        #expect(throws: SealError.self) { try sealer.resealed(old, context: "b") }
        #expect(try await ring.retireOldKeys() == 2)
        let gone = #expect(throws: SealError.self) { try sealer.open(old, context: "a") }
        #expect(gone?.code == .notAuthentic)
        #expect(try sealer.open(moved, context: "a") == [1] && sealer.open(ownMoved, context: "a") == [2])
        #expect(ring.status.commonKeys == 1 && ring.status.auditKeys == 2)
    }

    @Test("What a person's sealer finds under the common key moves under the person's key") func adoption() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await open(folder)
        let old = try ring.sealer.seal([1], context: "memories/1")
        let ana = try await ring.sealer(for: "ana")
        #expect(try ana.open(old, context: "memories/1") == [1])
        let moved = try #require(try ana.resealed(old, context: "memories/1"))
        try await ring.forget("ana")
        #expect(throws: SealError.self) { try ring.sealer.open(moved, context: "memories/1") }
    }

    @Test("A ring over data sealed under the master key alone opens it, and goes on when the master key changes") func masterKeyData() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let plain = KeyedSealer(masterKey: try await MasterKey.file(folder.path + "/master"))
        let old = try plain.seal([9], context: "a"), hash = plain.hash([1], context: "a")
        let ring = try await open(folder, missing: .adoptMasterKey)
        #expect(try ring.sealer.open(old, context: "a") == [9] && ring.auditSealer.open(old, context: "a") == [9])
        try await ring.rotateMaster()
        let again = try await open(folder, missing: .fail)
        #expect(try again.sealer.open(old, context: "a") == [9])
        #expect(again.sealer.hash([1], context: "a") == hash)
        try await again.rotate()
        #expect(again.sealer.hash([1], context: "a") == hash)
    }

    @Test("Changing the master key wraps the ring anew and touches no data; the old key opens nothing", arguments: [false, true])
    func masterRotation(_ passphrase: Bool) async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let ring = try await open(folder, passphrase: passphrase)
        let sealed = try ring.sealer.seal([5], context: "a")
        let oldMaster = try await source(folder.path, passphrase).load()
        let oldFile = try #require(folder.read("master"))
        try await ring.rotateMaster()
        #expect(folder.read("master") != oldFile && folder.read("master.next") == nil)
        let again = try await open(folder, passphrase: passphrase)
        #expect(try again.sealer.open(sealed, context: "a") == [5])
        let error = await #expect(throws: SealError.self) { _ = try await KeyRing.open(folder.path + "/keys", source: .given(oldMaster)) }
        #expect(error?.code == .otherMasterKey)
        // A ring that was open all the time follows.
        try await ring.rotate()
        #expect(try await again.reload())
        #expect(try again.sealer.open(ring.sealer.seal([6], context: "a"), context: "a") == [6])
    }

    @Test("A host that keeps its master key changes it in three steps, each of which opens") func givenMaster() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let (old, new) = (MasterKey.random(), MasterKey.random())
        let ring = try await KeyRing.open(folder.path + "/keys", source: .given(old))
        await #expect(throws: SealError.self) { try await ring.rotateMaster() }
        let sealed = try ring.sealer.seal([5], context: "a")
        try await ring.admit(new)
        for key in [old, new] { #expect(try await KeyRing.open(folder.path + "/keys", source: .given(key)).sealer.open(sealed, context: "a") == [5]) }
        try await ring.dropOtherMasters(than: new)
        #expect(try await KeyRing.open(folder.path + "/keys", source: .given(new)).sealer.open(sealed, context: "a") == [5])
        await #expect(throws: SealError.self) { _ = try await KeyRing.open(folder.path + "/keys", source: .given(old)) }
    }

    @Test("Killed before any step of any change, the ring opens and every value with it", arguments: [false, true])
    func killed(_ passphrase: Bool) async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let states = Mutex<[(step: String, files: [String: [UInt8]])]>([])
        let record: @Sendable (String) throws -> Void = { step in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let files = Dictionary(uniqueKeysWithValues: names.map { ($0, folder.read($0) ?? []) })
            states.withLock { $0.append((step, files)) }
        }
        let ring = try await KeyRing.open(
            folder.path + "/keys", source: source(folder.path, passphrase), ifMissing: .create, now: { Date() }, willChange: record)
        let first = try ring.sealer.seal([1], context: "a")
        let ana = try await ring.sealer(for: "ana").seal([2], context: "a")
        let beforeRotation = states.withLock { $0.count }
        try await ring.rotate()
        try await ring.rotateMaster()
        try await ring.rotateMaster()
        let beforeForgetting = states.withLock { $0.count }
        try await ring.forget("ana")
        try await ring.rotateMaster()
        try record("the end")
        let all = states.withLock { $0 }
        #expect(all.count == 17, "\(all.map(\.step))")
        for (index, state) in all.enumerated() where index > 0 {
            // A kill in the middle of finishing what a kill left must leave a ring that opens too.
            try await expectOpens(state.files, first, beforeRotation > index ? nil : ana, isForgotten: index > beforeForgetting, passphrase, state.step, depth: 2)
        }
    }

    private func expectOpens(
        _ files: [String: [UInt8]], _ common: [UInt8], _ own: [UInt8]?, isForgotten: Bool, _ passphrase: Bool, _ step: String, depth: Int
    ) async throws {
        let folder = try ScratchFolder(in: "/tmp")
        func put(_ files: [String: [UInt8]]) {
            for (name, bytes) in files {
                #expect(
                    FileManager.default.createFile(
                        atPath: folder.path + "/" + name, contents: Data(bytes), attributes: [.posixPermissions: 0o600]))
            }
        }
        put(files)
        let later = Mutex<[[String: [UInt8]]]>([])
        let ring = try await KeyRing.open(
            folder.path + "/keys", source: source(folder.path, passphrase), ifMissing: .fail, now: { Date() },
            willChange: { _ in
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                later.withLock { $0.append(Dictionary(uniqueKeysWithValues: names.map { ($0, folder.read($0) ?? []) })) }
            })
        #expect(try ring.sealer.open(common, context: "a") == [1], "\(step)")
        if let own {
            if isForgotten {
                #expect(throws: SealError.self, "\(step)") { try ring.sealer.open(own, context: "a") }
            } else {
                #expect(try ring.sealer.open(own, context: "a") == [2], "\(step)")
            }
        }
        #expect(folder.read("master.next") == nil, "\(step)")
        guard depth > 0 else { return }
        for files in later.withLock({ $0 }) {
            try await expectOpens(files, common, own, isForgotten: isForgotten, passphrase, "\(step), then its end", depth: depth - 1)
        }
    }

    @Test("Many people met at once get a key each, in few changes of the file") func manyPeople() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let changes = Mutex(0)
        let ring = try await KeyRing.open(
            folder.path + "/keys", source: .file(folder.path + "/master"), ifMissing: .create, now: { Date() },
            willChange: { _ in changes.withLock { $0 += 1 } })
        let sealed = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for number in 0..<64 {
                group.addTask { try await ring.sealer(for: PersonID(rawValue: "p\(number % 32)")).seal([UInt8(number % 32)], context: "a") }
            }
            return try await group.reduce(into: [[UInt8]]()) { $0.append($1) }
        }
        #expect(Set(sealed.map { Array($0[1..<5]) }).count == 32)
        #expect(changes.withLock { $0 } <= 33)
        let again = try await open(folder)
        #expect(again.status.people == 32)
        #expect(Set(try sealed.map { try again.sealer.open($0, context: "a") }).count == 32)
    }

    @Test("Two rings over one file do not undo each other's changes") func twoProcesses() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let left = try await open(folder), right = try await open(folder)
        let ana = try await left.sealer(for: "ana").seal([1], context: "a")
        let ben = try await right.sealer(for: "ben").seal([2], context: "a")
        try await left.rotate()
        try await right.forget("ana")
        let cara = try await left.sealer(for: "cara").seal([3], context: "a")
        let now = try await open(folder)
        #expect(throws: SealError.self) { try now.sealer.open(ana, context: "a") }
        #expect(try now.sealer.open(ben, context: "a") == [2] && now.sealer.open(cara, context: "a") == [3])
        #expect(now.status.commonKeys == 2)
    }

    @Test("A missing, damaged, exposed or foreign ring is refused with what to do") func refusals() async throws {
        let folder = try ScratchFolder(in: "/tmp")
        let missing = await #expect(throws: SealError.self) { _ = try await open(folder, missing: .fail) }
        #expect(missing?.reason.contains("missing") == true)
        _ = try await open(folder)
        let sound = try #require(folder.read("keys"))
        var generator = SeededGenerator(seed: 20_261_125)
        for round in 0..<300 {
            var bytes = sound
            switch round % 3 {
            case 0: bytes[Int.random(in: bytes.indices, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
            case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
            default: bytes = (0..<Int.random(in: 0..<400, using: &generator)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            }
            #expect(FileManager.default.createFile(atPath: folder.path + "/keys", contents: Data(bytes), attributes: [.posixPermissions: 0o600]))
            do {
                // A changed byte in white space or in a name nobody reads may leave the same ring; anything else is refused.
                _ = try await open(folder, missing: .fail).sealer.seal([1], context: "a")
                #expect(round % 3 == 0)
            } catch let error as SealError {
                // A changed name of the master key is another master key.
                #expect(error.code == .keyUnavailable || error.code == .otherMasterKey)
            }
        }
        try folder.write(String(decoding: sound, as: UTF8.self), to: "keys")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.path + "/keys")
        let exposed = await #expect(throws: SealError.self) { _ = try await open(folder) }
        #expect(exposed?.reason.contains("chmod 600") == true)
    }
}

@Suite("Comparisons in constant time") struct ConstantTimeTests {
    @Test("Equal is equal, and any difference, in any place and in the length, is found") func compares() {
        let bytes = (0..<64).map { UInt8($0) }
        #expect(ConstantTime.areEqual(bytes, bytes) && ConstantTime.areEqual([UInt8](), []) && ConstantTime.areEqual("tökén", "tökén"))
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(!ConstantTime.areEqual(bytes, changed) && !ConstantTime.areEqual(changed, bytes))
            }
            #expect(!ConstantTime.areEqual(bytes, Array(bytes.prefix(index))))
        }
        #expect(!ConstantTime.areEqual("abc", "abd") && !ConstantTime.areEqual("é", "e\u{301}"))
    }
}
