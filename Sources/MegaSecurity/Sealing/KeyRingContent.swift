// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Crypto

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a key ring's file holds once it is open.
struct KeyRingContent: Codable, Sendable {
    /// A key and its age.
    struct StoredKey: Codable, Sendable {
        var bytes: Data
        var createdAt: Date

        static func random(at now: Date) -> StoredKey {
            StoredKey(bytes: SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }, createdAt: now)
        }
    }

    /// The keys of one owner, oldest first; the last is in use.
    struct Line: Codable, Sendable {
        /// Hashes are looked up, so their key stays the same when the sealing key changes.
        var hashing: StoredKey
        var sealing: [StoredKey]
    }

    /// Rises with every change.
    var generation: UInt64 = 1
    var common: Line
    var audit: Line
    var people: [String: Line] = [:]
    /// The ids of keys that were destroyed, so that what was sealed under them is told from damage.
    var destroyed: [UInt32] = []

    /// A key whose id no other key has: four bytes collide now and then.
    static func freshKey(avoiding taken: Set<UInt32>, at now: Date) -> StoredKey {
        while true {
            let key = StoredKey.random(at: now)
            if !taken.contains(RootKey(Array(key.bytes)).id) { return key }
        }
    }
}
