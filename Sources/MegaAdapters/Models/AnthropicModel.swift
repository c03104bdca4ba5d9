// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
public import MegaCore

/// A model behind Anthropic's Messages API.
///
/// Tools and instructions, the part of the prompt that does not change, are marked for the provider's cache.
public struct AnthropicModel: LanguageModel {
    /// Versions of the API, as sent in `anthropic-version`.
    public enum APIVersion: String, Sendable, Hashable {
        /// The key goes into `x-api-key`. The version of the provider's written reference.
        case june2023 = "2023-06-01"
        /// The key is a bearer token, and there is no temperature. The version of the official SDK 2.12.
        case october2026 = "2026-10-21"
    }

    /// `anthropic/` and the model's name.
    public let id: String
    /// See `LanguageModel.contextWindow`.
    public let contextWindow: Int

    private let endpoint: ModelEndpoint
    private let codec: AnthropicCodec
    private let transport: any HTTPTransport
    private let options: HTTPRequestOptions

    /// - Parameters:
    ///   - name: The model's name as the provider knows it.
    ///   - key: Sent as the API version demands.
    ///   - baseURL: Without the version.
    ///   - contextWindow: In tokens.
    ///   - outputTokens: The limit of an answer when the request names none; the provider demands one.
    ///   - headers: Further headers of every request, for example `anthropic-beta`.
    public init(
        _ name: String, key: Secret?, baseURL: String = "https://api.anthropic.com", contextWindow: Int = 200_000,
        outputTokens: Int = 8192, apiVersion: APIVersion = .june2023, headers: HTTPFields = [:],
        options: HTTPRequestOptions = .languageModel, transport: any HTTPTransport
    ) {
        id = "anthropic/\(name)"
        self.contextWindow = contextWindow
        self.transport = transport
        self.options = options
        codec = AnthropicCodec(name: name, outputTokens: outputTokens, apiVersion: apiVersion)
        endpoint = ModelEndpoint(
            baseURL: baseURL, model: id,
            credential: key.map { apiVersion == .june2023 ? (AnthropicCodec.keyHeader, "", $0) : (.authorization, "Bearer ", $0) },
            headers: headers)
    }

    /// See `LanguageModel.generate(_:)`.
    public func generate(_ request: ModelRequest) -> GenerationStream {
        GenerationStream(
            ModelExchange(codec: codec, request: request, endpoint: endpoint, transport: transport, options: options))
    }

    /// Asks for one entry of the list of models.
    public func health() async -> ComponentHealth {
        await ModelProbe(endpoint: endpoint, transport: transport).check("/v1/models?limit=1", headers: codec.headers)
    }
}
