// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// An adapter under test together with the platform's end of it.
///
/// Implement this for your adapter: the functions play the platform, for example a scripted server on loopback. One value is used by
/// one check.
public protocol AdapterFixture: Sendable {
    /// The adapter, always the same value.
    var adapter: any MessagingAdapter { get }

    /// A person writes on the platform. Returns once the platform holds the message; it need not be received yet.
    ///
    /// - Parameter waitsForReceipt: The next message is written after this one only when the adapter has received it. A platform that keeps
    ///   no order among messages that lie there together, such as a folder, waits until ``isAcknowledged(_:)`` then; others need not wait.
    func personWrites(_ text: String, id: String, chat: String, waitsForReceipt: Bool) async throws

    /// Whether the adapter told the platform that it received this message.
    func isAcknowledged(_ id: String) async throws -> Bool

    /// The texts of the messages the platform got from the adapter in this chat, in order.
    func received(in chat: String) async throws -> [String]
}

extension AdapterFixture {
    /// A person writes, and waits for nothing.
    public func personWrites(_ text: String, id: String, chat: String) async throws {
        try await personWrites(text, id: id, chat: chat, waitsForReceipt: false)
    }
}

/// What every `MessagingAdapter` has to keep.
///
/// ```swift
/// @Test(arguments: MessagingAdapterConformance.checks)
/// func conforms(_ check: ConformanceCheck<any AdapterFixture>) async throws { try await check.run(MyFixture()) }
/// ```
public enum MessagingAdapterConformance {
    /// All checks.
    public static let checks: [ConformanceCheck<any AdapterFixture>] = [
        delivers, keepsOrder, waitsForTheStore, redelivers, sends, sendsOnce, endsOnCancellation, startsAgain, livesWithRefusal, saysHowItIs,
    ]

    static let delivers = ConformanceCheck<any AdapterFixture>("a person's message reaches the inbox with its id, chat and text") { fixture in
        try await withRunning(fixture) { inbox in
            try await fixture.personWrites("hello, wörld 👋🏽", id: "a1", chat: "c1")
            let message = try await inbox.message(1)
            try expect(message.text, "hello, wörld 👋🏽", "text")
            try expect(message.conversation.chat, "c1", "chat")
            try expect(message.conversation.channel, fixture.adapter.channel, "channel")
            try expect(message.id.isEmpty, false, "id is empty")
        }
    }

    static let keepsOrder = ConformanceCheck<any AdapterFixture>("messages of a chat arrive in the order they were written") { fixture in
        try await withRunning(fixture) { inbox in
            for number in 0..<20 { try await fixture.personWrites("n\(number)", id: "o\(number)", chat: "c1", waitsForReceipt: true) }
            for number in 0..<20 { try expect(try await inbox.message(number + 1).text, "n\(number)", "message \(number)") }
        }
    }

    static let waitsForTheStore = ConformanceCheck<any AdapterFixture>("nothing is acknowledged before it is stored") { fixture in
        let inbox = RecordingInbox(holding: true)
        try await withRunning(fixture, inbox) { inbox in
            try await fixture.personWrites("hold", id: "h1", chat: "c1")
            _ = try await inbox.message(1)
            try expect(try await fixture.isAcknowledged("h1"), false, "acknowledged while the store was still writing")
            inbox.release()
            try await until("acknowledged after it was stored") { try await fixture.isAcknowledged("h1") }
        }
    }

    static let redelivers = ConformanceCheck<any AdapterFixture>("a redelivery carries the same id") { fixture in
        try await withRunning(fixture) { inbox in
            try await fixture.personWrites("again", id: "r1", chat: "c1")
            try await fixture.personWrites("again", id: "r1", chat: "c1")
            try await fixture.personWrites("other", id: "r2", chat: "c1")
            // The platform may drop the repeat itself; if it comes, it must be recognisable.
            var ids: [String] = []
            var count = 0
            repeat {
                count += 1
                let message = try await inbox.message(count)
                ids.append(message.id)
                if message.text == "other" { break }
            } while count < 3
            try expect(Set(ids).count, 2, "distinct ids over two messages and a redelivery")
        }
    }

    static let sends = ConformanceCheck<any AdapterFixture>("a reply arrives in its chat, line breaks and all scripts included") { fixture in
        try await withRunning(fixture) { inbox in
            try await fixture.personWrites("hi", id: "s1", chat: "c1")
            let question = try await inbox.message(1)
            let text = "línea uno\n二行目 👩‍👩‍👧\n*stars* _and_ [brackets](x) <tags> & more"
            _ = try await fixture.adapter.send(reply(to: question, text, id: "out-1"))
            try await until("the reply arrived") { try await !fixture.received(in: "c1").isEmpty }
            try expect(try await fixture.received(in: "c1"), [text], "received")
        }
    }

    static let sendsOnce = ConformanceCheck<any AdapterFixture>("a repeated send is not seen twice where the adapter claims exactly once") {
        fixture in
        guard fixture.adapter.capabilities.delivery == .exactlyOnce else { return }
        try await withRunning(fixture) { inbox in
            try await fixture.personWrites("hi", id: "e1", chat: "c1")
            let question = try await inbox.message(1)
            for _ in 0..<3 { _ = try await fixture.adapter.send(reply(to: question, "once", id: "out-2")) }
            _ = try await fixture.adapter.send(reply(to: question, "last", id: "out-3"))
            try await until("the last reply arrived") { try await fixture.received(in: "c1").contains("last") }
            try expect(try await fixture.received(in: "c1"), ["once", "last"], "received")
        }
    }

    static let endsOnCancellation = ConformanceCheck<any AdapterFixture>("it ends when cancelled") { fixture in
        // Returns only if run(delivering:) does.
        try await withRunning(fixture) { _ in }
    }

    static let startsAgain = ConformanceCheck<any AdapterFixture>("it can be started again after it ended") { fixture in
        try await withRunning(fixture) { inbox in
            try await fixture.personWrites("one", id: "g1", chat: "c1")
            _ = try await inbox.message(1)
            try await until("the first message was acknowledged") { try await fixture.isAcknowledged("g1") }
        }
        try await withRunning(fixture) { inbox in
            try await fixture.personWrites("two", id: "g2", chat: "c1")
            var count = 1
            while try await inbox.message(count).text != "two", count < 3 { count += 1 }
            try expect(try await inbox.message(count).text, "two", "after the second start")
        }
    }

    static let livesWithRefusal = ConformanceCheck<any AdapterFixture>("a message the store cannot take is not acknowledged and not lost") {
        fixture in
        let inbox = RecordingInbox(failing: 1)
        // The adapter may end with the store's error; the supervisor would start it again.
        try await withRunning(fixture, inbox, restarting: true) { inbox in
            try await fixture.personWrites("keep me", id: "k1", chat: "c1")
            try await until("the store refused once") { inbox.refusals == 1 }
            // A platform without redelivery of its own learns of the failure and its client repeats.
            if try await !fixture.isAcknowledged("k1") { try await fixture.personWrites("keep me", id: "k1", chat: "c1") }
            try expect(try await inbox.message(1).text, "keep me", "after the refusal")
        }
    }

    static let saysHowItIs = ConformanceCheck<any AdapterFixture>("it is healthy after a real exchange") { fixture in
        try await withRunning(fixture) { inbox in
            try await fixture.personWrites("hi", id: "z1", chat: "c1")
            _ = try await inbox.message(1)
            try expect(await fixture.adapter.health().status, .healthy, "health")
        }
    }

    // MARK: Tools of the checks

    private static func withRunning(
        _ fixture: any AdapterFixture, _ inbox: RecordingInbox = RecordingInbox(), restarting: Bool = false,
        _ body: @escaping @Sendable (RecordingInbox) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                repeat {
                    do { try await fixture.adapter.run(delivering: inbox.inbox) } catch {
                        if Task.isCancelled { return false }
                        if !restarting { throw error }
                    }
                } while restarting && !Task.isCancelled
                return false
            }
            group.addTask {
                try await body(inbox)
                return true
            }
            while let isBody = try await group.next() {
                if isBody { break }
            }
            inbox.release()
            group.cancelAll()
        }
    }

    private static func reply(to message: InboundMessage, _ text: String, id: String) -> OutboundMessage {
        OutboundMessage(
            id: id, conversation: message.conversation, content: [.text(text)], replyTo: message.id, metadata: message.metadata)
    }

    private static func expect<Value: Equatable>(_ seen: Value, _ expected: Value, _ what: String) throws {
        guard seen == expected else { throw ConformanceFailure(expected: "\(what): \(expected)", seen: "\(seen)") }
    }

    private static func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw ConformanceFailure(expected: what, seen: "it did not happen within 30 s")
    }
}
