// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Logging
@testable import MegaCore
import MegaTesting
import Testing

@Suite("Values of the core")
struct ValueTests {
    @Test("conversation ids with colons in their parts stay distinct")
    func conversationIDs() {
        let ids = [
            ConversationID(platform: "a", account: "b", chat: "c:d"), ConversationID(platform: "a", account: "b:c", chat: "d"),
            ConversationID(platform: "a", account: "b", chat: "c", thread: "d"), ConversationID(platform: "a", account: "b", chat: "c%3Ad"),
        ]
        #expect(Set(ids.map(\.description)).count == ids.count)
        #expect(ids[2].description == "a:b:c:d")
    }

    @Test("a secret shows itself nowhere by accident")
    func secrets() throws {
        let secret = Secret("hunter2-hunter2")
        var dumped = ""
        dump(["wrapped": secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("hunter2"), "\(text)")
        }
        #expect(secret == Secret("hunter2-hunter2") && secret != Secret("hunter2-hunter3") && secret != Secret("hunter2"))
        #expect(secret.reveal() == "hunter2-hunter2")
    }

    @Test("fragments of interleaved tool calls are put together, in every order of arrival")
    func accumulator() {
        var accumulator = ReplyAccumulator()
        let events: [GenerationEvent] = [
            .textDelta("a"), .toolCallStarted(index: 1, id: "two", name: "second"), .toolCallStarted(index: 0, id: nil, name: "first"),
            .toolCallArgumentsDelta(index: 1, #"{"x""#), .toolCallArgumentsDelta(index: 0, #"{"y":1}"#),
            .toolCallArgumentsDelta(index: 1, ":[2"), .textDelta("b"), .toolCallArgumentsDelta(index: 1, "]}"),
            .usage(TokenUsage(inputTokens: 3, outputTokens: 4)), .finished(.toolCalls),
        ]
        for event in events { accumulator.add(event) }
        let reply = accumulator.reply(idPrefix: "s")
        #expect(reply.text == "ab")
        #expect(
            reply.toolCalls == [
                ToolCall(id: "s-0", name: "first", arguments: ["y": 1]), ToolCall(id: "two", name: "second", arguments: ["x": [2]]),
            ])
        #expect(reply.usage.outputTokens == 4 && reply.finishReason == .toolCalls)
    }

    @Test("pauses grow to their limit, with jitter, and begin anew after a success")
    func backoff() {
        var backoff = Backoff(first: .seconds(1), limit: .seconds(8))
        let longest = (0..<6).map { _ in backoff.next(unit: 0.999999) }
        #expect(longest.map { Int($0.timeInterval.rounded()) } == [1, 2, 4, 8, 8, 8])
        backoff.reset()
        #expect(backoff.next(unit: 0) == .milliseconds(500))
    }

    @Test("people: nobody by default, owners and known by their exact account")
    func people() {
        let people = People(owners: ["telegram:1"], known: ["signal:2"], aliases: ["signal:2": "bob", "telegram:7": "bob"])
        #expect(people.trust(Participant(id: "1"), on: "telegram") == .owner)
        #expect(people.trust(Participant(id: "1"), on: "signal") == .unknown)
        #expect(people.trust(Participant(id: "2", displayName: "1"), on: "signal") == .known)
        #expect(people.person(Participant(id: "7"), on: "telegram") == people.person(Participant(id: "2"), on: "signal"))
        #expect(People().trust(Participant(id: "owner"), on: "websocket") == .unknown)
    }

    @Test("the queue keeps its order over many additions and removals")
    func queue() {
        var queue = Queue<Int>()
        var expected: [Int] = []
        var generator = SplitMix(state: 7)
        for step in 0..<5_000 {
            switch generator.next() % 5 {
            case 0, 1: queue.append(step); expected.append(step)
            case 2: queue.prepend(step); expected.insert(step, at: 0)
            default: #expect(queue.popFirst() == (expected.isEmpty ? nil : expected.removeFirst()))
            }
            #expect(queue.count == expected.count && queue.first == expected.first)
        }
    }

    @Test("a supervised component is degraded after a failure, down after several, and healthy after a success")
    func supervisor() async throws {
        let clock = ManualClock()
        let supervisor = Supervisor(
            name: "test", policy: Supervisor.Policy(budget: 3), dependencies: clock.dependencies,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let running = Task { await supervisor.run { throw CommandError("broken") } }
        while supervisor.health.status != .degraded { await Task.yield() }
        for _ in 0..<2 { try await clock.advance(by: .seconds(60), onceSleeping: 1) }
        while supervisor.health.status != .down { await Task.yield() }
        #expect(supervisor.health.detail?.contains("broken") == true)
        supervisor.noteSuccess()
        #expect(supervisor.health == .healthy)
        running.cancel()
        await running.value
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
