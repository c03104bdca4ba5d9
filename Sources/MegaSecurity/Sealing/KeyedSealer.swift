// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
public import MegaCore

/// Seals with AES-256-GCM under the keys of a ``KeyRing``, or under one master key alone.
///
/// Every area (the part of the context before the first `/`) has its own sealing key and its own hashing key, made with HKDF-SHA256.
/// A sealed value is: version (1 byte, 1), key id (4 bytes), nonce (12 random bytes), ciphertext, tag (16 bytes). The whole context
/// is authenticated, so a value moved to another place does not open there. With random nonces one area should seal no more than
/// 2³² values under one key (NIST SP 800-38D, 8.3); rotate before.
public final class KeyedSealer: DataSealer {
    /// Bytes a sealed value is longer than what was sealed.
    public static let overhead = headerSize + tagSize

    private static let version: UInt8 = 1
    private static let keyIDSize = 4
    private static let nonceSize = 12
    private static let tagSize = 16
    private static let headerSize = 1 + keyIDSize + nonceSize

    private let keys: any RootKeys
    /// Nil without per-person keys.
    private let ring: KeyRing?

    /// Makes a sealer under a master key alone: no rotation, no keys per person.
    public init(masterKey: MasterKey) {
        keys = SingleRootKey(key: RootKey(masterKey.secret.revealBytes()))
        ring = nil
    }

    init(keys: any RootKeys, ring: KeyRing) {
        self.keys = keys
        self.ring = ring
    }

    /// See `DataSealer.seal(_:context:)`.
    public func seal(_ bytes: [UInt8], context: String) throws -> [UInt8] { try seal(bytes, context: context, under: keys.current) }

    /// See `DataSealer.open(_:context:)`.
    public func open(_ sealed: [UInt8], context: String) throws -> [UInt8] {
        switch keys.find(try Self.keyID(of: sealed)) {
        case .key(let key, _): return try open(sealed, context: context, under: key)
        case .destroyed: throw Self.forgotten()
        case .unknown: throw Self.unknown()
        }
    }

    /// See `DataSealer.resealed(_:context:)`.
    public func resealed(_ sealed: [UInt8], context: String) throws -> [UInt8]? {
        switch keys.find(try Self.keyID(of: sealed)) {
        case .key(_, newer: nil): return nil
        case .key(let key, let newer?): return try seal(open(sealed, context: context, under: key), context: context, under: newer)
        case .destroyed: throw Self.forgotten()
        case .unknown: throw Self.unknown()
        }
    }

    /// See `DataSealer.hash(_:context:)`. Under a person's key that was destroyed, a hash nobody else gets.
    public func hash(_ bytes: [UInt8], context: String) -> [UInt8] {
        let key: SymmetricKey
        // A key that is gone hashes to what nothing was stored under.
        do { key = try keys.hashing.hashing(context) } catch { key = SymmetricKey(size: .bits256) }
        var code = HMAC<SHA256>(key: key)
        let label = Array(context.utf8)
        // The length keeps label and bytes apart, so that moving a byte between them changes the hash.
        withUnsafeBytes(of: UInt64(label.count).littleEndian) { code.update(data: $0) }
        code.update(data: label)
        code.update(data: bytes)
        return Array(code.finalize())
    }

    /// See `DataSealer.sealer(for:)`.
    public func sealer(for person: PersonID) async throws -> any DataSealer {
        guard let ring else { return self }
        return try await ring.sealer(for: person)
    }

    /// See `DataSealer.existingSealer(for:)`.
    public func existingSealer(for person: PersonID) -> (any DataSealer)? { ring?.existingSealer(for: person) }

    /// See `DataSealer.sealer(of:)`.
    public func sealer(of sealed: [UInt8]) throws -> any DataSealer {
        let id = try Self.keyID(of: sealed)
        switch keys.find(id) {
        case .key: return ring?.owner(of: id) ?? self
        case .destroyed: throw Self.forgotten()
        case .unknown: throw Self.unknown()
        }
    }

    /// See `DataSealer.bound(to:)`. The key is a keyed hash of the secret.
    public func bound(to secret: [UInt8]) -> any DataSealer {
        KeyedSealer(masterKey: MasterKey(unchecked: Secret(bytes: hash(secret, context: "bound keys"))))
    }

    /// See `DataSealer.destroyKeys(of:)`.
    @discardableResult
    public func destroyKeys(of person: PersonID) async throws -> Bool { try await ring?.forget(person) ?? false }

    // MARK: - The format

    private func seal(_ bytes: [UInt8], context: String, under key: RootKey) throws -> [UInt8] {
        let box = try AES.GCM.seal(bytes, using: key.sealing(context), authenticating: Array(context.utf8))
        var sealed: [UInt8] = []
        sealed.reserveCapacity(bytes.count + Self.overhead)
        sealed.append(Self.version)
        for shift in stride(from: 24, through: 0, by: -8) { sealed.append(UInt8(truncatingIfNeeded: key.id >> UInt32(shift))) }
        sealed += box.nonce
        sealed += box.ciphertext
        sealed += box.tag
        return sealed
    }

    private func open(_ sealed: [UInt8], context: String, under key: RootKey) throws -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: sealed[1 + Self.keyIDSize..<Self.headerSize]),
                ciphertext: sealed[Self.headerSize..<sealed.count - Self.tagSize], tag: sealed.suffix(Self.tagSize))
            return Array(try AES.GCM.open(box, using: key.sealing(context), authenticating: Array(context.utf8)))
        } catch {
            throw SealError(.notAuthentic, reason: "a sealed value was changed or moved; restore the data from a backup")
        }
    }

    private static func keyID(of sealed: [UInt8]) throws -> UInt32 {
        guard sealed.count >= overhead else {
            throw SealError(.malformed, reason: "a sealed value of \(sealed.count) bytes is too short; it was cut off")
        }
        guard sealed[0] == version else {
            throw SealError(.malformed, reason: "sealed in format \(sealed[0]), which this version cannot read; update MegaBot")
        }
        return sealed[1..<1 + keyIDSize].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func unknown() -> SealError {
        SealError(.notAuthentic, reason: "sealed under another key; use the one it was sealed with")
    }

    private static func forgotten() -> SealError {
        SealError(.forgotten, reason: "this belonged to a person whose keys were destroyed; nobody can read it any more")
    }
}
