// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// The parts of a `ws://` or `wss://` address (RFC 6455 section 3) that a connection needs.
struct WebSocketURL: Sendable, Hashable {
    var isSecure: Bool
    /// Name or address, without brackets.
    var host: String
    var port: Int
    /// Path and query, at least `/`.
    var target: String

    /// The Host header.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// - Throws: `WebSocketError` with `badURL`; the reason holds no query and no credentials.
    init(_ text: String) throws {
        let lower = text.lowercased()
        let rest: Substring
        if lower.hasPrefix("wss://") {
            isSecure = true
            rest = text.dropFirst(6)
        } else if lower.hasPrefix("ws://") {
            isSecure = false
            rest = text.dropFirst(5)
        } else {
            throw WebSocketError(.badURL, reason: "a WebSocket address begins with ws:// or wss://")
        }
        guard !rest.contains("#") else { throw WebSocketError(.badURL, reason: "a WebSocket address has no fragment (#)") }
        guard rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            throw WebSocketError(.badURL, reason: "a WebSocket address is printable ASCII; percent-encode the rest")
        }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else {
            throw WebSocketError(.badURL, reason: "credentials do not belong in a WebSocket address; use a header")
        }
        let portText: Substring
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw WebSocketError(.badURL, reason: "missing ] in the address") }
            host = String(authority[authority.index(after: authority.startIndex)..<close])
            portText = authority[authority.index(after: close)...]
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = String(authority[..<colon])
            portText = authority[colon...]
        }
        guard !host.isEmpty else { throw WebSocketError(.badURL, reason: "the WebSocket address names no host") }
        if portText.isEmpty {
            port = isSecure ? 443 : 80
        } else {
            guard portText.first == ":", let number = UInt16(portText.dropFirst()), number > 0 else {
                throw WebSocketError(.badURL, reason: "the port is no number between 1 and 65535")
            }
            port = Int(number)
        }
        let path = rest[end...]
        target = path.first == "/" ? String(path) : "/" + path
    }
}
