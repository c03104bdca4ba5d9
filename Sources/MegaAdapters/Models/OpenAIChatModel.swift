// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
public import MegaCore

/// A model behind an OpenAI-compatible chat completions endpoint: OpenAI itself, OpenRouter, LM Studio, llama.cpp, vLLM and others.
///
/// ```swift
/// let local = OpenAIChatModel("qwen3-14b", baseURL: "http://127.0.0.1:1234/v1", transport: http)
/// ```
public struct OpenAIChatModel: LanguageModel {
    /// How a server wants the limit of the answer called.
    public enum TokenLimitName: String, Sendable, Hashable {
        /// `max_completion_tokens` for api.openai.com, else `max_tokens`.
        case automatic
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
    }

    /// The provider's name, a slash and the model's.
    public let id: String
    /// See `LanguageModel.contextWindow`.
    public let contextWindow: Int

    private let endpoint: ModelEndpoint
    private let codec: OpenAIChatCodec
    private let transport: any HTTPTransport
    private let options: HTTPRequestOptions

    /// - Parameters:
    ///   - name: The model's name as the server knows it.
    ///   - baseURL: Up to and with the version, as in `https://api.openai.com/v1`.
    ///   - key: Sent as a bearer token; nil for servers that want none.
    ///   - provider: Stands before the name in ``id``.
    ///   - contextWindow: In tokens; the protocol has no way to ask.
    ///   - headers: Further headers of every request, for example an organisation.
    ///   - options: Limits of one exchange. The default waits two minutes for the first byte, since local models read slowly.
    public init(
        _ name: String, baseURL: String = "https://api.openai.com/v1", key: Secret? = nil, provider: String = "openai",
        contextWindow: Int = 128_000, headers: HTTPFields = [:], tokenLimitName: TokenLimitName = .automatic,
        options: HTTPRequestOptions = .languageModel, transport: any HTTPTransport
    ) {
        id = "\(provider)/\(name)"
        self.contextWindow = contextWindow
        self.transport = transport
        self.options = options
        endpoint = ModelEndpoint(
            baseURL: baseURL, model: id, credential: key.map { (.authorization, "Bearer ", $0) }, headers: headers)
        var limitName = tokenLimitName
        if limitName == .automatic {
            limitName = baseURL.lowercased().hasPrefix("https://api.openai.com") ? .maxCompletionTokens : .maxTokens
        }
        codec = OpenAIChatCodec(name: name, tokenLimitName: limitName.rawValue)
    }

    /// See `LanguageModel.generate(_:)`.
    public func generate(_ request: ModelRequest) -> GenerationStream {
        GenerationStream(
            ModelExchange(codec: codec, request: request, endpoint: endpoint, transport: transport, options: options))
    }

    /// Asks for the list of models; a server that has no such list but answers counts as healthy.
    public func health() async -> ComponentHealth {
        await ModelProbe(endpoint: endpoint, transport: transport).check("/models", headers: [:])
    }
}

extension HTTPRequestOptions {
    /// Fits language models: two minutes to the first byte, ten in all, 64 MiB at most.
    public static let languageModel = HTTPRequestOptions(
        firstByteTimeout: .seconds(120), idleTimeout: .seconds(90), totalTimeout: .seconds(600), responseLimit: 64 << 20)
}
