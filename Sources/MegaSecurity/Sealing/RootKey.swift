// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto
import MegaCore
import Synchronization

/// One key of a key ring, from which every area gets a sealing key and a hashing key of its own (HKDF-SHA256).
final class RootKey: Sendable {
    /// Areas are constants of the code; this bound only guards against a caller that puts data into them.
    private static let cachedAreas = 256

    /// The first four bytes of a keyed hash; stands in every value sealed under the key.
    let id: UInt32
    private let key: SymmetricKey
    private let sealingKeys = Mutex<[String: SymmetricKey]>([:])
    private let hashingKeys = Mutex<[String: SymmetricKey]>([:])

    init(_ bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
        id = HMAC<SHA256>.authenticationCode(for: Array("megabot key id".utf8), using: key).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    func sealing(_ context: String) -> SymmetricKey { derive(context, purpose: "seal", in: sealingKeys) }
    func hashing(_ context: String) -> SymmetricKey { derive(context, purpose: "hash", in: hashingKeys) }

    private func derive(_ context: String, purpose: String, in cache: borrowing Mutex<[String: SymmetricKey]>) -> SymmetricKey {
        let area = context.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(context[..<$0]) } ?? context
        if let known = cache.withLock({ $0[area] }) { return known }
        let made = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: Array("megabot sealer 1".utf8), info: Array("\(purpose) \(area)".utf8), outputByteCount: 32)
        cache.withLock { keys in
            if keys.count < Self.cachedAreas { keys[area] = made }
        }
        return made
    }
}

/// Where a sealer finds its keys.
protocol RootKeys: Sendable {
    /// What new values are sealed under.
    var current: RootKey { get throws }
    /// What is hashed under; the same for good, because hashes are looked up.
    var hashing: RootKey { get throws }
    func find(_ id: UInt32) -> FoundKey
}

/// What is known of a key id.
enum FoundKey {
    /// - Parameter newer: What a value sealed under it would be sealed under today; nil when that is the key itself.
    case key(RootKey, newer: RootKey?)
    /// Destroyed on purpose, with everything sealed under it.
    case destroyed
    case unknown
}

/// One key for everything.
struct SingleRootKey: RootKeys {
    let key: RootKey
    var current: RootKey { key }
    var hashing: RootKey { key }
    func find(_ id: UInt32) -> FoundKey { id == key.id ? .key(key, newer: nil) : .unknown }
}
