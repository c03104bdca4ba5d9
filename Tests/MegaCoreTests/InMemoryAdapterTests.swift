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
        private let written: AsyncStream<(text: String, id: String, chat: String)>.Continuation
        var adapter: any MessagingAdapter { memory }

        init() {
            let (stream, continuation) = AsyncStream.makeStream(of: (text: String, id: String, chat: String).self, bufferingPolicy: .bufferingNewest(64))
            written = continuation
            // One after the other, as one connection would carry them; what is refused is not acknowledged.
            Task { [memory, weak self] in
                for await (text, id, chat) in stream {
                    do { _ = try await memory.receive(text, from: "ana", in: chat, id: id) } catch { continue }
                    self?.acknowledged.withLock { _ = $0.insert(id) }
                }
            }
        }

        deinit { written.finish() }

        func personWrites(_ text: String, id: String, chat: String, waitsForReceipt: Bool) async throws {
            written.yield((text, id, chat))
        }

        func isAcknowledged(_ id: String) async throws -> Bool { acknowledged.withLock { $0.contains(id) } }
        func received(in chat: String) async throws -> [String] {
            memory.sent.filter { $0.conversation.chat == chat }.map(\.text)
        }
    }
}
