// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaAdapters
import MegaCore
import Synchronization

/// A model that is found while the daemon runs: the first one a local Ollama has, else what stands in for it.
///
/// It looks again from time to time, so an Ollama that is started later is found, and one that goes away is replaced.
final class DiscoveredModel: LanguageModel {
    /// What answers while no Ollama is found.
    enum Otherwise: Sendable {
        case offline
        /// Nothing: the configuration asks for Ollama.
        case failure
    }

    private enum State {
        case searching
        case found(OllamaModel)
        case missing(reason: String)
    }

    private let baseURL: String
    private let contextWindowSetting: Int?
    private let key: Secret?
    private let otherwise: Otherwise
    private let transport: any HTTPTransport
    private let offline = OfflineModel()
    private let state = Mutex(State.searching)

    init(model: MegaConfiguration.Model?, otherwise: Otherwise, transport: any HTTPTransport) {
        baseURL = model?.baseURL ?? OllamaModel.defaultBaseURL
        contextWindowSetting = model?.contextWindow
        key = model?.apiKey
        self.otherwise = otherwise
        self.transport = transport
    }

    var id: String { current?.id ?? "ollama" }
    var contextWindow: Int { current?.contextWindow ?? 16_384 }

    func generate(_ request: ModelRequest) -> GenerationStream {
        if let current { return current.generate(request) }
        return .failing(ModelError(.unreachable, retry: .elsewhere, model: id, reason: absence))
    }

    func health() async -> ComponentHealth {
        await look()
        guard let current else { return .down(absence) }
        if current is OfflineModel { return ComponentHealth(.healthy, detail: "offline model (no language model found at \(baseURL))") }
        return ComponentHealth(.healthy, detail: current.id)
    }

    /// Looks for the server now.
    func look() async {
        let next: State
        do {
            if let server = try await OllamaModel.detect(baseURL: baseURL, transport: transport) {
                if let first = server.models.first(where: \.isConversational) {
                    let model = OllamaModel(
                        first.name, baseURL: baseURL, contextWindow: contextWindowSetting ?? 16_384, key: key, transport: transport)
                    next = .found(model)
                } else {
                    next = .missing(reason: "the Ollama at \(baseURL) has no model for chats; run: ollama pull qwen3:4b")
                }
            } else {
                next = .missing(reason: "no Ollama answers at \(baseURL); start it, or configure another model")
            }
        } catch {
            next = .missing(reason: "\(error)")
        }
        state.withLock { $0 = next }
    }

    private var current: (any LanguageModel)? {
        switch state.withLock({ $0 }) {
        case .found(let model): model
        case .searching, .missing: otherwise == .offline ? offline : nil
        }
    }

    private var absence: String {
        switch state.withLock({ $0 }) {
        case .missing(let reason): reason
        case .searching, .found: "still looking for the Ollama at \(baseURL)"
        }
    }
}
