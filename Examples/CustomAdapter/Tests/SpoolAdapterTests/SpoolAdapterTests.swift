// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import MegaTesting
import SpoolAdapter
import Testing

@Suite("An adapter of one's own")
struct SpoolAdapterTests {
    @Test("keeps what every adapter has to keep", arguments: MessagingAdapterConformance.checks)
    func conforms(_ check: ConformanceCheck<any AdapterFixture>) async throws {
        let fixture = try SpoolFixture()
        defer { fixture.remove() }
        try await check.run(fixture)
    }

    @Test("a question in the folder becomes an answer in the folder")
    func answers() async throws {
        let fixture = try SpoolFixture()
        defer { fixture.remove() }
        let bot = Orchestrator(
            agent: ConversationalAgent(model: ScriptedModel(.text("Four."))), adapters: [fixture.adapter], store: InMemoryStore(),
            people: People(owners: ["spool:owner"]))
        let running = Task { try await bot.run() }
        defer { running.cancel() }
        try await fixture.personWrites("What is two and two?", id: "q1", chat: "kitchen")
        while try await fixture.received(in: "kitchen").isEmpty { await Task.yield() }
        #expect(try await fixture.received(in: "kitchen") == ["Four."])
    }
}

/// The folder, seen from the person's side.
struct SpoolFixture: AdapterFixture {
    let folder: URL
    let adapter: any MessagingAdapter

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "spool-\(UUID().uuidString)")
        adapter = try SpoolAdapter(folder: folder, interval: .milliseconds(1))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func personWrites(_ text: String, id: String, chat: String, waitsForReceipt: Bool) async throws {
        try Data(text.utf8).write(to: folder.appending(path: "in/\(chat).\(id).txt"), options: .atomic)
        // The folder keeps no order among files that lie there together; a person writes one after the other.
        if waitsForReceipt { while try await !isAcknowledged(id) { await Task.yield() } }
    }

    func isAcknowledged(_ id: String) async throws -> Bool {
        try !FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "in").path).contains { $0.hasSuffix(".\(id).txt") }
    }

    func received(in chat: String) async throws -> [String] {
        let out = folder.appending(path: "out")
        return try FileManager.default.contentsOfDirectory(at: out, includingPropertiesForKeys: [.creationDateKey])
            .filter { $0.lastPathComponent.hasPrefix("\(chat).") }.sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { try String(contentsOf: $0, encoding: .utf8) }
    }
}
