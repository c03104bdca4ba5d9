// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

extension LanguageModelConformance {
    /// What holds for every model, in this process or behind a server. Each check wants a model that has not been asked yet, which answers
    /// “Hello” with some text.
    public static let contract: [ConformanceCheck<any LanguageModel>] = [
        .init("It has a name and a window for more than nothing") { model in
            try ConformanceFailure.unless(!model.id.isEmpty, expected: "an id", seen: "none")
            try ConformanceFailure.unless(model.contextWindow > 0, expected: "a window", seen: "\(model.contextWindow)")
        },
        .init("An answer has text, and exactly one finish, which is its end but for the count of tokens") { model in
            var (text, finishes) = ("", 0)
            for try await event in model.generate(hello) {
                switch event {
                case .textDelta(let piece):
                    try ConformanceFailure.unless(finishes == 0, expected: "no text behind the finish", seen: piece)
                    text += piece
                case .finished: finishes += 1
                case .toolCallStarted, .toolCallArgumentsDelta:
                    throw ConformanceFailure(expected: "no tool call, as no tool was offered", seen: "\(event)")
                case .reasoningDelta, .usage: break
                }
            }
            try ConformanceFailure.unless(!text.isEmpty, expected: "text", seen: "none")
            try ConformanceFailure.unless(finishes == 1, expected: "one finish", seen: "\(finishes)")
        },
        .init("A stream nobody reads, or reads to its end, disturbs no other answer") { model in
            _ = model.generate(hello)
            for try await event in model.generate(hello) { if case .textDelta = event { break } }
            var finishes = 0
            for try await event in model.generate(hello) { if case .finished = event { finishes += 1 } }
            try ConformanceFailure.unless(finishes == 1, expected: "one finish", seen: "\(finishes)")
        },
        .init("Cancelling the reader ends the answer with a cancellation, or with the end of what was written already") { model in
            let task = Task {
                for try await _ in model.generate(hello) { withUnsafeCurrentTask { $0?.cancel() } }
            }
            do { try await task.value } catch is CancellationError {}
        },
        .init("An answer asked for by a cancelled task is none") { model in
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                for try await _ in model.generate(hello) { throw ConformanceFailure(expected: "nothing", seen: "an answer") }
            }
            do { try await task.value } catch is CancellationError {}
        },
        .init("Several answers at once do not mix") { model in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var finishes = 0
                        for try await event in model.generate(hello) { if case .finished = event { finishes += 1 } }
                        return finishes
                    }
                }
                for try await finishes in group { try ConformanceFailure.unless(finishes == 1, expected: "one finish each", seen: "\(finishes)") }
            }
        },
    ]

    private static let hello = ModelRequest(
        instructions: "Be brief.", messages: [ModelMessage(role: .user, text: "Hello", trust: .owner)], maximumOutputTokens: 100)
}
