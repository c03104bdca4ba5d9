// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
public import MegaCore
import Synchronization

/// Seals with AES-256-GCM under keys derived from one master key.
///
/// Every area (the part of the context before the first `/`) has its own sealing key and its own hashing key, made with HKDF-SHA256.
/// A sealed value is: version (1 byte, 1), key id (4 bytes), nonce (12 random bytes), ciphertext, tag (16 bytes). The whole context
/// is authenticated, so a value moved to another place does not open there. With random nonces one area should seal no more than
/// 2³² values (NIST SP 800-38D, 8.3).
public final class KeyedSealer: DataSealer {
    /// Bytes a sealed value is longer than what was sealed.
    public static let overhead = headerSize + tagSize

    private static let version: UInt8 = 1
    private static let keyIDSize = 4
    private static let nonceSize = 12
    private static let tagSize = 16
    private static let headerSize = 1 + keyIDSize + nonceSize
    /// Areas are constants of the code; this bound only guards against a caller that puts data into them.
    private static let cachedAreas = 256

    private let master: SymmetricKey
    private let keyID: [UInt8]
    private let sealingKeys = Mutex<[String: SymmetricKey]>([:])
    private let hashingKeys = Mutex<[String: SymmetricKey]>([:])

    /// Makes a sealer under a master key.
    public init(masterKey: MasterKey) {
        master = SymmetricKey(data: masterKey.secret.revealBytes())
        keyID = Array(HMAC<SHA256>.authenticationCode(for: Array("megabot key id".utf8), using: master).prefix(Self.keyIDSize))
    }

    /// See `DataSealer.seal(_:context:)`.
    public func seal(_ bytes: [UInt8], context: String) throws -> [UInt8] {
        let key = key(for: context, purpose: "seal", in: sealingKeys)
        let box = try AES.GCM.seal(bytes, using: key, authenticating: Array(context.utf8))
        var sealed: [UInt8] = []
        sealed.reserveCapacity(bytes.count + Self.overhead)
        sealed.append(Self.version)
        sealed += keyID
        sealed += box.nonce
        sealed += box.ciphertext
        sealed += box.tag
        return sealed
    }

    /// See `DataSealer.open(_:context:)`.
    public func open(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        guard sealed.count >= Self.overhead else {
            throw SealError(.malformed, reason: "a sealed value of \(sealed.count) bytes is too short; it was cut off")
        }
        guard sealed[0] == Self.version else {
            throw SealError(.malformed, reason: "sealed in format \(sealed[0]), which this version cannot read; update MegaBot")
        }
        guard sealed[1..<1 + Self.keyIDSize].elementsEqual(keyID) else {
            throw SealError(.notAuthentic, reason: "sealed under another key; use the key file or passphrase it was sealed with")
        }
        let key = key(for: context, purpose: "seal", in: sealingKeys)
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: sealed[1 + Self.keyIDSize..<Self.headerSize]),
                ciphertext: sealed[Self.headerSize..<sealed.count - Self.tagSize], tag: sealed.suffix(Self.tagSize))
            return Array(try AES.GCM.open(box, using: key, authenticating: Array(context.utf8)))
        } catch {
            throw SealError(.notAuthentic, reason: "a sealed value was changed or moved; restore the data from a backup")
        }
    }

    /// See `DataSealer.hash(_:context:)`.
    public func hash(_ bytes: [UInt8], context: String) -> [UInt8] {
        var code = HMAC<SHA256>(key: key(for: context, purpose: "hash", in: hashingKeys))
        let label = Array(context.utf8)
        // The length keeps label and bytes apart, so that moving a byte between them changes the hash.
        withUnsafeBytes(of: UInt64(label.count).littleEndian) { code.update(data: $0) }
        code.update(data: label)
        code.update(data: bytes)
        return Array(code.finalize())
    }

    private func key(
        for context: String, purpose: String, in cache: borrowing Mutex<[String: SymmetricKey]>
    ) -> SymmetricKey {
        let area = context.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(context[..<$0]) } ?? context
        if let known = cache.withLock({ $0[area] }) { return known }
        let made = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, salt: Array("megabot sealer 1".utf8), info: Array("\(purpose) \(area)".utf8),
            outputByteCount: 32)
        cache.withLock { keys in
            if keys.count < Self.cachedAreas { keys[area] = made }
        }
        return made
    }
}
