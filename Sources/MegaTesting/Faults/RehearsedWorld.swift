// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// What outlives the crashes of a ``CrashRehearsal``: the person's memory of what was said and answered, and the world tools act on.
final class RehearsedWorld: Sendable {
    /// What the person says, in order.
    static let script: [(id: String, text: String)] = [
        ("m1", "plain question"), ("m2", "look at it"), ("m3", "act on it"), ("m4", "note this"), ("m5", "!mode plan"),
        ("m6", "plain again"), ("m7", "!mode build"), ("m8", "both of it"),
    ]

    private struct State {
        var acknowledged: Set<String> = []
        var sent: [[OutboundMessage]] = []
    }

    let look = RecordingTool("look", effects: .readsFiles, isIdempotent: true) { _, _ in ToolResult("seen") }
    let act = RecordingTool("act", effects: .executes) { _, _ in ToolResult("acted") }
    var tools: [any Tool] { [look, act] }
    private let state = Mutex(State())

    /// Everything that arrived, life by life.
    var sent: [[OutboundMessage]] { state.withLock { $0.sent } }
    /// The ids of messages the person was told are stored.
    var acknowledged: Set<String> { state.withLock { $0.acknowledged } }

    func acknowledge(_ id: String) { state.withLock { _ = $0.acknowledged.insert(id) } }
    func note(_ sent: [OutboundMessage]) { state.withLock { $0.sent.append(sent) } }

    /// Says the same to the same context, always.
    static var model: ScriptedModel {
        ScriptedModel(
            fallback: .reply { request in
                guard let last = request.messages.last else { return [.finished(.stop)] }
                if last.role == .tool {
                    let results = request.messages.filter { $0.role == .tool }.map(\.text)
                    return [.textDelta("result: "), .textDelta(results.joined(separator: " | ")), .finished(.stop)]
                }
                let calls: [(String, JSONValue)] =
                    switch last.text.split(separator: " ").first {
                    case "look": [("look", [:])]
                    case "act": [("act", [:])]
                    case "both": [("look", [:]), ("act", ["again": true])]
                    case "note": [("remember", ["text": "this was to be noted"])]
                    default: []
                    }
                if calls.isEmpty { return [.textDelta("answer to "), .textDelta(last.text), .finished(.stop)] }
                var events: [GenerationEvent] = []
                for (index, call) in calls.enumerated() {
                    events.append(.toolCallStarted(index: index, id: nil, name: call.0))
                    events.append(.toolCallArgumentsDelta(index: index, call.1.encodedString()))
                }
                return events + [.finished(.toolCalls)]
            })
    }
}

/// The person in a ``CrashRehearsal``: says the script, approves what is asked, and says again what was not acknowledged.
struct RehearsedPerson: Sendable {
    let adapter: InMemoryAdapter
    let world: RehearsedWorld
    let isPatient: Bool

    /// Returns when everything was said and answered.
    ///
    /// - Throws: `CancellationError` when the orchestrator is dead.
    func talk() async throws {
        // Approvals asked for in an earlier life are answered first: that question may not be put again.
        for request in questions { try await approve(request) }
        for (id, text) in RehearsedWorld.script {
            try await say(text, id: id)
            if isPatient { try await waitForAnswer(to: id) }
        }
        for (id, _) in RehearsedWorld.script { try await waitForAnswer(to: id) }
        for id in world.acknowledged { try await waitForAnswer(to: id) }
    }

    private var questions: [ApprovalRequest.ID] {
        var known: [ApprovalRequest.ID] = []
        for message in world.sent.joined() {
            if let id = message.approval, !known.contains(id) { known.append(id) }
        }
        return known
    }

    private func say(_ text: String, id: String) async throws {
        guard !world.acknowledged.contains(id) else { return }
        try await adapter.receive(text, from: "ana", in: "main", id: id)
        world.acknowledge(id)
    }

    private func approve(_ request: ApprovalRequest.ID) async throws {
        try await say("!approve \(request)", id: "yes-\(request)")
    }

    private func isAnswer(_ message: OutboundMessage, to id: String) -> Bool {
        message.replyTo == id && message.kind != .approvalRequest
    }

    private func waitForAnswer(to id: String) async throws {
        if world.sent.joined().contains(where: { isAnswer($0, to: id) }) { return }
        var read = 0
        while true {
            let message = try await adapter.nextMessage(after: read)
            read += 1
            if let request = message.approval { try await approve(request) }
            if isAnswer(message, to: id) { return }
        }
    }
}
