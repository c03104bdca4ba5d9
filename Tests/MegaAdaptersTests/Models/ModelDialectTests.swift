// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaAdapters
import MegaCore
import MegaTesting
import Testing

@Suite("Dialects, failures and odd answers")
struct ModelDialectTests {
    private let request = ModelRequest(messages: [ModelMessage(role: .user, text: "Hi", trust: .owner)])

    private func openAI(_ answer: StubTransport.Answer, key: Secret? = nil, baseURL: String = "http://127.0.0.1:1234/v1") -> OpenAIChatModel {
        OpenAIChatModel("m", baseURL: baseURL, key: key, transport: StubTransport(answer))
    }

    private func reply(_ model: any LanguageModel) async throws -> ModelReply {
        var accumulator = ReplyAccumulator()
        for try await event in model.generate(request) { accumulator.add(event) }
        return accumulator.reply()
    }

    private func failure(_ model: any LanguageModel) async -> ModelError? {
        do {
            _ = try await reply(model)
            return nil
        } catch {
            return error as? ModelError
        }
    }

    @Test("parallel calls that all have index 0, or none, stay apart")
    func oddIndices() async throws {
        for index in ["\"index\":0,", ""] {
            let stream = """
                data: {"id":"x","choices":[{"index":0,"delta":{"tool_calls":[{\(index)"id":"a","function":{"name":"one","arguments":"{\\"x\\":"}}]}}]}

                data: {"id":"x","choices":[{"index":0,"delta":{"tool_calls":[{\(index)"function":{"arguments":"1}"}}]}}]}

                data: {"id":"x","choices":[{"index":0,"delta":{"tool_calls":[{\(index)"id":"b","function":{"name":"two","arguments":"{}"}}]}}]}

                data: {"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: [DONE]


                """
            let seen = try await reply(openAI(.events(stream)))
            #expect(seen.toolCalls == [ToolCall(id: "a", name: "one", arguments: ["x": 1]), ToolCall(id: "b", name: "two", arguments: [:])])
            #expect(seen.finishReason == .toolCalls)
        }
    }

    @Test("comments, CRLF, unknown events, unknown members and a missing [DONE] do no harm")
    func tolerance() async throws {
        let stream =
            ": keep-alive\r\n\r\nevent: other\r\nid: 4\r\ndata: {\"id\":\"x\",\"new\":{\"a\":1},\"choices\":[{\"index\":0,\"logprobs\":null,\"delta\":"
            + "{\"content\":[{\"type\":\"text\",\"text\":\"par\"},{\"type\":\"new\"}],\"reasoning\":\"hm\"}}]}\r\n\r\ndata:{\"choices\":"
            + "[{\"index\":1,\"delta\":{\"content\":\"other\"}},{\"index\":0,\"delta\":{\"content\":\"ts\"},\"finish_reason\":\"brand_new\"}]}\r\n\r\n"
        let seen = try await reply(openAI(.events(stream)))
        #expect(seen.text == "parts")
        #expect(seen.finishReason == .unknown)
    }

    @Test("a refusal is text and says so in its finish reason")
    func refusal() async throws {
        let seen = try await reply(
            openAI(
                .events(
                    "data: {\"choices\":[{\"index\":0,\"delta\":{\"refusal\":\"I will not.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")))
        #expect(seen.text == "I will not.")
        #expect(seen.finishReason == .contentFilter)
    }

    @Test("Anthropic's unknown events, blocks and deltas are ignored")
    func anthropicTolerance() async throws {
        let stream = """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":3,"cache_creation_input_tokens":5,"cache_read_input_tokens":7,"output_tokens":1}}}

            data: {"type":"tomorrow","index":0}

            data: {"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"xx"}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"new_delta","x":1}}

            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":"a"}}

            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"b"}}

            data: {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{}}}

            data: {"type":"message_delta","delta":{"stop_reason":"refusal"},"usage":{"output_tokens":4}}

            data: {"type":"message_stop"}


            """
        let seen = try await reply(AnthropicModel("m", key: nil, transport: StubTransport(.events(stream))))
        #expect(seen.text == "ab")
        #expect(seen.finishReason == .contentFilter)
        #expect(seen.usage == TokenUsage(inputTokens: 15, outputTokens: 4, cachedInputTokens: 7))
    }

    @Test("a server that is down is told in words a person can act on")
    func refused() async throws {
        let error = try #require(await failure(OllamaModel("m", transport: StubTransport(.failure(.connectionRefused)))))
        #expect(error.code == .unreachable)
        #expect(error.reason.contains("is the server running there"))
        #expect(error.reason.contains("127.0.0.1:11434"))
        #expect(error.retry == .later(after: nil))
    }

    @Test(
        "transport failures keep their kind",
        arguments: [
            (TransportError.Code.nameNotResolved, ModelError.Code.unreachable), (.tls, .unreachable), (.connectTimeout, .unreachable),
            (.firstByteTimeout, .timeout), (.idleTimeout, .timeout), (.totalTimeout, .timeout), (.egressRefused, .unreachable),
            (.tooManyRedirects, .badRequest), (.responseTooLarge, .malformedAnswer), (.malformedResponse, .malformedAnswer),
            (.connectionLost, .unreachable),
        ])
    func transportKinds(_ code: TransportError.Code, _ expected: ModelError.Code) async {
        #expect(await failure(openAI(.failure(code)))?.code == expected)
    }

    @Test("no message holds the key, whatever the server echoes")
    func keyNeverShown() async {
        let key = "sk-live-0123456789abcdef"
        for status in [400, 401, 403, 404, 418, 429, 500] {
            let body = "{\"error\":{\"message\":\"key \(key) and 'sk-live-0123***' (\(key)) are wrong\",\"type\":\"x\"}}"
            let error = await failure(openAI(.json(body, status: status), key: Secret(key)))
            #expect(error != nil)
            #expect(error?.description.contains("0123") == false)
        }
        let lineBreak = await failure(openAI(.status(200), key: Secret("abc\n")))
        #expect(lineBreak?.code == .authentication)
        #expect(lineBreak?.reason.contains("line break") == true)
    }

    @Test(
        "statuses and bodies are classed",
        arguments: [
            (402, "{\"error\":{\"message\":\"pay\"}}", "rateLimited", ModelError.Retry.elsewhere),
            (429, "{\"error\":{\"message\":\"q\",\"code\":\"insufficient_quota\"}}", "rateLimited", .elsewhere),
            (429, "", "rateLimited", .later(after: nil)),
            (400, "{\"error\":\"registry.ollama.ai/library/m does not support tools\"}", "badRequest", .elsewhere),
            (400, "{\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}", "contextOverflow", .elsewhere),
            (413, "", "contextOverflow", .elsewhere), (301, "", "badRequest", .elsewhere), (408, "", "timeout", .later(after: nil)),
            (404, "<html><title>nginx</title></html>", "unknownModel", .elsewhere), (529, "overloaded", "unavailable", .later(after: nil)),
            (422, "{\"detail\":\"no\"}", "badRequest", .never),
        ])
    func statuses(_ status: Int, _ body: String, _ code: String, _ retry: ModelError.Retry) async {
        let error = await failure(openAI(.json(body, status: status)))
        #expect(error?.code.rawValue == code)
        #expect(error?.retry == retry)
    }

    @Test("Retry-After as a date counts from the server's own clock")
    func retryDate() async {
        let answer = StubTransport.Answer.status(
            429, headers: [.retryAfter: "Sun, 22 Nov 2026 22:00:30 GMT", .date: "Sun, 22 Nov 2026 21:59:50 GMT"])
        #expect(await failure(openAI(answer))?.retry == .later(after: .seconds(40)))
        #expect(await failure(openAI(.status(503, headers: [.retryAfter: "soon"])))?.retry == .later(after: nil))
        #expect(await failure(openAI(.status(503, headers: [.retryAfter: "-5"])))?.retry == .later(after: nil))
    }

    @Test("a base URL that is none is refused with the rule it breaks")
    func badBaseURL() async {
        for url in ["localhost:1234", "ftp://x/v1", "http://", "http://user:pw@x/v1", "http://x/v1?key=1", "http://a b/"] {
            let error = await failure(openAI(.status(200), baseURL: url))
            #expect(error?.code == .badRequest, "\(url)")
            #expect(error?.description.contains("pw") == false)
        }
    }

    @Test("random bytes are answered with an error, never with an answer or a crash")
    func fuzz() async {
        var random = SplitMix(state: 99)
        let alphabet = Array("data: {}[]\"\n\r:,\\uxmessage choices delta\u{0}".utf8) + [0xFF, 0xC3]
        for round in 0..<120 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let answer = StubTransport.Answer(headers: [.contentType: "text/event-stream"], body: bytes).chunked(by: 1 + round % 7)
            for model in [
                openAI(answer), AnthropicModel("m", key: nil, transport: StubTransport(answer)),
                OllamaModel("m", transport: StubTransport(answer)),
            ] as [any LanguageModel] {
                let error = await failure(model)
                #expect(error?.code == .malformedAnswer || error?.code == .incomplete || error?.code == .unavailable)
            }
        }
    }

    @Test("reading on demand takes no more of the answer than was asked for")
    func pullBased() async throws {
        let body = (0..<50).map { "{\"message\":{\"role\":\"assistant\",\"content\":\"\($0) \"},\"done\":false}\n" }.joined()
        let taken = Counter()
        let answer = StubTransport.Answer.text(body, type: "application/x-ndjson").chunked(by: 60).beforeEachPiece { taken.raise(to: $0) }
        var iterator = OllamaModel("m", transport: StubTransport(answer)).generate(request).makeAsyncIterator()
        #expect(taken.value == 0)
        _ = try await iterator.next()
        #expect(taken.value <= 60)
    }

    @Test("health tells a missing model from a missing server")
    func health() async {
        let server = FakeModelServer(.ollama, models: ["qwen3:14b", "plain"])
        #expect(await OllamaModel("qwen3:14b", transport: server.transport()).health() == .healthy)
        #expect(await OllamaModel("plain", transport: server.transport()).health() == .healthy)
        let missing = await OllamaModel("other", transport: server.transport()).health()
        #expect(missing.status == .down)
        #expect(missing.detail?.contains("ollama pull other") == true)
        #expect(await OllamaModel("m", transport: StubTransport()).health().status == .down)
        #expect(await openAI(.status(404)).health() == .healthy)
        #expect(await openAI(.status(401)).health().status == .down)
    }

    @Test("a local Ollama is found with its models, or not there, or something else")
    func detect() async throws {
        let server = FakeModelServer(.ollama, models: ["qwen3:14b", "nomic-embed-text"])
        let found = try #require(try await OllamaModel.detect(transport: server.transport()))
        #expect(found.models.filter(\.isConversational).map(\.name) == ["qwen3:14b"])
        #expect(found.has("nomic-embed-text"))
        #expect(try await OllamaModel.detect(transport: StubTransport()) == nil)
        await #expect(throws: ModelError.self) { try await OllamaModel.detect(transport: StubTransport(.text("<html>", type: "text/html"))) }
    }
}
