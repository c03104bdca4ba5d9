// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("The fallback chain")
struct ModelFallbackChainTests {
    /// Gives one outcome for each request: events, then perhaps an error.
    final class Scripted: LanguageModel {
        let id: String
        let contextWindow: Int
        private let script: Mutex<[(events: [GenerationEvent], error: (any Error)?)]>
        private let asked = Mutex(0)
        var requests: Int { asked.withLock { $0 } }

        init(_ id: String, window: Int = 1000, _ script: [(events: [GenerationEvent], error: (any Error)?)]) {
            self.id = id
            contextWindow = window
            self.script = Mutex(script)
        }

        struct Sequence: AsyncSequence, Sendable {
            typealias Element = GenerationEvent
            let events: [GenerationEvent]
            let error: (any Error)?
            func makeAsyncIterator() -> Iterator { Iterator(events: events, error: error) }
            struct Iterator: AsyncIteratorProtocol {
                var events: [GenerationEvent]
                let error: (any Error)?
                mutating func next() async throws -> GenerationEvent? {
                    if events.isEmpty {
                        if let error { throw error }
                        return nil
                    }
                    return events.removeFirst()
                }
            }
        }

        func generate(_ request: ModelRequest) -> GenerationStream {
            asked.withLock { $0 += 1 }
            let next = script.withLock { $0.isEmpty ? ([], ModelError(.unavailable, retry: .never, model: id, reason: "script over")) : $0.removeFirst() }
            return GenerationStream(Sequence(events: next.events, error: next.error))
        }

        func health() async -> ComponentHealth { requests == 0 ? .healthy : .down("asked") }
    }

    /// A clock that passes at once and notes what was slept.
    final class Naps: Clock {
        typealias Instant = ContinuousClock.Instant
        private let naps = Mutex<[Duration]>([])
        private let start = ContinuousClock.now
        var taken: [Duration] { naps.withLock { $0 } }
        var now: Instant { start.advanced(by: taken.reduce(.zero, +)) }
        var minimumResolution: Duration { .nanoseconds(1) }
        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            try Task.checkCancellation()
            let nap = now.duration(to: deadline)
            naps.withLock { $0.append(nap) }
        }
    }

    private let naps = Naps()
    private let request = ModelRequest(messages: [ModelMessage(role: .user, text: "x", trust: .owner)])
    private let good: [GenerationEvent] = [.textDelta("ok"), .finished(.stop)]

    private func dependencies() -> Dependencies {
        let naps = naps
        let start = Date(timeIntervalSince1970: 1_000)
        return Dependencies(
            clock: naps,
            now: { start.addingTimeInterval(naps.taken.reduce(0) { $0 + Double($1.components.seconds) }) },
            randomBytes: { Array(repeating: 255, count: $0) })
    }

    private func error(_ code: ModelError.Code, _ retry: ModelError.Retry) -> ModelError {
        ModelError(code, retry: retry, model: "m", reason: "scripted")
    }

    private func text(_ model: some LanguageModel) async throws -> String {
        var accumulator = ReplyAccumulator()
        for try await event in model.generate(request) { accumulator.add(event) }
        return accumulator.reply().text
    }

    @Test("the next model answers when the first cannot, without waiting")
    func next() async throws {
        let first = Scripted("a", [([.usage(TokenUsage(inputTokens: 9))], error(.authentication, .elsewhere))])
        let second = Scripted("b", [([.usage(TokenUsage(inputTokens: 3))] + good, nil)])
        let chain = ModelFallbackChain(first, fallbacks: [second], dependencies: dependencies())
        var events: [GenerationEvent] = []
        for try await event in chain.generate(request) { events.append(event) }
        #expect(events == [.usage(TokenUsage(inputTokens: 3))] + good)
        #expect(naps.taken.isEmpty)
    }

    @Test("nothing is tried after a model has spoken")
    func spoken() async throws {
        let first = Scripted("a", [([.textDelta("half")], error(.incomplete, .later(after: nil)))])
        let second = Scripted("b", [(good, nil)])
        let chain = ModelFallbackChain(first, fallbacks: [second], dependencies: dependencies())
        var seen = ""
        await #expect(throws: ModelError.self) {
            for try await event in chain.generate(request) { if case .textDelta(let piece) = event { seen += piece } }
        }
        #expect(seen == "half")
        #expect(second.requests == 0)
    }

    @Test("a request every model would refuse ends the chain")
    func never() async throws {
        let second = Scripted("b", [(good, nil)])
        let chain = ModelFallbackChain(Scripted("a", [([], error(.badRequest, .never))]), fallbacks: [second], dependencies: dependencies())
        await #expect(throws: ModelError.self) { try await text(chain) }
        #expect(second.requests == 0)
    }

    @Test("when all failed it waits as long as asked and tries those again that may work")
    func rounds() async throws {
        let first = Scripted("a", [([], error(.rateLimited, .later(after: .seconds(7)))), (good, nil)])
        let second = Scripted("b", [([], error(.unknownModel, .elsewhere))])
        let chain = ModelFallbackChain(first, fallbacks: [second], dependencies: dependencies())
        #expect(try await text(chain) == "ok")
        #expect(naps.taken == [.seconds(7)])
        #expect(second.requests == 1)
    }

    @Test("the number of rounds is bounded and the last error comes out")
    func bounded() async throws {
        let model = Scripted("a", Array(repeating: ([], error(.unavailable, .later(after: nil))), count: 10))
        let chain = ModelFallbackChain(model, policy: .init(rounds: 3, firstPause: .seconds(4)), dependencies: dependencies())
        await #expect(throws: ModelError.self) { try await text(chain) }
        #expect(model.requests == 3)
        #expect(naps.taken.count == 2)
        #expect(naps.taken[0] > .seconds(2) && naps.taken[0] <= .seconds(4))
        #expect(naps.taken[1] > .seconds(4) && naps.taken[1] <= .seconds(8))
    }

    @Test("a provider that asks for more patience than allowed is not waited for")
    func impatient() async throws {
        let model = Scripted("a", [([], error(.rateLimited, .later(after: .seconds(3600)))), (good, nil)])
        await #expect(throws: ModelError.self) { try await text(ModelFallbackChain(model, dependencies: dependencies())) }
        #expect(naps.taken.isEmpty)
    }

    @Test("a model that failed is asked last until its cool-down is over")
    func coolDown() async throws {
        let first = Scripted("a", [([], error(.unavailable, .later(after: nil))), (good, nil)])
        let second = Scripted("b", Array(repeating: (good, nil), count: 5))
        let chain = ModelFallbackChain(first, fallbacks: [second], policy: .init(coolDown: .seconds(60)), dependencies: dependencies())
        _ = try await text(chain)
        _ = try await text(chain)
        #expect(first.requests == 1)
        #expect(second.requests == 2)
        try await naps.sleep(for: .seconds(61))
        _ = try await text(chain)
        #expect(first.requests == 2)
        #expect(second.requests == 2)
    }

    @Test("a cancelled reader ends the chain with a cancellation, not with the next model")
    func cancelled() async throws {
        let second = Scripted("b", [(good, nil)])
        let chain = ModelFallbackChain(Scripted("a", [([], CancellationError())]), fallbacks: [second], dependencies: dependencies())
        await #expect(throws: CancellationError.self) { try await text(chain) }
        #expect(second.requests == 0)
    }

    @Test("its window is the smallest and its health that of the best")
    func properties() async throws {
        let first = Scripted("a", window: 9000, [(good, nil)])
        let chain = ModelFallbackChain(first, fallbacks: [Scripted("b", window: 500, [])], dependencies: dependencies())
        #expect(chain.contextWindow == 500)
        #expect(chain.id == "a > b")
        #expect(await chain.health() == .healthy)
        _ = try await text(chain)
        #expect(await chain.health().status == .degraded)
    }
}
