// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
public import MegaCore

/// A model of a local Ollama server, through its native chat API.
public struct OllamaModel: LanguageModel {
    /// Where Ollama listens unless told otherwise.
    public static let defaultBaseURL = "http://127.0.0.1:11434"

    /// `ollama/` and the model's name.
    public let id: String
    /// See `LanguageModel.contextWindow`; sent along with every request.
    public let contextWindow: Int

    private let name: String
    private let endpoint: ModelEndpoint
    private let codec: OllamaCodec
    private let transport: any HTTPTransport
    private let options: HTTPRequestOptions

    /// - Parameters:
    ///   - name: A model the server has, as `ollama list` shows it.
    ///   - contextWindow: In tokens; sent as `num_ctx`, since the server's own default is short and cuts silently.
    ///   - keepAlive: How long the server keeps the model in memory, in its own notation (`10m`); nil leaves it to the server.
    ///   - key: For servers behind a proxy that wants a bearer token.
    public init(
        _ name: String, baseURL: String = OllamaModel.defaultBaseURL, contextWindow: Int = 16_384, keepAlive: String? = nil,
        key: Secret? = nil, options: HTTPRequestOptions = .languageModel, transport: any HTTPTransport
    ) {
        self.name = name
        id = "ollama/\(name)"
        self.contextWindow = contextWindow
        self.transport = transport
        self.options = options
        codec = OllamaCodec(name: name, contextWindow: contextWindow, keepAlive: keepAlive)
        endpoint = ModelEndpoint(baseURL: baseURL, model: id, credential: key.map { (.authorization, "Bearer ", $0) })
    }

    /// See `LanguageModel.generate(_:)`.
    public func generate(_ request: ModelRequest) -> GenerationStream {
        GenerationStream(
            ModelExchange(codec: codec, request: request, endpoint: endpoint, transport: transport, options: options))
    }

    /// Asks which models the server has, and whether this one is among them.
    public func health() async -> ComponentHealth {
        do {
            let server = try await OllamaServer(probing: ModelProbe(endpoint: endpoint, transport: transport))
            if server.has(name) { return .healthy }
            return .down("the Ollama server does not have \(name); run: ollama pull \(name)")
        } catch let error as ModelError {
            return .down(error.reason)
        } catch {
            return .down("the check was cancelled")
        }
    }

    /// Looks whether an Ollama server answers, and which models it has.
    ///
    /// - Returns: nil when nothing answers there.
    /// - Throws: `ModelError` when something else than Ollama answers, or `CancellationError`.
    public static func detect(baseURL: String = OllamaModel.defaultBaseURL, transport: any HTTPTransport) async throws -> OllamaServer? {
        let endpoint = ModelEndpoint(baseURL: baseURL, model: "ollama")
        do {
            return try await OllamaServer(probing: ModelProbe(endpoint: endpoint, transport: transport))
        } catch let error as ModelError where error.code == .unreachable || error.code == .timeout {
            return nil
        }
    }
}
