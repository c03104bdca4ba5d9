// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// The proxy the environment asks for, in libcurl's manner: `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`.
struct ProxyEnvironment: Sendable, Hashable {
    struct Proxy: Sendable, Hashable {
        var url: String
        var host: String
    }

    private var variables: [String: String]

    /// `HTTP_PROXY` in capitals is left out: in a CGI process a client's `Proxy` header sets it.
    init(_ environment: [String: String]) {
        variables = [:]
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            let capitals = name == "http_proxy" ? nil : environment[name.uppercased()]
            if let value = environment[name] ?? capitals, !value.isEmpty { variables[name] = value }
        }
    }

    /// The proxy for a request, or nil for none.
    ///
    /// - Throws: `TransportError` with `badURL` when the variable holds no usable proxy.
    func proxy(for url: CurlURL) throws -> Proxy? {
        guard let text = variables["\(url.scheme)_proxy"] ?? variables["all_proxy"], !isExempt(url.host) else { return nil }
        let full = text.contains("://") ? text : "http://\(text)"
        let parts = full.split(separator: ":", maxSplits: 1)
        let rest = full.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
        let place = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        // Only kinds that resolve the target's name themselves.
        guard ["http", "https", "socks5h", "socks4a"].contains(parts[0].lowercased()), let (host, _) = HostName.split(String(place))
        else {
            throw TransportError(.badURL, reason: "the proxy of the environment is not an http, https, socks5h or socks4a address")
        }
        return Proxy(url: full, host: HostName.normalized(host))
    }

    private func isExempt(_ host: String) -> Bool {
        guard let list = variables["no_proxy"] else { return false }
        return list.split { $0 == "," || $0 == " " }.contains { entry in
            let name = HostName.normalized(String(entry.first == "." ? entry.dropFirst() : entry))
            return name == "*" || host == name || host.hasSuffix("." + name)
        }
    }
}
