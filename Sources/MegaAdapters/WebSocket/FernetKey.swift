// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import CryptoExtras
public import MegaCore

/// The 32 bytes of a Fernet key: 16 to sign, then 16 to encrypt.
public struct FernetKey: Sendable, Equatable {
    let signing: SymmetricKey
    let encryption: SymmetricKey
    /// HMAC-SHA256 that has taken in the signing key already; copied for every token.
    let signer: HMAC<SHA256>

    /// - Parameter text: 32 bytes in URL-safe base64, as the Fernet specification writes keys.
    /// - Throws: ``FernetError`` with `badKey`.
    public init(_ text: Secret) throws {
        guard let bytes = URLSafeBase64.decode(text.reveal()) else {
            throw FernetError(.badKey, reason: "a Fernet key is 32 bytes in URL-safe base64")
        }
        try self.init(bytes: bytes)
    }

    init(bytes: [UInt8]) throws {
        guard bytes.count == 32 else { throw FernetError(.badKey, reason: "a Fernet key is 32 bytes in URL-safe base64") }
        signing = SymmetricKey(data: bytes[..<16])
        encryption = SymmetricKey(data: bytes[16...])
        signer = HMAC<SHA256>(key: signing)
    }

    /// Derives a key from a password with PBKDF2-HMAC-SHA256. Takes tenths of a second on purpose: not for a cooperative thread.
    ///
    /// - Parameters:
    ///   - salt: At least 16 random bytes, made once per installation.
    ///   - iterations: OWASP asks for 600,000 with SHA-256.
    /// - Throws: ``FernetError`` with `derivationFailed` for an empty salt or fewer than one iteration.
    public static func derive(password: Secret, salt: [UInt8], iterations: Int = 600_000) throws -> FernetKey {
        try FernetKey(bytes: deriveBytes(password: password, salt: salt, iterations: iterations, count: 32))
    }

    static func deriveBytes(password: Secret, salt: [UInt8], iterations: Int, count: Int) throws -> [UInt8] {
        guard iterations > 0, !salt.isEmpty, !password.isEmpty else {
            throw FernetError(.derivationFailed, reason: "a key needs a password, a salt and at least one iteration")
        }
        do {
            let key = try KDF.Insecure.PBKDF2.deriveKey(
                from: password.revealBytes(), salt: salt, using: .sha256, outputByteCount: count, unsafeUncheckedRounds: iterations)
            return key.withUnsafeBytes { Array($0) }
        } catch {
            throw FernetError(.derivationFailed, reason: "the password could not be turned into a key")
        }
    }

    /// The key as the specification writes it, for storing it in place of the password.
    public var text: Secret {
        Secret(URLSafeBase64.encode(signing.withUnsafeBytes { Array($0) } + encryption.withUnsafeBytes { Array($0) }))
    }

    /// Whether both keys are the same.
    public static func == (left: FernetKey, right: FernetKey) -> Bool {
        left.signing == right.signing && left.encryption == right.encryption
    }
}
