// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaCore
import MegaTesting
import Synchronization
import Testing

@Suite("The in-memory channel")
struct InMemoryAdapterTests {
    @Test("keeps what every adapter has to keep", arguments: MessagingAdapterConformance.checks)
    func conforms(_ check: ConformanceCheck<any AdapterFixture>) async throws {
        try await check.run(Fixture())
    }

    @Test("a message that waits for the adapter to run goes away with its task")
    func cancelledWhileWaiting() async throws {
        let adapter = InMemoryAdapter()
        let writing = Task { try await adapter.receive("hello") }
        writing.cancel()
        await #expect(throws: CancellationError.self) { try await writing.value }
    }

    private final class Fixture: AdapterFixture {
        let memory = InMemoryAdapter()
        let acknowledged = Mutex<Set<String>>([])
        var adapter: any MessagingAdapter { memory }

        func personWrites(_ text: String, id: String, chat: String) async throws {
            Task { [memory] in
                _ = try await memory.receive(text, from: "ana", in: chat, id: id)
                acknowledged.withLock { _ = $0.insert(id) }
            }
            // One after the other, as one connection would carry them.
            while !acknowledged.withLock({ $0.contains(id) }) {
                if memory.runs > 0, id.hasPrefix("h") || id.hasPrefix("k") { break }
                try await Task.sleep(for: .milliseconds(1))
            }
        }

        func isAcknowledged(_ id: String) async throws -> Bool { acknowledged.withLock { $0.contains(id) } }
        func received(in chat: String) async throws -> [String] {
            memory.sent.filter { $0.conversation.chat == chat }.map(\.text)
        }
    }
}
