// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a key ring holds, without any key.
public struct KeyRingStatus: Sendable, Hashable {
    /// Rises with every change of the ring.
    public let generation: UInt64
    /// Common keys; more than one until old ones are retired.
    public let commonKeys: Int
    /// Since when the newest common key is in use.
    public let newestKeyAt: Date
    /// Names the newest keys: another name means that they were rotated. For `Resealable.beginResealing(to:)`.
    public let keysName: String
    /// Names the master key: another name means that it was changed.
    public let masterName: String
    /// Keys of the audit.
    public let auditKeys: Int
    /// People with keys of their own.
    public let people: Int
    /// Keys that were destroyed because a person was forgotten.
    public let destroyedKeys: Int

    init(_ content: KeyRingContent, master: MasterKey) {
        masterName = "master-\(RootKey(master.secret.revealBytes()).id)"
        generation = content.generation
        commonKeys = content.common.sealing.count
        newestKeyAt = content.common.sealing.last?.createdAt ?? .distantPast
        keysName = content.common.sealing.last.map { "key-\(RootKey(Array($0.bytes)).id)" } ?? "none"
        auditKeys = content.audit.sealing.count
        people = content.people.count
        destroyedKeys = content.destroyed.count
    }
}
