// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CCurl
import HTTPTypes
import MegaCore

/// An http or https address, taken apart by libcurl's own parser so that both mean the same.
struct CurlURL: Sendable, Hashable {
    var scheme: String
    /// Lower case; an IPv6 address without brackets.
    var host: String
    var port: Int
    /// Path and query.
    var path: String

    /// The address of a request.
    ///
    /// - Throws: `TransportError` with `badURL`.
    init(_ request: HTTPRequest) throws {
        guard let scheme = request.scheme, let authority = request.authority, !authority.isEmpty else {
            throw TransportError(.badURL, reason: "the request has no scheme or no host")
        }
        let path = request.path ?? "/"
        guard !authority.contains(where: { "/?#\\@".contains($0) }), path.hasPrefix("/") else {
            throw TransportError(.badURL, reason: "the host or the path of the request is not valid")
        }
        try self.init("\(scheme)://\(authority)\(path)", relativeTo: nil)
        self.path = path
    }

    /// Resolves a reference, such as the value of `Location`.
    ///
    /// - Throws: `TransportError` with `badURL`.
    init(_ reference: String, relativeTo base: CurlURL?) throws {
        guard let url = curl_url() else { throw TransportError(.badURL, reason: "libcurl has no memory left") }
        defer { curl_url_cleanup(url) }
        let bad = TransportError(.badURL, reason: "the address is not a valid http or https address")
        guard !reference.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else { throw bad }
        // libcurl takes a third slash; then the path would become the host.
        guard !reference.drop(while: { !"/?#".contains($0) }).hasPrefix("///") else { throw bad }
        if let base { guard curl_url_set(url, CURLUPART_URL, base.description, 0) == CURLUE_OK else { throw bad } }
        let flags = UInt32(CURLU_PATH_AS_IS | CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME)
        guard curl_url_set(url, CURLUPART_URL, reference, flags) == CURLUE_OK else { throw bad }
        guard let scheme = Self.part(url, CURLUPART_SCHEME)?.lowercased(), scheme == "http" || scheme == "https" else {
            throw TransportError(.badURL, reason: "only http and https are supported")
        }
        guard let host = Self.part(url, CURLUPART_HOST).map(HostName.normalized), IPAddress(host) != nil || HostName.isValid(host)
        else {
            throw TransportError(.badURL, reason: "the host name is not valid; write international names in their ASCII form")
        }
        self.scheme = scheme
        self.host = host
        port = Self.part(url, CURLUPART_PORT).flatMap { Int($0) } ?? (scheme == "https" ? 443 : 80)
        path = (Self.part(url, CURLUPART_PATH) ?? "/") + (Self.part(url, CURLUPART_QUERY).map { "?" + $0 } ?? "")
        guard (1...65535).contains(port) else { throw bad }
    }

    private static func part(_ url: OpaquePointer, _ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// Host and, unless it is the scheme's own, port.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? name : "\(name):\(port)"
    }

    var description: String { "\(scheme)://\(authority)\(path)" }

    /// Scheme, host and port are the same.
    func hasOrigin(of other: CurlURL) -> Bool { scheme == other.scheme && host == other.host && port == other.port }
}
