// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import GRDB
import MegaCore
@testable import MegaMemory
import MegaSecurity
import MegaTesting
import Testing

@Suite("Attachments that nothing refers to")
struct UnusedAttachmentTests {
    private static let later = Date().addingTimeInterval(3600)

    private static func media(_ key: String) -> Media { Media(kind: .document, mimeType: "text/plain", size: 1, blob: key) }

    @Test("are found among everything that is stored, and only they go")
    func sweeps() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        let blobs = try await scratch.blobs()
        var keys: [String: String] = [:]
        for name in ["message", "answer", "memory", "orphan", "cleared"] { keys[name] = try await blobs.put(Array(name.utf8)) }
        func key(_ name: String) throws -> String { try #require(keys[name]) }

        var message = Sample.message("1")
        message.content.append(.media(Self.media(try key("message"))))
        try await store.take(message)
        var answer = Sample.reply("2")
        answer.content.append(.media(Self.media(try key("answer"))))
        try await store.enqueue([answer], at: Sample.now)
        try await store.save(Memory(id: "1", person: "p", text: "it is in \(try key("memory"))", trust: .owner, createdAt: Sample.now))
        try await store.save(Memory(id: "2", person: "p", text: "it was in \(try key("cleared"))", trust: .owner, createdAt: Sample.now))
        #expect(try await store.forget("2", of: "p"))

        let used = try await store.referencedAttachments()
        #expect(used == [try key("message"), try key("answer"), try key("memory")])
        #expect(try await blobs.removeUnused(keeping: used, notSince: Self.later) == 2)
        for name in ["message", "answer", "memory"] { #expect(try await blobs.get(key(name)) == Array(name.utf8), "\(name)") }
        for name in ["orphan", "cleared"] { #expect(try await blobs.get(key(name)) == nil, "\(name)") }
        #expect(try await blobs.removeUnused(keeping: used, notSince: Self.later) == 0)
        // The key of the folder is no attachment.
        #expect(try await scratch.blobs().get(key("message")) != nil)
        try await store.close()
    }

    @Test("a crash between upload and message leaves one that goes when its time has come, and not before")
    func crash() async throws {
        let scratch = try Scratch()
        let before = Date().addingTimeInterval(-1)
        let key = try await scratch.blobs().put([1, 2, 3])
        // The process ended here. Another one opens both.
        let store = try await scratch.open()
        let blobs = try await scratch.blobs()
        let used = try await store.referencedAttachments()
        #expect(used.isEmpty)
        #expect(try await blobs.removeUnused(keeping: used, notSince: before) == 0)
        #expect(try await blobs.get(key) == [1, 2, 3])
        #expect(try await blobs.removeUnused(keeping: used, notSince: Self.later) == 1)
        #expect(try await blobs.get(key) == nil)
        try await store.close()
    }

    @Test("one that is uploaded again while they are looked for counts as new")
    func uploadedAgain() async throws {
        let scratch = try Scratch()
        let blobs = try await scratch.blobs()
        let key = try await blobs.put([1, 2, 3])
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: scratch.blobFolder).first { $0 != "key.check" })
        let path = scratch.blobFolder + "/" + file
        try FileManager.default.setAttributes([.modificationDate: Date().addingTimeInterval(-1_000_000)], ofItemAtPath: path)
        // The list was made before, the message comes after.
        let used: Set<String> = []
        _ = try await blobs.put([1, 2, 3])
        #expect(try await blobs.removeUnused(keeping: used, notSince: Date().addingTimeInterval(-86_400)) == 0)
        #expect(try await blobs.get(key) == [1, 2, 3])
    }

    @Test("none is named while a stored value cannot be read")
    func damaged() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        try await store.take(Sample.message("1"))
        try await store.write { try $0.execute(sql: "UPDATE turns SET payload = zeroblob(80)") }
        await #expect(throws: (any Error).self) { _ = try await store.referencedAttachments() }
        try await store.close()
    }

    @Test("closing a store leaves nothing in the write-ahead log")
    func writeAheadLog() async throws {
        let scratch = try Scratch()
        let store = try await scratch.open()
        for number in 0..<50 { try await store.take(Sample.message("\(number)")) }
        _ = try await store.turnCounts()
        let log = scratch.database + "-wal"
        func size() throws -> Int {
            FileManager.default.fileExists(atPath: log) ? try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? -1 : 0
        }
        #expect(try size() > 0)
        try await store.close()
        #expect(try size() == 0)
    }
}
