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

/// Password and salt of the native WebSocket.
///
/// The password is the configured one or the one made by `megabot init`; the salt is made once per installation. Clients need the
/// password only: the server tells them the salt.
struct WebSocketCredentials {
    let installation: Installation

    /// Makes password and salt where they are missing. True when a password was made.
    @discardableResult
    func create(using randomBytes: (Int) -> [UInt8] = Dependencies.live.randomBytes) throws -> Bool {
        _ = try PrivateFiles.create(installation.webSocketSalt, Self.hex(randomBytes(16)) + "\n")
        guard installation.configuration.adapters.webSocket.password == nil else { return false }
        // 160 bits: nothing a person has to type, and beyond guessing.
        return try PrivateFiles.create(installation.webSocketPassword, Self.hex(randomBytes(20)) + "\n")
    }

    func password() throws -> Secret {
        if let configured = installation.configuration.adapters.webSocket.password { return configured }
        guard let text = try PrivateFiles.read(installation.webSocketPassword) else {
            throw Complaint("there is no WebSocket password at \(installation.webSocketPassword).", mend: "Make one: megabot init")
        }
        guard !Self.trim(text).isEmpty else {
            throw Complaint("\(installation.webSocketPassword) is empty.", mend: "Write the password into it, or remove it and run: megabot init")
        }
        return Secret(Self.trim(text))
    }

    func salt() throws -> [UInt8] {
        guard let text = try PrivateFiles.read(installation.webSocketSalt) else {
            throw Complaint("there is no WebSocket salt at \(installation.webSocketSalt).", mend: "Make one: megabot init")
        }
        guard let bytes = Self.bytes(hex: Self.trim(text)), bytes.count >= 16 else {
            throw Complaint(
                "\(installation.webSocketSalt) holds no salt: at least 32 hexadecimal digits.",
                mend: "Put it back from your copy, or remove it and run: megabot init")
        }
        return bytes
    }

    /// Keeps the key of the password made here, so that the next start has it at once. Nothing of a configured password is kept.
    func keepKey(iterations: Int = WebSocketAdapterOptions().iterations) async throws {
        guard installation.configuration.adapters.webSocket.password == nil, try keptKey(iterations: iterations) == nil else { return }
        let password = try password()
        let salt = try salt()
        let key: FernetKey = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try FernetKey.derive(password: password, salt: salt, iterations: iterations) })
            }
        }
        let origin = try FernetCodec(key: key).seal(
            Array(try self.origin(iterations: iterations).utf8), now: Date(), randomBytes: Dependencies.live.randomBytes)
        try PrivateFiles.replace(installation.webSocketKey, "\(key.text.reveal())\n\(origin)\n")
    }

    /// The key kept for the password made here; nil when there is none, or it was made of another password, salt or count.
    func keptKey(iterations: Int) throws -> FernetKey? {
        guard installation.configuration.adapters.webSocket.password == nil, let text = try PrivateFiles.read(installation.webSocketKey)
        else { return nil }
        let lines = text.split(separator: "\n")
        guard lines.count == 2, let key = try? FernetKey(Secret(String(lines[0]))),  // why: what is no key is made anew
            let origin = try? FernetCodec(key: key).open(lines[1], now: Date(), timeToLive: nil),  // why: as above
            ConstantTime.areEqual(origin.content, Array(try self.origin(iterations: iterations).utf8))
        else { return nil }
        return key
    }

    /// What a key was made of, sealed under the key itself beside it.
    private func origin(iterations: Int) throws -> String {
        "\(iterations) \(Self.hex(try salt())) \(try password().reveal())"
    }

    private static func trim(_ text: String) -> String { String(text.filter { !$0.isWhitespace }) }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func bytes(hex: String) -> [UInt8]? {
        let values = hex.compactMap(\.hexDigitValue)
        guard values.count == hex.count, values.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
