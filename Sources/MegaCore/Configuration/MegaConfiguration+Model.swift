// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension MegaConfiguration {
    /// `model`: which language model answers, and which ones step in for it.
    public struct Model: Sendable, Equatable {
        /// Whose protocol is spoken.
        public enum Provider: String, Sendable, Hashable, CaseIterable {
            case ollama, openai, anthropic, offline
        }

        /// Whose protocol is spoken.
        public var provider: Provider
        /// The model's name at the provider; for Ollama nil means the first one installed.
        public var name: String?
        /// Another address of the provider's interface, such as that of a compatible server. Nil means the provider's own.
        public var baseURL: String?
        /// The key sent with every request, when the server wants one.
        public var apiKey: Secret?
        /// Tokens the model can hold, prompt and answer together; nil means what is known about the model.
        public var contextWindow: Int?
        /// 0 ... 2; nil leaves it to the provider.
        public var temperature: Double?
        /// The most tokens of one answer; nil leaves it to the provider.
        public var maximumOutputTokens: Int?
        /// Tried in order when this one does not answer; these have no fallbacks of their own.
        public var fallback: [Model]

        /// Describes a model.
        public init(
            provider: Provider, name: String? = nil, baseURL: String? = nil, apiKey: Secret? = nil, contextWindow: Int? = nil,
            temperature: Double? = nil, maximumOutputTokens: Int? = nil, fallback: [Model] = []
        ) {
            self.provider = provider
            self.name = name
            self.baseURL = baseURL
            self.apiKey = apiKey
            self.contextWindow = contextWindow
            self.temperature = temperature
            self.maximumOutputTokens = maximumOutputTokens
            self.fallback = fallback
        }
    }
}
