// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaAdapters
import MegaCore
import MegaTesting
import Testing

@Suite("Requests are what the providers accept")
struct ModelRequestTests {
    static let tools = [
        ToolDefinition(
            name: "read_file", description: "Reads a file", parameters: .object([.required("path", .string("Which")), .optional("limit", .integer("Most"))])),
        ToolDefinition(name: "now", description: "The time"),
    ]

    /// A conversation with everything that goes wrong in practice.
    static let awkward = ModelRequest(
        instructions: "You help.",
        messages: [
            ModelMessage(role: .assistant, text: "I began. ", trust: .tool),
            ModelMessage(role: .user, text: "Read both", trust: .owner),
            ModelMessage(role: .user, text: "please", trust: .owner),
            ModelMessage(
                role: .assistant, text: "  ",
                toolCalls: [
                    ToolCall(id: "call/ä 1", name: "read_file", arguments: ["path": "a"]),
                    ToolCall(id: "call/ä 2", name: "read_file", arguments: "{broken"),
                    ToolCall(id: "", name: "no such tool!", arguments: [1, 2]),
                ], trust: .tool),
            ModelMessage(role: .tool, text: "b is here", toolCallID: "call/ä 2", trust: .tool),
            ModelMessage(role: .user, text: "are you there?", trust: .owner),
            ModelMessage(role: .tool, text: "a is here", toolCallID: "call/ä 1", trust: .tool),
            ModelMessage(role: .assistant, text: "", trust: .tool),
            ModelMessage(
                role: .assistant, text: "Again", toolCalls: [ToolCall(id: "call/ä 1", name: "now", arguments: [:])], trust: .tool),
            ModelMessage(role: .tool, text: "", toolCallID: "call/ä 1", trust: .tool),
            ModelMessage(role: .tool, text: "nobody asked", toolCallID: "lost", trust: .web),
            ModelMessage(role: .user, text: "", trust: .owner),
            ModelMessage(role: .assistant, text: "Done. \n", trust: .tool),
        ], tools: tools, maximumOutputTokens: 50, temperature: 1.5)

    private func send(_ request: ModelRequest, to server: FakeModelServer) async throws -> [UInt8] {
        let transport = server.transport()
        let model = ModelConformanceTests.model(server, transport: transport)
        for try await _ in model.generate(request) {}
        return transport.requests.last?.body ?? []
    }

    @Test("an awkward conversation is put in order", arguments: FakeModelServer.Provider.allCases)
    func awkwardConversation(_ provider: FakeModelServer.Provider) async throws {
        let server = FakeModelServer(provider, key: "k-secret", script: [.answer(.init(["ok"]))])
        let bytes = try await send(Self.awkward, to: server)
        #expect(server.mismatches == [])
        let text = String(decoding: bytes, as: UTF8.self)
        for said in ["a is here", "b is here", "nobody asked", "are you there?", "{broken", "no result of this call"] {
            #expect(text.contains(said), "\(said) is missing")
        }
    }

    @Test("every history of messages is accepted", arguments: FakeModelServer.Provider.allCases)
    func anyConversation(_ provider: FakeModelServer.Provider) async throws {
        var random = SplitMix(state: 7)
        for _ in 0..<60 {
            var messages: [ModelMessage] = []
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let text = ["", " ", "x", "ja\n", "日本"].randomElement(using: &random) ?? ""
                let id = ["1", "2", "a/b", ""].randomElement(using: &random) ?? ""
                switch Int.random(in: 0..<3, using: &random) {
                case 0: messages.append(ModelMessage(role: .user, text: text, trust: .owner))
                case 1: messages.append(ModelMessage(role: .tool, text: text, toolCallID: id, trust: .tool))
                default:
                    let calls = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                        ToolCall(id: ["1", "2", "a/b", ""].randomElement(using: &random) ?? "", name: text, arguments: .string(text))
                    }
                    messages.append(ModelMessage(role: .assistant, text: text, toolCalls: calls, trust: .tool))
                }
            }
            let server = FakeModelServer(provider, key: "k-secret", script: [.answer(.init(["ok"]))])
            let bytes = try await send(ModelRequest(messages: messages), to: server)
            #expect(server.mismatches == [], "\(String(decoding: bytes, as: UTF8.self))")
            if !server.mismatches.isEmpty { return }
        }
    }

    @Test("equal requests have equal bytes", arguments: FakeModelServer.Provider.allCases)
    func stableBytes(_ provider: FakeModelServer.Provider) async throws {
        let server = FakeModelServer(provider, key: "k-secret", script: Array(repeating: .answer(.init(["ok"])), count: 5))
        let first = try await send(Self.awkward, to: server)
        for _ in 0..<4 { #expect(try await send(Self.awkward, to: server) == first) }
    }

    @Test("a longer conversation begins with the bytes of the shorter one's messages")
    func stablePrefix() async throws {
        let server = FakeModelServer(.openAI, key: "k-secret", script: Array(repeating: .answer(.init(["ok"])), count: 2))
        var request = ModelRequest(instructions: "Fixed", messages: [ModelMessage(role: .user, text: "one", trust: .owner)])
        _ = try await send(request, to: server)
        request.messages.append(ModelMessage(role: .assistant, text: "two", trust: .tool))
        request.messages.append(ModelMessage(role: .user, text: "three", trust: .owner))
        _ = try await send(request, to: server)
        let messages = server.requests.map { $0["messages"]?.arrayValue ?? [] }
        #expect(Array(messages[1].prefix(messages[0].count)) == messages[0])
    }

    @Test("the unchanging part of an Anthropic prompt is marked for the cache")
    func cacheMark() async throws {
        let server = FakeModelServer(.anthropic, key: "k-secret", script: Array(repeating: .answer(.init(["ok"])), count: 2))
        _ = try await send(Self.awkward, to: server)
        #expect(server.requests[0]["system"]?[0]?["cache_control"]?["type"] == "ephemeral")
        #expect(server.requests[0]["temperature"]?.numberValue == 1)
        var bare = Self.awkward
        bare.instructions = ""
        _ = try await send(bare, to: server)
        #expect(server.requests[1]["system"] == nil)
        #expect(server.requests[1]["tools"]?[1]?["cache_control"]?["type"] == "ephemeral")
    }

    @Test("both versions of Anthropic's API get the key and the members they know")
    func anthropicVersions() async throws {
        for version in [AnthropicModel.APIVersion.june2023, .october2026] {
            let server = FakeModelServer(.anthropic, key: "k-secret", script: [.answer(.init(["ok"]))])
            let model = AnthropicModel(
                "test-model", key: Secret("k-secret"), baseURL: "http://fake.test", apiVersion: version, transport: server.transport())
            for try await _ in model.generate(Self.awkward) {}
            #expect(server.mismatches == [])
            #expect((server.requests.first?["temperature"] != nil) == (version == .june2023))
        }
    }

    @Test("only OpenAI itself is given the newer name of the token limit")
    func tokenLimitName() async throws {
        let request = ModelRequest(messages: [ModelMessage(role: .user, text: "x", trust: .owner)], maximumOutputTokens: 9)
        for (url, name) in [("https://api.openai.com/v1", "max_completion_tokens"), ("http://127.0.0.1:1234/v1", "max_tokens")] {
            let server = FakeModelServer(.openAI, script: [.answer(.init(["ok"]))])
            for try await _ in OpenAIChatModel("test-model", baseURL: url, transport: server.transport()).generate(request) {}
            #expect(server.requests.first?[name] == 9)
            #expect(server.mismatches == [])
        }
    }

    @Test("a key stands in its header and nowhere else, and no redirect is followed")
    func keyPlace() async throws {
        for provider in FakeModelServer.Provider.allCases {
            let server = FakeModelServer(provider, key: "k-secret", script: [.answer(.init(["ok"]))])
            let transport = server.transport()
            let model = ModelConformanceTests.model(server, transport: transport)
            for try await _ in model.generate(Self.awkward) {}
            let exchange = try #require(transport.requests.first)
            #expect(!exchange.text.contains("k-secret"))
            #expect(exchange.request.path?.contains("k-secret") == false)
            #expect(exchange.request.headerFields.filter { $0.value.contains("k-secret") }.count == 1)
            #expect(exchange.options.redirects == .refuse)
            #expect(!"\(model)".contains("k-secret"))
        }
    }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
