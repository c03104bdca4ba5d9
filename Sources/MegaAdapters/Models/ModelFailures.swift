// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// Turns everything that can go wrong with a model server into a `ModelError`: what kind, whether trying again helps, and words
/// that hold no key and little of what the server said.
struct ModelFailures: Sendable {
    let model: String
    let place: String
    let key: Secret?

    init(_ endpoint: ModelEndpoint) {
        model = endpoint.model
        place = endpoint.place
        key = endpoint.credential?.key
    }

    func make(_ code: ModelError.Code, _ retry: ModelError.Retry, _ reason: String) -> ModelError {
        ModelError(code, retry: retry, model: model, reason: reason)
    }

    /// The stream ended before the answer did.
    func incomplete() -> ModelError {
        make(.incomplete, .later(after: nil), "the connection to \(place) ended before the answer was complete")
    }

    /// What a transport threw. After the head, a broken connection means an incomplete answer.
    func transport(_ error: any Error, afterHead: Bool) -> any Error {
        guard let error = error as? TransportError else { return error }
        switch error.code {
        case .connectionRefused:
            return make(.unreachable, .later(after: nil), "nothing answers at \(place); is the server running there?")
        case .nameNotResolved:
            return make(.unreachable, .later(after: nil), "the host name of \(place) could not be resolved; is it spelled right?")
        case .tls:
            return make(.unreachable, .elsewhere, "no secure connection to \(place) could be made: \(quote(error.reason))")
        case .egressRefused:
            return make(.unreachable, .elsewhere, "the egress policy refuses \(place); allow that host and port if it is yours")
        case .connectTimeout:
            return make(.unreachable, .later(after: nil), "no connection to \(place) in time; is the server running there?")
        case .firstByteTimeout, .idleTimeout, .totalTimeout:
            return make(.timeout, .later(after: nil), "\(place) took too long: \(quote(error.reason))")
        case .badURL:
            return make(.badRequest, .elsewhere, "\(place) is no usable base URL")
        case .tooManyRedirects:
            return make(.badRequest, .elsewhere, "\(place) redirects; set the base URL it redirects to")
        case .responseTooLarge:
            return make(.malformedAnswer, .elsewhere, "the answer of \(place) is larger than allowed")
        case .malformedResponse where !afterHead:
            return make(.malformedAnswer, .elsewhere, "what answers at \(place) does not speak HTTP")
        default:
            if afterHead { return incomplete() }
            return make(.unreachable, .later(after: nil), "the connection to \(place) broke: \(quote(error.reason))")
        }
    }

    /// An answer with a status other than 2xx.
    func status(_ response: HTTPResponse, body: [UInt8]) -> ModelError {
        let status = response.status.code
        let after = RetryAfter.delay(in: response.headerFields)
        if let answer = try? JSONValue(parsing: body), let problem = Problem(answer) {  // why: no JSON is answered below
            return provider(problem, status: status, after: after)
        }
        switch status {
        case 300..<400: return make(.badRequest, .elsewhere, "\(place) redirects (\(status)); set the base URL it redirects to")
        case 404, 405:
            let page = Self.describe(body)
            return make(.unknownModel, .elsewhere, "\(place) answers \(status) with \(page); is the base URL right?")
        default:
            return provider(Problem(type: nil, code: nil, message: ""), status: status, after: after)
        }
    }

    /// What a provider says is wrong, in the three shapes that exist.
    struct Problem: Sendable {
        var type: String?
        var code: String?
        var message: String

        init(type: String?, code: String?, message: String) {
            self.type = type
            self.code = code
            self.message = message
        }

        /// - Parameter answer: `{"error": {…}}`, `{"error": "…"}`, `{"message": "…"}` or `{"detail": …}`.
        init?(_ answer: JSONValue) {
            switch answer["error"] {
            case .object(let error)?:
                self.init(
                    type: error["type"]?.stringValue,
                    code: error["code"]?.stringValue ?? error["code"]?.integerValue.map { String($0) },
                    message: error["message"]?.stringValue ?? "")
            case .string(let text)?: self.init(type: nil, code: nil, message: text)
            default:
                guard let text = answer["message"]?.stringValue ?? answer["detail"]?.stringValue else { return nil }
                self.init(type: answer["type"]?.stringValue, code: nil, message: text)
            }
        }
    }

    /// - Parameter status: The HTTP status, or nil when the problem came inside a stream.
    func provider(_ problem: Problem, status: Int?, after: Duration? = nil) -> ModelError {
        let names = [problem.type ?? "", problem.code ?? ""]
        let said = problem.message.isEmpty ? "" : ": \(quote(problem.message))"
        let number = status ?? problem.code.flatMap { Int($0) } ?? 0
        if isOverflow(problem, status: number) {
            return make(.contextOverflow, .elsewhere, "the conversation is longer than the model's context\(said)")
        }
        if names.contains("insufficient_quota") || names.contains("billing_error") || number == 402 {
            return make(.rateLimited, .elsewhere, "the account at \(place) has no credit left")
        }
        if number == 401 || number == 403 || !Set(names).isDisjoint(with: ["authentication_error", "permission_error", "invalid_api_key"]) {
            let hint = key.map { $0.isEmpty } ?? true ? "no key was given" : "the key was not accepted or may not do this"
            return make(.authentication, .elsewhere, "\(place) refuses access: \(hint)")
        }
        let lower = problem.message.lowercased()
        if number == 404 || !Set(names).isDisjoint(with: ["not_found_error", "model_not_found"])
            || (lower.contains("model") && (lower.contains("not found") || lower.contains("does not exist")))
        {
            return make(.unknownModel, .elsewhere, "\(place) does not have this model\(said)")
        }
        if number == 429 || !Set(names).isDisjoint(with: ["rate_limit_error", "rate_limit_exceeded"]) {
            return make(.rateLimited, .later(after: after), "\(place) takes no more requests at the moment")
        }
        if number == 408 || names.contains("timeout_error") {
            return make(.timeout, .later(after: after), "\(place) took too long\(said)")
        }
        if number >= 500 || !Set(names).isDisjoint(with: ["overloaded_error", "api_error", "server_error"]) || status == nil {
            let shown = number == 0 ? "" : " (\(number))"
            return make(.unavailable, .later(after: after), "\(place) is out of order or overloaded\(shown)\(said)")
        }
        let retry: ModelError.Retry = lower.contains("does not support") ? .elsewhere : .never
        return make(.badRequest, retry, "\(place) does not accept the request (\(number))\(said)")
    }

    private func isOverflow(_ problem: Problem, status: Int) -> Bool {
        if status == 413 || problem.type == "request_too_large" { return true }
        if problem.code == "context_length_exceeded" || problem.type == "exceed_context_size_error" { return true }
        guard status == 400 || status == 422 || status == 500 || status == 0 else { return false }
        let message = problem.message.lowercased()
        return ["context length", "maximum context", "context window", "prompt is too long", "context size", "input is too long"]
            .contains { message.contains($0) }
    }

    /// An answer that is not what the protocol says.
    func malformed(_ bytes: [UInt8], expected: String) -> ModelError {
        make(.malformedAnswer, .elsewhere, "\(place) answered with \(Self.describe(bytes)) instead of \(expected)")
    }

    /// What kind of page came, in a few words.
    static func describe(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if start.isEmpty { return "nothing" }
        if start.hasPrefix("<") {
            let lower = start.lowercased()
            guard lower.contains("<html") || lower.hasPrefix("<!doctype html") || lower.contains("<title") else { return "an XML document" }
            guard let open = lower.firstRange(of: "<title>"), let close = lower[open.upperBound...].firstRange(of: "</title>") else {
                return "an HTML page"
            }
            return "an HTML page titled \"\(plain(String(lower[open.upperBound..<close.lowerBound]), limit: 60))\""
        }
        if start.hasPrefix("{") || start.hasPrefix("[") { return "JSON of another shape" }
        guard start.unicodeScalars.prefix(200).allSatisfy({ $0.value >= 0x20 || $0.properties.isWhitespace }), !start.contains("\u{FFFD}")
        else { return "binary data" }
        return "plain text"
    }

    /// A provider's own words, made short, on one line and free of anything that looks like a key.
    func quote(_ text: String) -> String {
        var text = text
        if let key, !key.isEmpty { text = text.split(separator: key.reveal(), omittingEmptySubsequences: false).joined(separator: "<secret>") }
        let start = key.map { String($0.reveal().prefix(6)) }
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word -> Substring in
            let bare = word.drop { !$0.isLetter && !$0.isNumber }
            let looksLikeKey = bare.hasPrefix("sk-") || start.map { $0.count >= 6 && bare.hasPrefix($0) } ?? false
            return looksLikeKey ? "<secret>" : word
        }
        return Self.plain(words.joined(separator: " "), limit: 200)
    }

    private static func plain(_ text: String, limit: Int) -> String {
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
        let line = words.joined(separator: " ")
        return line.count > limit ? line.prefix(limit) + "…" : line
    }
}
