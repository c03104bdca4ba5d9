// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaAdapters
import MegaCore
import MegaTesting
import Testing

@Suite("The language models conform to their port")
struct ModelConformanceTests {
    typealias Subject = LanguageModelConformance.Subject

    static func subject(_ provider: FakeModelServer.Provider) -> Subject {
        Subject(reportsCache: provider != .ollama, length: { FakeModelServer.length(of: $0, from: provider) }) { reply, delivery in
            let server = FakeModelServer(provider, key: "k-secret", script: [reply])
            return model(server, transport: server.transport(pieces: delivery.pieces, cut: delivery.cut))
        }
    }

    static func model(_ server: FakeModelServer, transport: any HTTPTransport) -> any LanguageModel {
        let key = Secret("k-secret")
        return switch server.provider {
        case .openAI: OpenAIChatModel("test-model", baseURL: "http://fake.test/v1/", key: key, transport: transport)
        case .anthropic: AnthropicModel("test-model", key: key, baseURL: "http://fake.test", transport: transport)
        case .ollama: OllamaModel("test-model", baseURL: "http://fake.test", key: key, transport: transport)
        }
    }

    @Test("chat completions", arguments: LanguageModelConformance.checks)
    func openAI(_ check: ConformanceCheck<Subject>) async throws { try await check.run(Self.subject(.openAI)) }

    @Test("Anthropic messages", arguments: LanguageModelConformance.checks)
    func anthropic(_ check: ConformanceCheck<Subject>) async throws { try await check.run(Self.subject(.anthropic)) }

    @Test("Ollama chat", arguments: LanguageModelConformance.checks)
    func ollama(_ check: ConformanceCheck<Subject>) async throws { try await check.run(Self.subject(.ollama)) }
}
