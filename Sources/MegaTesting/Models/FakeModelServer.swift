// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
public import MegaCore
import Synchronization

/// A strict stand-in for a model provider: it checks every request against the provider's published API and answers from a script in
/// the provider's own wire format.
///
/// What a real provider would refuse (an unknown member, a wrong type, a tool result without its call, a missing header) is answered
/// with 400 in the provider's error form and noted in ``mismatches``, which a test expects to be empty. Use it in the same process
/// through ``transport(pieces:cut:)``, or over a socket with ``LoopbackHTTPServer``.
public final class FakeModelServer: Sendable {
    /// Whose API is spoken.
    public enum Provider: String, Sendable, Hashable, CaseIterable {
        case openAI, anthropic, ollama
    }

    /// What a model says, as it will be streamed.
    public struct Answer: Sendable, Hashable {
        /// Pieces of thinking, before the text.
        public var reasoning: [String]
        /// Pieces of text.
        public var text: [String]
        /// What it wants run.
        public var toolCalls: [ToolCall]
        /// Tokens it reports.
        public var usage: TokenUsage
        /// Why it stops.
        public var finish: FinishReason
        /// How many characters of tool arguments a fragment has, where the provider sends fragments.
        public var argumentFragment: Int

        /// Makes an answer.
        public init(
            _ text: [String] = [], reasoning: [String] = [], toolCalls: [ToolCall] = [],
            usage: TokenUsage = TokenUsage(inputTokens: 20, outputTokens: 7, cachedInputTokens: 0), finish: FinishReason? = nil,
            argumentFragment: Int = 5
        ) {
            self.text = text
            self.reasoning = reasoning
            self.toolCalls = toolCalls
            self.usage = usage
            self.finish = finish ?? (toolCalls.isEmpty ? .stop : .toolCalls)
            self.argumentFragment = max(1, argumentFragment)
        }
    }

    /// What comes back for one request.
    public enum Reply: Sendable {
        case answer(Answer)
        /// An error in the provider's form.
        case failure(status: Int, type: String, message: String, headers: HTTPFields = [:])
        /// A streamed answer that turns into an error after its text.
        case failureInStream(Answer, type: String, message: String)
        /// Anything else, for example a proxy's HTML page.
        case page(status: Int, type: String, body: String)
        /// A whole answer although a stream was asked for.
        case unstreamed(Answer)
    }

    /// What goes over the wire.
    public struct Response: Sendable {
        /// The status code.
        public var status: Int
        /// The header fields.
        public var headers: HTTPFields
        /// The bytes of the body.
        public var body: [UInt8]

        init(status: Int = 200, type: String, headers: HTTPFields = [:], body: String) {
            self.status = status
            self.headers = headers
            self.headers[.contentType] = type
            self.body = Array(body.utf8)
        }
    }

    private struct State {
        var script: [Reply]
        var mismatches: [String] = []
        var requests: [JSONValue] = []
    }

    /// Whose API it speaks.
    public let provider: Provider
    /// The model names it knows.
    public let models: [String]
    private let key: String?
    private let state: Mutex<State>
    private let api: any FakeModelAPI

    /// - Parameters:
    ///   - key: The key it wants; nil accepts requests without one.
    ///   - script: Its answers in order. After the last one every request is answered with 503.
    public init(_ provider: Provider, models: [String] = ["test-model"], key: String? = nil, script: [Reply] = []) {
        self.provider = provider
        self.models = models
        self.key = key
        state = Mutex(State(script: script))
        api =
            switch provider {
            case .openAI: FakeOpenAI()
            case .anthropic: FakeAnthropic()
            case .ollama: FakeOllama()
            }
    }

    /// Adds to the script.
    public func enqueue(_ reply: Reply) { state.withLock { $0.script.append(reply) } }
    /// In what ways requests were not as the provider demands.
    public var mismatches: [String] { state.withLock { $0.mismatches } }
    /// The bodies of the generation requests, in order.
    public var requests: [JSONValue] { state.withLock { $0.requests } }

    /// Answers one request.
    public func respond(method: String, path: String, headers: HTTPFields, body: [UInt8]) -> Response {
        let path = String(path.prefix { $0 != "?" })
        if let problem = api.authenticationProblem(headers, key: key) {
            return api.failure(status: 401, type: "authentication_error", message: problem)
        }
        if method == "GET", let list = api.list(path: path, models: models) { return list }
        guard method == "POST", path == api.path else {
            return api.failure(status: 404, type: "not_found_error", message: "no \(method) \(path) here")
        }
        var problems: [String] = []
        if headers[.contentType]?.hasPrefix("application/json") != true { problems.append("Content-Type is not application/json") }
        let request: JSONValue
        do {
            request = try JSONValue(parsing: body)
            problems += api.headerProblems(headers, request: request) + api.problems(in: request)
        } catch {
            request = .null
            problems.append("the body is no JSON")
        }
        let reply = state.withLock { state in
            state.requests.append(request)
            state.mismatches += problems
            if problems.isEmpty, !state.script.isEmpty { return Optional(state.script.removeFirst()) }
            return nil
        }
        if let problem = problems.first { return api.failure(status: 400, type: "invalid_request_error", message: problem) }
        let model = request["model"]?.stringValue ?? ""
        guard models.contains(model) else {
            return api.failure(status: 404, type: "not_found_error", message: "model '\(model)' not found")
        }
        let streams = request["stream"]?.boolValue ?? api.streamsByDefault
        switch reply {
        case nil: return api.failure(status: 503, type: "api_error", message: "the script is over")
        case .answer(let answer)?:
            return streams ? api.stream(answer, model: model, request: request, error: nil) : api.whole(answer, model: model)
        case .unstreamed(let answer)?: return api.whole(answer, model: model)
        case .failureInStream(let answer, let type, let message)?:
            return api.stream(answer, model: model, request: request, error: (type, message))
        case .failure(let status, let type, let message, let headers)?:
            var response = api.failure(status: status, type: type, message: message)
            for field in headers { response.headers[field.name] = field.value }
            return response
        case .page(let status, let type, let body)?: return Response(status: status, type: type, body: body)
        }
    }

    /// A transport that reaches this server without a socket.
    ///
    /// - Parameters:
    ///   - pieces: How many bytes of a body arrive at a time; nil for all.
    ///   - cut: After how many bytes of each body the connection breaks.
    public func transport(pieces: Int? = nil, cut: Int? = nil) -> StubTransport {
        StubTransport { exchange in
            let response = self.respond(
                method: exchange.request.method.rawValue, path: exchange.request.path ?? "/", headers: exchange.request.headerFields,
                body: exchange.body)
            var answer = StubTransport.Answer(
                status: HTTPResponse.Status(code: response.status), headers: response.headers, body: response.body)
            if let pieces { answer = answer.chunked(by: pieces) }
            if let cut { answer = answer.cut(after: cut) }
            return answer
        }
    }

    /// How many bytes a streamed answer to a plain request has on the wire.
    public static func length(of answer: Answer, from provider: Provider) -> Int {
        let server = FakeModelServer(provider)
        let request: JSONValue = ["stream": true, "stream_options": ["include_usage": true]]
        return server.api.stream(answer, model: "test-model", request: request, error: nil).body.count
    }
}

/// One provider's rules and forms.
protocol FakeModelAPI: Sendable {
    var path: String { get }
    var streamsByDefault: Bool { get }
    func authenticationProblem(_ headers: HTTPFields, key: String?) -> String?
    func headerProblems(_ headers: HTTPFields, request: JSONValue) -> [String]
    func problems(in request: JSONValue) -> [String]
    func list(path: String, models: [String]) -> FakeModelServer.Response?
    func stream(
        _ answer: FakeModelServer.Answer, model: String, request: JSONValue, error: (type: String, message: String)?
    ) -> FakeModelServer.Response
    func whole(_ answer: FakeModelServer.Answer, model: String) -> FakeModelServer.Response
    func failure(status: Int, type: String, message: String) -> FakeModelServer.Response
}

extension FakeModelAPI {
    /// Everything in which `value` does not fit a schema, with the place named.
    func check(_ value: JSONValue, _ place: String, _ schema: JSONValue) -> [String] {
        JSONSchema(schema).violations(in: value).map { "\(place)\($0.pointer): \($0.reason)" }
    }

    func text(_ value: JSONValue) -> String {
        return value.encodedString()
    }

    /// The text in fragments of a number of characters.
    func fragments(_ text: String, of size: Int) -> [String] {
        var fragments: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            fragments.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return fragments
    }

    /// The members every object schema here forbids beyond those given.
    func shape(_ properties: [String: JSONValue], required: [String]) -> JSONValue {
        [
            "type": "object", "properties": .object(properties), "required": .array(required.map { .string($0) }),
            "additionalProperties": false,
        ]
    }
}
