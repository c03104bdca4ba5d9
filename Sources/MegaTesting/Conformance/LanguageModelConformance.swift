// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
public import MegaCore

/// What a `LanguageModel` must do, as checks to be run as a test's arguments: ``contract`` every one, ``wire`` one that talks with a server.
///
/// ```swift
/// @Test(arguments: LanguageModelConformance.contract)
/// func conforms(_ check: ConformanceCheck<any LanguageModel>) async throws { try await check.run { MyModel() } }
/// ```
///
/// ```swift
/// @Test(arguments: LanguageModelConformance.checks)
/// func conforms(_ check: ConformanceCheck<LanguageModelConformance.Subject>) async throws { try await check.run(mySubject) }
/// ```
public enum LanguageModelConformance {
    /// The model under test and the provider behind it.
    public struct Subject: Sendable {
        /// How an answer arrives.
        public struct Delivery: Sendable, Hashable {
            /// Bytes at a time; nil for all.
            public var pieces: Int?
            /// After how many bytes of the body the connection breaks.
            public var cut: Int?

            /// A way of arriving; whole and unbroken unless told otherwise.
            public init(pieces: Int? = nil, cut: Int? = nil) {
                self.pieces = pieces
                self.cut = cut
            }
        }

        /// Makes a model whose provider answers each request so.
        public var makeModel: @Sendable (FakeModelServer.Reply, Delivery) async throws -> any LanguageModel
        /// How many bytes a streamed answer has on the wire.
        public var length: @Sendable (FakeModelServer.Answer) -> Int
        /// Whether the provider reports tokens read from its cache.
        public var reportsCache: Bool

        /// Makes a subject.
        public init(
            reportsCache: Bool = true, length: @escaping @Sendable (FakeModelServer.Answer) -> Int,
            makeModel: @escaping @Sendable (FakeModelServer.Reply, Delivery) async throws -> any LanguageModel
        ) {
            self.reportsCache = reportsCache
            self.length = length
            self.makeModel = makeModel
        }
    }

    /// All checks of a model behind a server: what ``contract`` demands, and much more, on answers of the check's own.
    public static var checks: [ConformanceCheck<Subject>] { wire }

    /// For a model that reads answers off a wire: every kind of answer and of failure, in pieces and cut at every byte.
    public static var wire: [ConformanceCheck<Subject>] { answers + failures }

    private static let request = ModelRequest(
        instructions: "Be brief.", messages: [ModelMessage(role: .user, text: "Hello", trust: .owner)], maximumOutputTokens: 100)
    private static let text = FakeModelServer.Answer(
        ["Grüß ", "dich, ", "世界 ", "👋🏽", "\n\"done\"\\"], reasoning: ["Let me ", "think"],
        usage: TokenUsage(inputTokens: 100, outputTokens: 9, cachedInputTokens: 64))
    private static let calls = FakeModelServer.Answer(
        ["I look."],
        toolCalls: [
            ToolCall(id: "call_a", name: "read_file", arguments: ["path": "ä/“b”.txt", "limit": 3]),
            ToolCall(id: "call_b", name: "list_files", arguments: [:]),
            ToolCall(id: "call_c", name: "write_file", arguments: ["path": "c", "content": "line\nline\u{2028}", "deep": ["x": [1, true, nil]]]),
        ], argumentFragment: 3)

    private static func collect(_ model: any LanguageModel) async throws -> [GenerationEvent] {
        var events: [GenerationEvent] = []
        for try await event in model.generate(request) { events.append(event) }
        return events
    }

    private static func reply(_ events: [GenerationEvent]) -> ModelReply {
        var accumulator = ReplyAccumulator()
        for event in events { accumulator.add(event) }
        return accumulator.reply()
    }

    private static func expect(_ code: ModelError.Code, from subject: Subject, for reply: FakeModelServer.Reply) async throws -> ModelError {
        let model = try await subject.makeModel(reply, .init())
        do {
            let events = try await collect(model)
            throw ConformanceFailure(expected: "the error \(code.rawValue)", seen: "\(events.count) events and no error")
        } catch let error as ModelError {
            try ConformanceFailure.unless(error.code == code, expected: "the error \(code.rawValue)", seen: "\(error)")
            try ConformanceFailure.unless(error.model == model.id, expected: "the model's id in the error", seen: error.model)
            return error
        }
    }

    // MARK: Answers

    private static let answers: [ConformanceCheck<Subject>] = [
        ConformanceCheck("text arrives in order, apart from thinking, and one finish comes last") { subject in
            let events = try await collect(try await subject.makeModel(.answer(text), .init()))
            let written = events.compactMap { if case .textDelta(let piece) = $0 { piece } else { nil } }
            try ConformanceFailure.unless(written.joined() == text.text.joined(), expected: text.text.joined(), seen: written.joined())
            try ConformanceFailure.unless(written.count > 1, expected: "several pieces", seen: "\(written.count)")
            let thought = events.compactMap { if case .reasoningDelta(let piece) = $0 { piece } else { nil } }
            try ConformanceFailure.unless(thought.joined() == "Let me think", expected: "the thinking", seen: thought.joined())
            let finishes = events.filter { if case .finished = $0 { true } else { false } }
            try ConformanceFailure.unless(
                finishes == [.finished(.stop)] && events.last == finishes.first, expected: "one finish at the end", seen: "\(finishes)")
        },
        ConformanceCheck("parallel tool calls keep their order, names and arguments") { subject in
            let seen = reply(try await collect(try await subject.makeModel(.answer(calls), .init())))
            try ConformanceFailure.unless(
                seen.toolCalls.map(\.name) == calls.toolCalls.map(\.name) && seen.toolCalls.map(\.arguments) == calls.toolCalls.map(\.arguments),
                expected: "\(calls.toolCalls)", seen: "\(seen.toolCalls)")
            try ConformanceFailure.unless(seen.finishReason == .toolCalls, expected: "toolCalls", seen: seen.finishReason.rawValue)
            try ConformanceFailure.unless(Set(seen.toolCalls.map(\.id)).count == 3, expected: "three ids", seen: "\(seen.toolCalls.map(\.id))")
        },
        ConformanceCheck("tokens are reported, cached ones within the input") { subject in
            let seen = reply(try await collect(try await subject.makeModel(.answer(text), .init()))).usage
            var expected = text.usage
            if !subject.reportsCache { expected.cachedInputTokens = 0 }
            try ConformanceFailure.unless(seen == expected, expected: "\(expected)", seen: "\(seen)")
        },
        ConformanceCheck("the reason for stopping is reported") { subject in
            var answer = text
            answer.finish = .length
            let seen = reply(try await collect(try await subject.makeModel(.answer(answer), .init()))).finishReason
            try ConformanceFailure.unless(seen == .length, expected: "length", seen: seen.rawValue)
        },
        ConformanceCheck("pieces of every small size give the same events") { subject in
            for answer in [text, calls] {
                let whole = try await collect(try await subject.makeModel(.answer(answer), .init()))
                for size in [1, 2, 7, 61] {
                    let cut = try await collect(try await subject.makeModel(.answer(answer), .init(pieces: size)))
                    try ConformanceFailure.unless(cut == whole, expected: "\(whole)", seen: "with pieces of \(size): \(cut)")
                }
            }
        },
        ConformanceCheck("a stream cut at any byte is incomplete, or as good as whole, never half an answer") { subject in
            // Short, since every byte of it is a place to cut.
            let short = FakeModelServer.Answer(
                ["é", "👋🏽"],
                toolCalls: [
                    ToolCall(id: "call_a", name: "one", arguments: ["path": "ä"]), ToolCall(id: "call_b", name: "two", arguments: [:]),
                ], argumentFragment: 6)
            for answer in [FakeModelServer.Answer(["日本", "go"]), short] {
                let whole = reply(try await collect(try await subject.makeModel(.answer(answer), .init())))
                var incomplete = 0
                for cut in 0..<subject.length(answer) {
                    let model = try await subject.makeModel(.answer(answer), .init(cut: cut))
                    do {
                        var seen = reply(try await collect(model))
                        seen.usage = whole.usage
                        try ConformanceFailure.unless(seen == whole, expected: "the whole answer", seen: "cut at \(cut): \(seen)")
                    } catch let error as ModelError {
                        incomplete += 1
                        try ConformanceFailure.unless(error.code == .incomplete, expected: "incomplete", seen: "cut at \(cut): \(error)")
                    }
                }
                try ConformanceFailure.unless(incomplete > subject.length(answer) / 2, expected: "most cuts to be noticed", seen: "\(incomplete)")
            }
        },
        ConformanceCheck("a whole answer in place of a stream is understood") { subject in
            var answer = calls
            answer.reasoning = []
            let seen = reply(try await collect(try await subject.makeModel(.unstreamed(answer), .init(pieces: 10))))
            try ConformanceFailure.unless(
                seen.text == "I look." && seen.toolCalls.map(\.arguments) == calls.toolCalls.map(\.arguments), expected: "\(calls)", seen: "\(seen)")
        },
    ]

    // MARK: Failures

    private static let failures: [ConformanceCheck<Subject>] = [
        ConformanceCheck("a refused key is an authentication error for which another model may be asked") { subject in
            let error = try await expect(
                .authentication, from: subject, for: .failure(status: 401, type: "authentication_error", message: "bad key sk-123456"))
            try ConformanceFailure.unless(error.retry == .elsewhere, expected: "elsewhere", seen: "\(error.retry)")
            try ConformanceFailure.unless(!error.description.contains("sk-123456"), expected: "no key", seen: error.description)
        },
        ConformanceCheck("too many requests may be tried again after the time given") { subject in
            let error = try await expect(
                .rateLimited, from: subject,
                for: .failure(status: 429, type: "rate_limit_error", message: "slow down", headers: [.retryAfter: "7"]))
            try ConformanceFailure.unless(error.retry == .later(after: .seconds(7)), expected: "after 7 s", seen: "\(error.retry)")
        },
        ConformanceCheck("an unknown model is named as such") { subject in
            _ = try await expect(.unknownModel, from: subject, for: .failure(status: 404, type: "not_found_error", message: "model 'x' not found"))
        },
        ConformanceCheck("a broken provider may be tried later") { subject in
            for status in [500, 502, 503, 529] {
                let error = try await expect(.unavailable, from: subject, for: .failure(status: status, type: "api_error", message: "oops"))
                try ConformanceFailure.unless(error.retry == .later(after: nil), expected: "later", seen: "\(error.retry)")
            }
        },
        ConformanceCheck("a prompt too long is told apart from other bad requests") { subject in
            _ = try await expect(
                .contextOverflow, from: subject,
                for: .failure(status: 400, type: "invalid_request_error", message: "This exceeds the maximum context length of 8192 tokens"))
            let error = try await expect(
                .badRequest, from: subject, for: .failure(status: 400, type: "invalid_request_error", message: "temperature is wrong"))
            try ConformanceFailure.unless(error.retry == .never, expected: "never", seen: "\(error.retry)")
        },
        ConformanceCheck("an error inside the stream comes after what was written") { subject in
            let model = try await subject.makeModel(.failureInStream(text, type: "overloaded_error", message: "Overloaded"), .init())
            var written = ""
            do {
                for try await event in model.generate(request) { if case .textDelta(let piece) = event { written += piece } }
                throw ConformanceFailure(expected: "an error", seen: "none")
            } catch let error as ModelError {
                try ConformanceFailure.unless(error.code == .unavailable, expected: "unavailable", seen: "\(error)")
                try ConformanceFailure.unless(written == text.text.joined(), expected: text.text.joined(), seen: written)
            }
        },
        ConformanceCheck("a page of HTML is called that, with its title") { subject in
            let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>hello</body></html>"
            let error = try await expect(.malformedAnswer, from: subject, for: .page(status: 200, type: "text/html", body: page))
            try ConformanceFailure.unless(
                error.reason.contains("HTML") && error.reason.contains("sign in"), expected: "what kind of page came", seen: error.reason)
        },
        ConformanceCheck("garbage is a malformed answer") { subject in
            for (type, body) in [("text/plain", "hello there\n\nthis is no model"), ("application/json", "{\"hello\": \"world\"}")] {
                _ = try await expect(.malformedAnswer, from: subject, for: .page(status: 200, type: type, body: body))
            }
        },
        ConformanceCheck("cancellation ends the answer with a cancellation") { subject in
            let model = try await subject.makeModel(.answer(text), .init(pieces: 1))
            let task = Task {
                var count = 0
                for try await _ in model.generate(request) {
                    count += 1
                    if count == 1 { withUnsafeCurrentTask { $0?.cancel() } }
                }
                return count
            }
            do {
                let count = try await task.value
                throw ConformanceFailure(expected: "a cancellation", seen: "\(count) events and an end")
            } catch is CancellationError {}
        },
    ]
}
