// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The opening handshake of RFC 6455 section 4.
enum WebSocketHandshake {
    private static let suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  // fixed by RFC 6455 section 1.3

    /// What the server answers to a client's key.
    static func accept(for key: String) -> String {
        Data(Insecure.SHA1.hash(data: Data((key + suffix).utf8))).base64EncodedString()
    }

    /// A fresh key of a client: 16 random bytes.
    static func makeKey() -> String {
        Data((0..<16).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
    }

    /// Whether a request asks for a WebSocket at all.
    static func asksForUpgrade(_ headers: HTTPHeaders) -> Bool {
        headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }

    /// What is wrong with a request that asks for a WebSocket; nil when nothing.
    static func flaw(in head: HTTPRequestHead) -> (status: HTTPResponseStatus, reason: String)? {
        guard head.method == .GET else { return (.methodNotAllowed, "a WebSocket is opened with GET") }
        guard head.version == .http1_1 else { return (.badRequest, "a WebSocket needs HTTP/1.1") }
        guard head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            return (.badRequest, "the Connection header lacks \"Upgrade\"")
        }
        guard head.headers[canonicalForm: "sec-websocket-version"] == ["13"] else {
            return (.upgradeRequired, "only WebSocket version 13 is spoken here")
        }
        let keys = head.headers["sec-websocket-key"]
        guard keys.count == 1, let key = Data(base64Encoded: keys[0]), key.count == 16 else {
            return (.badRequest, "Sec-WebSocket-Key must be 16 bytes in base64")
        }
        return nil
    }

    /// What is wrong with a server's answer; nil when nothing.
    static func flaw(in head: HTTPResponseHead, key: String, protocols: [Substring] = []) -> String? {
        guard head.status == .switchingProtocols else { return "the server answered \(head.status.code)" }
        guard asksForUpgrade(head.headers) else { return "the answer lacks \"Upgrade: websocket\"" }
        guard head.headers[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            return "the answer lacks \"Connection: Upgrade\""
        }
        guard head.headers["sec-websocket-accept"] == [accept(for: key)] else {
            return "Sec-WebSocket-Accept does not fit the request"
        }
        guard head.headers["sec-websocket-extensions"].isEmpty else { return "the server uses an extension nobody asked for" }
        guard head.headers["sec-websocket-protocol"].allSatisfy({ protocols.contains($0[...]) }) else { return "the server chose a subprotocol nobody asked for" }
        return nil
    }

}
