// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import MegaAdapters
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One authenticated connection to a daemon: JSON frames in Fernet tokens, as `Documentation/NativeWebSocket.md` describes.
struct ChatLink: Sendable {
    /// Fewer rounds than any server of ours asks for would be an attempt to learn the password cheaply.
    private static let roundsPermitted: ClosedRange<Int64> = 100_000...20_000_000

    private let connection: WebSocketConnection
    private let codec: FernetCodec
    private let timeToLive: Int64

    /// Takes the server's hello and shows that this client knows the password.
    init(_ connection: WebSocketConnection, password: Secret, chats: [String]) async throws {
        self.connection = connection
        guard case .text(let text)? = try await connection.receive(), let hello = try? JSONValue(parsing: text),  // why: told below
            hello["type"] == "hello", let challenge = hello["challenge"]?.stringValue,
            let salt = hello["salt"]?.stringValue.flatMap({ Data(base64Encoded: $0) }), salt.count >= 16,
            let rounds = hello["iterations"]?.integerValue, Self.roundsPermitted.contains(rounds)
        else {
            throw Complaint("what answers there does not speak MegaBot's protocol.", mend: "Check adapters.websocket.port.")
        }
        timeToLive = hello["ttl"]?.integerValue ?? 60
        codec = FernetCodec(key: try await Self.derive(password, salt: [UInt8](salt), rounds: Int(rounds)))
        try await send([
            "type": "auth", "challenge": .string(challenge), "client": "megabot chat", "chats": .array(chats.map { .string($0) }),
            "confirms": true,
        ])
    }

    func send(_ frame: JSONValue) async throws {
        let token = try codec.seal(frame.encoded(), now: Date(), randomBytes: Dependencies.live.randomBytes)
        try await connection.send(token)
    }

    /// The next frame, or nil when the server closed the connection.
    func receive() async throws -> JSONValue? {
        guard let message = try await connection.receive() else { return nil }
        guard case .text(let text) = message else { throw Complaint("the server sent a frame that is no text.") }
        if text.hasPrefix("{") {
            // Plaintext is only ever a refusal before the session stands.
            let frame = try? JSONValue(parsing: text)  // why: whatever it is, it is a refusal
            throw Refusal(code: frame?["code"]?.stringValue ?? "refused", message: frame?["message"]?.stringValue ?? "no reason given")
        }
        return try JSONValue(parsing: codec.open(text, now: Date(), timeToLive: timeToLive).content)
    }

    /// The server does not want this client.
    struct Refusal: Error, CustomStringConvertible {
        let code: String
        let message: String
        var description: String { "\(message) (\(code))" }
    }

    private static func derive(_ password: Secret, salt: [UInt8], rounds: Int) async throws -> FernetKey {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try FernetKey.derive(password: password, salt: salt, iterations: rounds) })
            }
        }
    }
}
