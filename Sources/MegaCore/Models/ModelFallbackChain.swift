// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging

/// Several models as one: when one fails in a way another may not, the next is asked.
///
/// The models are tried in order, without waiting in between. When all have failed and at least one of them may work later, the
/// chain waits (with jittered back-off, and at least as long as the providers asked for) and tries those again, as often as its
/// policy allows. A model that failed is tried last until its cool-down is over. Once a model has said anything, text, thinking or
/// the start of a tool call, its failure is the chain's: an answer is never made of two models' parts. An error whose retry class
/// is `never` ends the chain at once, since every model would refuse that request.
public struct ModelFallbackChain: LanguageModel {
    /// How patient the chain is.
    public struct Policy: Sendable, Hashable {
        /// How often the whole list is gone through, the first time included.
        public var rounds: Int
        /// The pause before the second round; doubled for each further one.
        public var firstPause: Duration
        /// The longest pause. A provider that asks for more is not waited for.
        public var longestPause: Duration
        /// How long a model that failed is tried last; doubled with each failure in a row, at most eightfold.
        public var coolDown: Duration

        /// A patience; the defaults suit a person who waits.
        public init(
            rounds: Int = 3, firstPause: Duration = .seconds(1), longestPause: Duration = .seconds(30), coolDown: Duration = .seconds(30)
        ) {
            self.rounds = rounds
            self.firstPause = firstPause
            self.longestPause = longestPause
            self.coolDown = coolDown
        }
    }

    /// The models in order of preference.
    public let models: [any LanguageModel]
    /// How patient the chain is.
    public let policy: Policy
    let dependencies: Dependencies
    let memory: FailureMemory
    let logger: Logger?

    /// - Parameters:
    ///   - preferred: The model to use when all is well.
    ///   - fallbacks: The ones to use when it fails, in order.
    public init(
        _ preferred: any LanguageModel, fallbacks: [any LanguageModel] = [], policy: Policy = Policy(),
        dependencies: Dependencies = .live, logger: Logger? = nil
    ) {
        models = [preferred] + fallbacks
        self.policy = policy
        self.dependencies = dependencies
        self.logger = logger
        memory = FailureMemory(count: models.count)
    }

    /// The ids of all models in order, joined by ` > `.
    public var id: String { models.map(\.id).joined(separator: " > ") }

    /// The smallest of all, so that what fits the chain fits whichever model answers.
    public var contextWindow: Int { models.map(\.contextWindow).min() ?? 0 }

    /// See ``LanguageModel/generate(_:)``.
    public func generate(_ request: ModelRequest) -> GenerationStream {
        GenerationStream(Attempts(chain: self, request: request))
    }

    /// Healthy when the preferred model is; degraded when only another one is; down when none is.
    public func health() async -> ComponentHealth {
        var details: [String] = []
        for (index, model) in models.enumerated() {
            let health = await model.health()
            if health.status == .healthy {
                return index == 0 ? .healthy : .degraded("using \(model.id): \(details.joined(separator: "; "))")
            }
            details.append("\(model.id): \(health.detail ?? health.status.rawValue)")
            if health.status == .degraded { return .degraded(details.joined(separator: "; ")) }
        }
        return .down(details.joined(separator: "; "))
    }
}
