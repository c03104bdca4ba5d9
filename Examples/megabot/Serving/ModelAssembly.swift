// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaAdapters
import MegaCore
import MegaNetworking

/// Makes the model the configuration describes.
struct ModelAssembly {
    let transport: any HTTPTransport
    let logger: Logger

    /// The model, and what has to be looked for before it is ready.
    func make(_ configuration: MegaConfiguration.Model?) -> (model: any LanguageModel, discovered: [DiscoveredModel]) {
        guard let configuration else {
            let model = DiscoveredModel(model: nil, otherwise: .offline, transport: transport)
            return (model, [model])
        }
        let models = ([configuration] + configuration.fallback).map(single)
        let discovered = models.compactMap { $0 as? DiscoveredModel }
        // Also for one model: the chain is what repeats a call that failed for the moment.
        return (ModelFallbackChain(models[0], fallbacks: Array(models.dropFirst()), logger: logger), discovered)
    }

    private func single(_ model: MegaConfiguration.Model) -> any LanguageModel {
        switch (model.provider, model.name) {
        case (.offline, _): OfflineModel()
        case (.ollama, let name?):
            OllamaModel(
                name, baseURL: model.baseURL ?? OllamaModel.defaultBaseURL, contextWindow: model.contextWindow ?? 16_384,
                key: model.apiKey, transport: transport)
        case (.ollama, nil): DiscoveredModel(model: model, otherwise: .failure, transport: transport)
        // The configuration has been validated: these two have names.
        case (.openai, let name):
            OpenAIChatModel(
                name ?? "", baseURL: model.baseURL ?? Self.openAI, key: model.apiKey, contextWindow: model.contextWindow ?? 128_000,
                transport: transport)
        case (.anthropic, let name):
            AnthropicModel(
                name ?? "", key: model.apiKey, baseURL: model.baseURL ?? Self.anthropic, contextWindow: model.contextWindow ?? 200_000,
                transport: transport)
        }
    }

    private static let openAI = "https://api.openai.com/v1"
    private static let anthropic = "https://api.anthropic.com"

    /// Where connections may go: the public internet, what the configuration names, and the models themselves.
    static func egress(_ configuration: MegaConfiguration) -> EgressPolicy {
        var entries = configuration.security.egressAllow
        let models = configuration.model.map { [$0] + $0.fallback } ?? []
        entries += models.compactMap { $0.baseURL.flatMap(authority) }
        if configuration.model == nil || models.contains(where: { $0.provider == .ollama && $0.baseURL == nil }) {
            entries += authority(OllamaModel.defaultBaseURL).map { [$0] } ?? []
        }
        return .publicInternet(allowing: entries)
    }

    /// Host and port of an address.
    private static func authority(_ url: String) -> String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let rest = url[scheme.upperBound...]
        let authority = String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
        let hasPort = authority.last == "]" ? false : authority.lastIndex(of: ":").map { !authority[$0...].contains("]") } ?? false
        return hasPort ? authority : authority + (url.lowercased().hasPrefix("https") ? ":443" : ":80")
    }
}
