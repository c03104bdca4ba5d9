// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
@testable import MegaMemory
import MegaSecurity
import Testing

@Suite("Attachments as sealed files")
struct FileBlobStoreTests {
    private static let canary = "xylophone in the attachment"
    private static let content = Array(repeatElement(canary, count: 50).joined(separator: " ").utf8)

    /// The files besides the one that tells the key.
    private func files(_ scratch: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.blobFolder).filter { $0 != "key.check" }
    }

    @Test("Neither the content nor its hash is found in a file or a file's name, and everything belongs to this user alone")
    func sealed() async throws {
        let scratch = try Scratch()
        let store = try await scratch.blobs()
        let key = try await store.put(Self.content)
        let names = try files(scratch)
        #expect(names.count == 1)
        #expect(names.allSatisfy { $0.count == 64 && $0 != key && !$0.contains(key.prefix(16)) })
        func mode(_ path: String) throws -> Int? { try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int }
        #expect(try mode(scratch.blobFolder) == 0o700)
        for name in names + ["key.check"] {
            let path = scratch.blobFolder + "/" + name
            #expect(try mode(path) == 0o600)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            for needle in ["xylophone", key, String(key.prefix(16)), Data(Self.content).base64EncodedString().prefix(24).description] {
                #expect(bytes.range(of: Data(needle.utf8)) == nil, "\(needle) in \(name)")
            }
        }
    }

    @Test("The same bytes make one file, which another key names differently")
    func deduplicates() async throws {
        let scratch = try Scratch()
        let store = try await scratch.blobs()
        for _ in 0..<5 { _ = try await store.put(Self.content) }
        let other = try Scratch()
        _ = try await other.blobs().put(Self.content)
        let (mine, theirs) = (try files(scratch), try files(other))
        #expect(mine.count == 1 && theirs.count == 1 && mine != theirs)
    }

    @Test("Bytes are there again after opening anew; another key is refused and changes nothing")
    func reopening() async throws {
        let scratch = try Scratch()
        let key = try await scratch.blobs().put(Self.content)
        #expect(await code { _ = try await scratch.blobs(key: .random()) } == .wrongKey)
        #expect(try await scratch.blobs().get(key) == Self.content)
    }

    @Test("Contents move to new keys in steps that survive a restart, and open when the old keys are gone")
    func resealing() async throws {
        let scratch = try Scratch()
        let ring = try await KeyRing.open(scratch.folder + "/keys", source: .file(scratch.folder + "/master"))
        var store = try await FileBlobStore(directory: scratch.blobFolder, sealer: ring.sealer)
        var keys: [String] = []
        for number in 0..<7 { keys.append(try await store.put(Self.content + [UInt8(number)])) }
        try await store.beginResealing(to: ring.status.keysName)
        while try await !store.resealNext(limit: 3).isComplete {}
        #expect(try await store.resealNext(limit: 3).resealed == 0)
        #expect(try await !store.beginResealing(to: ring.status.keysName))
        try await ring.rotate()
        #expect(try await store.beginResealing(to: ring.status.keysName))
        var progress = ResealingProgress(examined: 0, resealed: 0, isComplete: false)
        while !progress.isComplete {
            progress = try await store.resealNext(limit: 3)
            for key in keys { #expect(try await store.get(key)?.starts(with: Self.content) == true) }
            // The process ends; what comes in meanwhile is under the new keys already.
            store = try await FileBlobStore(directory: scratch.blobFolder, sealer: ring.sealer)
            keys.append(try await store.put(Self.content + [UInt8(100 + progress.examined)]))
        }
        // The file that tells the key is one of them.
        #expect(progress.resealed == 8 && progress.unreadable == 0)
        #expect(try await store.resealNext(limit: 3) == progress)
        try await ring.retireOldKeys()
        store = try await FileBlobStore(directory: scratch.blobFolder, sealer: ring.sealer)
        for key in keys { #expect(try await store.get(key)?.starts(with: Self.content) == true) }
        // One that is damaged is counted and left.
        let name = try #require(try files(scratch).first { $0 != "resealing" })
        try Data("damaged, and long enough to have a key's number".utf8).write(to: URL(fileURLWithPath: scratch.blobFolder + "/" + name))
        try await store.beginResealing(to: "again")
        while try await !store.resealNext(limit: 100).isComplete {}
        #expect(try await store.resealNext(limit: 100).unreadable == 1)
    }

    @Test("No key of the installation opens a content without its hash; one that an earlier version wrote opens, and is bound to it when moved")
    func boundToHash() async throws {
        let scratch = try Scratch()
        let sealer = KeyedSealer(masterKey: scratch.key)
        let store = try await scratch.blobs()
        let key = try await store.put(Self.content)
        let name = FileBlobStore.name(of: key, sealer: sealer)
        func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: scratch.blobFolder + "/" + name))) }
        func isBound() throws -> Bool {
            let inner = try sealer.open(try bytes(), context: "attachments/\(name)")
            let isOpen = (try? sealer.open(inner, context: "attachment")) != nil
            return !isOpen && inner.count > Self.content.count && !inner.contains(Self.content.prefix(32))
        }
        #expect(try isBound())
        // As earlier versions kept it.
        try Data(try sealer.seal(Self.content, context: "blobs/\(name)")).write(to: URL(fileURLWithPath: scratch.blobFolder + "/" + name))
        #expect(throws: SealError.self) { try isBound() }
        #expect(try await store.get(key) == Self.content)
        try await store.beginResealing(to: "k")
        while try await !store.resealNext(limit: 1).isComplete {}
        #expect(try isBound())
        #expect(try await store.get(key) == Self.content)
    }

    @Test("A smaller limit refuses new bytes and still gives the old ones")
    func smallerLimit() async throws {
        let scratch = try Scratch()
        let key = try await scratch.blobs().put(Self.content)
        let store = try await scratch.blobs(limit: 10)
        #expect(try await store.get(key) == Self.content)
        #expect(await code { _ = try await store.put(Array("eleven byte".utf8)) } == .tooLarge)
        #expect(try files(scratch).count == 1)
    }

    @Test("A changed, cut or moved file does not open, and putting the bytes again mends it", arguments: 0..<4)
    func tampered(_ kind: Int) async throws {
        let scratch = try Scratch()
        let store = try await scratch.blobs()
        let key = try await store.put(Self.content)
        let name = try #require(try files(scratch).first)
        let path = scratch.blobFolder + "/" + name
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        switch kind {
        case 0: bytes[bytes.count / 2] ^= 1
        case 1: bytes.removeLast()
        case 2: bytes = Data()
        default:
            let otherKey = try await store.put(Array("other".utf8))
            #expect(otherKey != key)
            let other = try #require(try files(scratch).first { $0 != name })
            bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.blobFolder + "/" + other))
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        await #expect(throws: SealError.self) { _ = try await store.get(key) }
        #expect(try await store.put(Self.content) == key)
        #expect(try await store.get(key) == Self.content)
    }

    @Test("What a crash left half-written is cleared at the next start, whole files stay")
    func leftovers() async throws {
        let scratch = try Scratch()
        let key = try await scratch.blobs().put(Self.content)
        let draft = scratch.blobFolder + "/0123.abc.tmp"
        try Data("half".utf8).write(to: URL(fileURLWithPath: draft))
        let store = try await scratch.blobs()
        #expect(!FileManager.default.fileExists(atPath: draft))
        #expect(try await store.get(key) == Self.content)
    }

    @Test("A link in the place of a file is not followed, and an open folder is closed to others")
    func links() async throws {
        let scratch = try Scratch()
        let store = try await scratch.blobs()
        let key = try await store.put(Self.content)
        let path = scratch.blobFolder + "/" + (try #require(try files(scratch).first))
        let outside = scratch.folder + "/outside"
        try FileManager.default.moveItem(atPath: path, toPath: outside)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: outside)
        #expect(await code { _ = try await store.get(key) } == .notPermitted)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.blobFolder)
        _ = try await scratch.blobs()
        #expect(try FileManager.default.attributesOfItem(atPath: scratch.blobFolder)[.posixPermissions] as? Int == 0o700)
    }

    @Test("A folder that cannot be made is an error that says what to do")
    func noFolder() async throws {
        let sealer = KeyedSealer(masterKey: .random())
        let error = await #expect(throws: StoreError.self) {
            _ = try await FileBlobStore(directory: "/proc/megabot-blobs", sealer: sealer)
        }
        #expect(error?.code == .notPermitted && error?.reason.contains("choose another") == true)
        let scratch = try Scratch()
        try Data().write(to: URL(fileURLWithPath: scratch.blobFolder))
        #expect(await code { _ = try await scratch.blobs() } == .notPermitted)
    }
}
