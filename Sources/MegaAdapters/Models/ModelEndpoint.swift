// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// Where a model server is and what every request to it carries.
struct ModelEndpoint: Sendable {
    /// As given by the host, for example `http://127.0.0.1:11434` or `https://api.openai.com/v1`.
    var baseURL: String
    /// The model on whose behalf requests are made, as `LanguageModel/id`.
    var model: String
    /// The header that carries the key, what stands before the key in it, and the key.
    var credential: (name: HTTPField.Name, prefix: String, key: Secret)?
    /// Further headers of every request. The built-in ones win.
    var headers: HTTPFields = [:]

    /// A request to a path below the base URL.
    func request(
        _ method: HTTPRequest.Method, _ path: String, accept: String = "application/json", sends contentType: String? = nil
    ) throws(ModelError) -> HTTPRequest {
        let location = try parse()
        var request = HTTPRequest(
            method: method, scheme: location.scheme, authority: location.authority, path: location.path + path, headerFields: headers)
        request.headerFields[.accept] = accept
        if let contentType { request.headerFields[.contentType] = contentType }
        if let credential, !credential.key.isEmpty {
            let value = credential.prefix + credential.key.reveal()
            guard HTTPField.isValidValue(value) else {
                throw ModelError(
                    .authentication, retry: .elsewhere, model: model,
                    reason: "the key holds a character no HTTP header can carry; perhaps a line break was copied with it")
            }
            var field = HTTPField(name: credential.name, value: value)
            field.indexingStrategy = .disallow
            request.headerFields[credential.name] = nil
            request.headerFields.append(field)
        }
        return request
    }

    private func parse() throws(ModelError) -> (scheme: String, authority: String, path: String) {
        var rest = baseURL[...]
        let scheme: String
        if rest.lowercased().hasPrefix("https://") {
            scheme = "https"
            rest = rest.dropFirst(8)
        } else if rest.lowercased().hasPrefix("http://") {
            scheme = "http"
            rest = rest.dropFirst(7)
        } else {
            throw bad("must begin with http:// or https://")
        }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw bad("may hold no blanks and only ASCII") }
        guard !rest.contains("?"), !rest.contains("#") else { throw bad("may have no query and no fragment") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.isEmpty else { throw bad("has no host") }
        guard !authority.contains("@") else { throw bad("may hold no user name or password; give the key as a key") }
        var path = rest[slash...]
        while path.hasSuffix("/") { path = path.dropLast() }
        return (scheme, String(authority), String(path))
    }

    private func bad(_ rule: String) -> ModelError {
        ModelError(.badRequest, retry: .elsewhere, model: model, reason: "the model's base URL \(rule)")
    }

    /// The base URL for messages: without anything that could be a credential.
    var place: String {
        guard let at = baseURL.lastIndex(of: "@"), let scheme = baseURL.firstRange(of: "://"), scheme.upperBound < at else { return baseURL }
        return String(baseURL[..<scheme.upperBound]) + baseURL[baseURL.index(after: at)...]
    }
}
