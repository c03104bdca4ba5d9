// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

/// What a redirect makes of a request; RFC 9110 section 15.4.
enum RedirectRules {
    struct Step {
        var request: HTTPRequest
        var keepsBody: Bool
        var url: CurlURL
    }

    static func isRedirect(_ response: HTTPResponse) -> Bool {
        [301, 302, 303, 307, 308].contains(response.status.code) && response.headerFields[.location] != nil
    }

    /// The next request.
    ///
    /// - Throws: `TransportError`: `badURL` for an address that is none, `egressRefused` for one that would leave TLS.
    static func follow(_ request: HTTPRequest, at url: CurlURL, _ response: HTTPResponse) throws -> Step {
        let target = try CurlURL(response.headerFields[.location] ?? "", relativeTo: url)
        guard url.scheme == "http" || target.scheme == "https" else {
            throw TransportError(.egressRefused, reason: "\(url.host) redirects from https to plain http at \(target.host)")
        }
        var next = request
        (next.scheme, next.authority, next.path) = (target.scheme, target.authority, target.path)
        var keepsBody = true
        let code = response.status.code
        if (code == 303 && request.method != .head) || (code == 301 || code == 302) && request.method == .post {
            next.method = .get
            keepsBody = false
            for name in [HTTPField.Name.contentType, .contentLength, .contentEncoding, .contentLanguage, .contentLocation] {
                next.headerFields[name] = nil
            }
        }
        if !url.hasOrigin(of: target) {
            next.headerFields = HTTPFields(next.headerFields.filter { !isCredential($0.name) })
        }
        return Step(request: next, keepsBody: keepsBody, url: target)
    }

    /// Whether a field may carry a secret: the standard ones and everything named after a key, a token or a secret.
    static func isCredential(_ name: HTTPField.Name) -> Bool {
        let name = name.canonicalName
        if ["authorization", "proxy-authorization", "cookie", "cookie2", "www-authenticate"].contains(name) { return true }
        return ["key", "token", "secret", "auth", "password", "session", "signature", "credential"].contains { name.contains($0) }
    }
}
