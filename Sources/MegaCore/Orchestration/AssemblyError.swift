// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// An orchestrator was put together from parts that do not fit. Thrown by ``Orchestrator/run()``, before anything happens.
public struct AssemblyError: Error, Sendable, CustomStringConvertible {
    /// Every problem, each as a sentence that says what to change.
    public let problems: [String]

    /// Makes an error.
    public init(problems: [String]) { self.problems = problems }

    /// In words, for people and logs.
    public var description: String { "The orchestrator cannot run. " + problems.joined(separator: " ") }
}

extension Orchestrator {
    /// What was given twice: silently taking one of the two would be a guess.
    static func faults(tools: [any Tool], adapters: [any MessagingAdapter]) -> [String] {
        let names = repeated(tools.map(\.definition.name)).map { "Two tools are called “\($0)”; give one of them another name." }
        let channels = repeated(adapters.map(\.channel.description)).map { "Two adapters serve the channel \($0); leave one out, or give it an account of its own." }
        return names + channels
    }

    private static func repeated(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }
}
