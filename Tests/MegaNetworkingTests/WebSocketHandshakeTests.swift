// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Testing

@testable import MegaNetworking

@Suite("WebSocket handshake")
struct WebSocketHandshakeTests {
    @Test("computes the accept value of RFC 6455 section 1.3")
    func accept() {
        #expect(WebSocketHandshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test("reads addresses")
    func urls() throws {
        let plain = try WebSocketURL("ws://example.org")
        #expect(plain.host == "example.org" && plain.port == 80 && plain.target == "/" && plain.authority == "example.org")
        let secure = try WebSocketURL("WSS://[::1]:8443/a/b?c=d")
        #expect(secure.isSecure && secure.host == "::1" && secure.port == 8443 && secure.target == "/a/b?c=d")
        #expect(secure.authority == "[::1]:8443")
        #expect(try WebSocketURL("wss://h?x").target == "/?x")
        for bad in ["http://h", "ws://", "ws://u:p@h", "ws://h:0", "ws://h:70000", "ws://h:x", "ws://h/#f", "ws://[::1", "ws://h/ä", "ws://h/\r\nX: y"] {
            #expect(throws: WebSocketError.self, "\(bad)") { try WebSocketURL(bad) }
        }
    }
}
