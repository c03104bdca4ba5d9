// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import MegaSecurity
import MegaTesting
import Testing

@Suite("Sealing")
struct SealingTests {
    @Test("KeyedSealer does what every sealer must do", arguments: DataSealerConformance.checks)
    func conforms(_ check: ConformanceCheck<any DataSealer>) async throws {
        try await check.run(KeyedSealer(masterKey: .random()))
    }

    @Test("Another key opens nothing and hashes differently; the same key does both again")
    func keys() throws {
        let bytes = Array(UInt8(0)..<32)
        let sealer = KeyedSealer(masterKey: try MasterKey(Secret(bytes: bytes)))
        let same = KeyedSealer(masterKey: try MasterKey(Secret(bytes: bytes)))
        let other = KeyedSealer(masterKey: .random())
        let sealed = try sealer.seal([1, 2], context: "a/1")
        #expect(sealed.count == 2 + KeyedSealer.overhead)
        #expect(try same.open(sealed, context: "a/1") == [1, 2])
        #expect(same.hash([1], context: "a") == sealer.hash([1], context: "a"))
        #expect(other.hash([1], context: "a") != sealer.hash([1], context: "a"))
        let error = #expect(throws: SealError.self) { try other.open(sealed, context: "a/1") }
        #expect(error?.code == .notAuthentic)
        let empty = #expect(throws: SealError.self) { try sealer.open([], context: "a") }
        #expect(empty?.code == .malformed)
    }

    @Test("A key of another length is refused", arguments: [0, 31, 33])
    func keyLength(_ count: Int) {
        let error = #expect(throws: SealError.self) { try MasterKey(Secret(bytes: [UInt8](repeating: 1, count: count))) }
        #expect(error?.code == .keyUnavailable)
    }
}

@Suite("Master keys from files and passphrases")
struct SealingKeyTests {
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/megabot-key-\(UUID().uuidString)"
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let cheap = MasterKey.PassphraseCost(operations: 1, memory: 64 << 10)

    private func areEqual(_ left: MasterKey, _ right: MasterKey) -> Bool {
        KeyedSealer(masterKey: left).hash([1], context: "x") == KeyedSealer(masterKey: right).hash([1], context: "x")
    }

    @Test("A missing key file is made for this user alone, and read again as the same key")
    func makesFile() async throws {
        let folder = try Folder()
        let path = folder.path + "/key"
        let first = try await MasterKey.file(path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
        #expect(areEqual(first, try await MasterKey.file(path)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key"])
    }

    @Test("Many that make the same key file at once get the same key")
    func makesFileOnce() async throws {
        let folder = try Folder()
        let path = folder.path + "/key"
        let hashes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 {
                group.addTask { KeyedSealer(masterKey: try await MasterKey.file(path)).hash([1], context: "x") }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(hashes.count == 1)
    }

    @Test(
        "A key file others may read, of a wrong length, a link, a folder or nowhere is refused with what to do",
        arguments: [
            ("open", "chmod 600"), ("short", "restore"), ("long", "more than 32"), ("link", "symbolic link"),
            ("folder", "regular file"), ("nowhere", "folder must exist"),
        ])
    func refuses(_ kind: String, _ words: String) async throws {
        let folder = try Folder()
        var path = folder.path + "/key"
        func write(_ count: Int, _ mode: Int) throws {
            #expect(
                FileManager.default.createFile(
                    atPath: path, contents: Data(repeating: 7, count: count), attributes: [.posixPermissions: mode]))
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
        switch kind {
        case "open": try write(32, 0o640)
        case "short": try write(5, 0o600)
        case "long": try write(33, 0o600)
        case "link":
            try write(32, 0o600)
            try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: path)
            path = folder.path + "/link"
        case "folder":
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        default: path = folder.path + "/none/key"
        }
        let error = await #expect(throws: SealError.self) { _ = try await MasterKey.file(path) }
        #expect(error?.code == .keyUnavailable)
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test("A passphrase unlocks the same key again, a wrong or empty one does not")
    func passphrase() async throws {
        let folder = try Folder()
        let path = folder.path + "/key.json"
        let first = try await MasterKey.passphrase(Secret("correct horse"), parametersFile: path, cost: Self.cheap)
        #expect(areEqual(first, try await MasterKey.passphrase(Secret("correct horse"), parametersFile: path)))
        for wrong in ["Correct horse", "correct horse ", ""] {
            let error = await #expect(throws: SealError.self) {
                _ = try await MasterKey.passphrase(Secret(wrong), parametersFile: path)
            }
            #expect(error?.code == .keyUnavailable)
        }
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test("A changed passphrase unlocks the same key; the old one no longer does")
    func changesPassphrase() async throws {
        let folder = try Folder()
        let path = folder.path + "/key.json"
        let key = try await MasterKey.passphrase(Secret("old"), parametersFile: path, cost: Self.cheap)
        await #expect(throws: SealError.self) {
            try await MasterKey.changePassphrase(from: Secret("wrong"), to: Secret("x"), parametersFile: path, cost: Self.cheap)
        }
        try await MasterKey.changePassphrase(from: Secret("old"), to: Secret("new"), parametersFile: path, cost: Self.cheap)
        #expect(areEqual(key, try await MasterKey.passphrase(Secret("new"), parametersFile: path)))
        await #expect(throws: SealError.self) { _ = try await MasterKey.passphrase(Secret("old"), parametersFile: path) }
    }

    @Test(
        "Damaged or hostile parameters are refused",
        arguments: [
            "", "{}", "not json",
            #"{"version":1,"kdf":"argon2id","operations":1,"memory":99999999999999,"salt":"AAAAAAAAAAAAAAAAAAAAAA==","wrappedKey":""}"#,
            #"{"version":1,"kdf":"argon2id","operations":1000000,"memory":65536,"salt":"AAAAAAAAAAAAAAAAAAAAAA==","wrappedKey":""}"#,
            #"{"version":1,"kdf":"argon2id","operations":1,"memory":65536,"salt":"AAAA","wrappedKey":""}"#,
            #"{"version":2,"kdf":"argon2id","operations":1,"memory":65536,"salt":"AAAAAAAAAAAAAAAAAAAAAA==","wrappedKey":""}"#,
        ])
    func hostileParameters(_ text: String) async throws {
        let folder = try Folder()
        let path = folder.path + "/key.json"
        #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]))
        let error = await #expect(throws: SealError.self) { _ = try await MasterKey.passphrase(Secret("x"), parametersFile: path) }
        #expect(error?.code == .keyUnavailable)
    }
}
