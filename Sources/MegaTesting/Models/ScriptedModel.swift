// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// A model that says what the test wrote, in order.
///
/// ```swift
/// let model = ScriptedModel(.callTool("delete_file", ["path": "a.txt"]), .text("I did not delete it."))
/// ```
public final class ScriptedModel: LanguageModel {
    /// One answer.
    public struct Step: Sendable {
        let events: @Sendable (ModelRequest) throws -> [GenerationEvent]

        /// Text, in one piece or in several.
        public static func text(_ pieces: String...) -> Step {
            Step { _ in pieces.map { .textDelta($0) } + [.finished(.stop)] }
        }

        /// One tool call.
        public static func callTool(_ name: String, _ arguments: JSONValue = [:], id: String? = nil) -> Step {
            callTools([(name, arguments)], id: id)
        }

        /// Several tool calls in one answer.
        public static func callTools(_ calls: [(name: String, arguments: JSONValue)], id: String? = nil) -> Step {
            Step { _ in
                var events: [GenerationEvent] = []
                for (index, call) in calls.enumerated() {
                    events.append(.toolCallStarted(index: index, id: id.map { "\($0)-\(index)" }, name: call.name))
                    events.append(.toolCallArgumentsDelta(index: index, call.arguments.encodedString()))
                }
                return events + [.finished(.toolCalls)]
            }
        }

        /// A failure.
        public static func fail(_ error: any Error) -> Step { Step { _ in throw error } }

        /// An answer made from the request.
        public static func reply(_ body: @escaping @Sendable (ModelRequest) throws -> [GenerationEvent]) -> Step {
            Step(events: body)
        }
    }

    /// See `LanguageModel.id`.
    public let id: String
    /// See `LanguageModel.contextWindow`.
    public let contextWindow: Int
    private let state: Mutex<(steps: [Step], requests: [ModelRequest])>
    private let fallback: Step?

    /// - Parameters:
    ///   - steps: The answers, used up one by one.
    ///   - fallback: What it says when they are used up; without one that is an error.
    public init(_ steps: Step..., fallback: Step? = nil, id: String = "scripted", contextWindow: Int = 32_000) {
        self.id = id
        self.contextWindow = contextWindow
        self.fallback = fallback
        state = Mutex((steps, []))
    }

    /// Everything it was asked, in order.
    public var requests: [ModelRequest] { state.withLock { $0.requests } }

    /// Adds answers.
    public func add(_ steps: Step...) { state.withLock { $0.steps += steps } }

    /// The next step of the script.
    public func generate(_ request: ModelRequest) -> GenerationStream {
        let step = state.withLock { state -> Step? in
            state.requests.append(request)
            return state.steps.isEmpty ? fallback : state.steps.removeFirst()
        }
        guard let step else {
            return .failing(ModelError(.badRequest, retry: .never, model: id, reason: "the script has no more answers"))
        }
        do { return GenerationStream(try step.events(request)) } catch { return .failing(error) }
    }
}
