// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaAdapters
import MegaCore
import MegaNetworking
import MegaTesting
import Testing

@Suite("The language models over the real HTTP client", .timeLimit(.minutes(2)))
struct ModelTransportTests {
    typealias Provider = FakeModelServer.Provider

    private static func model(_ provider: Provider, at baseURL: String, _ transport: CurlTransport) -> any LanguageModel {
        switch provider {
        case .openAI: OpenAIChatModel("test-model", baseURL: baseURL + "/v1", key: Secret("k"), transport: transport)
        case .anthropic: AnthropicModel("test-model", key: Secret("k"), baseURL: baseURL, transport: transport)
        case .ollama: OllamaModel("test-model", baseURL: baseURL, key: Secret("k"), transport: transport)
        }
    }

    private static let request = ModelRequest(
        instructions: "Be brief.", messages: [ModelMessage(role: .user, text: "hello", trust: .owner)])
    private static let answer = FakeModelServer.Answer(["Good ", "morning, ", "world"])

    /// What came before the end, and the error it ended with.
    private static func read(_ model: any LanguageModel) async -> (events: [GenerationEvent], error: (any Error)?) {
        var events: [GenerationEvent] = []
        do {
            for try await event in model.generate(request) { events.append(event) }
            return (events, nil)
        } catch {
            return (events, error)
        }
    }

    private static func text(_ events: [GenerationEvent]) -> String {
        events.map { if case .textDelta(let text) = $0 { text } else { "" } }.joined()
    }

    @Test("a finished answer leaves its connection to the next one", arguments: Provider.allCases)
    func reuse(_ provider: Provider) async throws {
        let server = FakeModelServer(provider, key: "k", script: (0..<4).map { _ in .answer(Self.answer) })
        let loopback = try LoopbackHTTPServer(server)
        defer { loopback.stop() }
        let transport = CurlTransport(egress: .loopbackOnly)
        let model = Self.model(provider, at: loopback.baseURL, transport)
        for round in 1...4 {
            let (events, error) = await Self.read(model)
            #expect(error == nil)
            #expect(Self.text(events) == "Good morning, world", "round \(round)")
        }
        #expect(server.mismatches == [])
        #expect(loopback.connections == 1)
        #expect(transport.connectionsOpened == 1)
    }

    @Test("cancelling a slow answer ends the transfer: the server sees the connection closed", arguments: Provider.allCases, [0, 40, 150])
    func cancellation(_ provider: Provider, after bytes: Int) async throws {
        let server = FakeModelServer(provider, key: "k", script: [.answer(Self.answer)])
        let loopback = try LoopbackHTTPServer(server, cut: bytes, stalls: true)
        defer { loopback.stop() }
        let model = Self.model(provider, at: loopback.baseURL, CurlTransport(egress: .loopbackOnly))
        let task = Task { await Self.read(model) }
        while server.requests.isEmpty { await Task.yield() }
        task.cancel()
        let (events, error) = await task.value
        #expect(error != nil, "an answer that was cancelled is not whole")
        #expect(!events.contains { if case .finished = $0 { true } else { false } })
        await loopback.awaitCuts(1)
    }

    @Test("a reader that goes away in the middle ends the transfer", arguments: Provider.allCases)
    func abandoned(_ provider: Provider) async throws {
        let server = FakeModelServer(provider, key: "k", script: [.answer(Self.answer)])
        let loopback = try LoopbackHTTPServer(server, cut: FakeModelServer.length(of: Self.answer, from: provider) * 3 / 4, stalls: true)
        defer { loopback.stop() }
        let model = Self.model(provider, at: loopback.baseURL, CurlTransport(egress: .loopbackOnly))
        for try await event in model.generate(Self.request) {
            if case .textDelta = event { break }
        }
        await loopback.awaitCuts(1)
    }

    @Test("a stream cut in the middle is an error after the text that came", arguments: Provider.allCases)
    func cut(_ provider: Provider) async throws {
        let length = FakeModelServer.length(of: Self.answer, from: provider)
        for part in [0, length / 2, length * 3 / 4] {
            let server = FakeModelServer(provider, key: "k", script: [.answer(Self.answer)])
            let loopback = try LoopbackHTTPServer(server, pieces: 7, cut: part)
            defer { loopback.stop() }
            let (events, error) = await Self.read(Self.model(provider, at: loopback.baseURL, CurlTransport(egress: .loopbackOnly)))
            let failure = try #require(error as? ModelError, "cut after \(part) of \(length) bytes")
            #expect(failure.code == .incomplete)
            #expect("Good morning, world".hasPrefix(Self.text(events)))
            #expect(!events.contains { if case .finished = $0 { true } else { false } })
        }
    }

    @Test("a page instead of an answer is an error that does not repeat the page", arguments: Provider.allCases, [200, 502])
    func page(_ provider: Provider, status: Int) async throws {
        let page = "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"
        let server = FakeModelServer(provider, key: "k", script: [.page(status: status, type: "text/html", body: page)])
        let loopback = try LoopbackHTTPServer(server)
        defer { loopback.stop() }
        let (events, error) = await Self.read(Self.model(provider, at: loopback.baseURL, CurlTransport(egress: .loopbackOnly)))
        let failure = try #require(error as? ModelError)
        #expect(events.isEmpty)
        #expect(!failure.reason.contains("<html"))
        #expect(failure.reason.contains("127.0.0.1"), "the place is named: \(failure.reason)")
    }

    @Test("nobody listening is told as unreachable", arguments: Provider.allCases)
    func refused(_ provider: Provider) async throws {
        let model = Self.model(provider, at: "http://127.0.0.1:1", CurlTransport(egress: .loopbackOnly))
        let (_, error) = await Self.read(model)
        let failure = try #require(error as? ModelError)
        #expect(failure.code == .unreachable)
        #expect(await model.health().status == .down)
    }
}
