// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Synchronization

/// Keeps attachments in memory, for tests and for hosts that need nothing durable. Bounded: beyond ``capacity`` nothing more is taken.
public final class InMemoryBlobStore: BlobStore {
    public let limit: Int
    /// The most bytes of all blobs together.
    public let capacity: Int

    private struct State {
        var blobs: [String: [UInt8]] = [:]
        var size = 0
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: The most bytes of one blob.
    ///   - capacity: The most bytes of all blobs together.
    public init(limit: Int = 8 << 20, capacity: Int = 256 << 20) {
        self.limit = limit
        self.capacity = capacity
    }

    /// How many different blobs are kept.
    public var count: Int { state.withLock { $0.blobs.count } }

    public func put(_ bytes: [UInt8]) async throws -> String {
        guard bytes.count <= limit else { throw StoreError.blobTooLarge(bytes.count, limit: limit) }
        let key = ContentHash.hex(of: bytes)
        try state.withLock { state in
            guard state.blobs[key] == nil else { return }
            guard state.size + bytes.count <= capacity else {
                throw StoreError(.diskFull, reason: "the attachments in memory fill their \(capacity) bytes; remove some or raise the capacity")
            }
            state.blobs[key] = bytes
            state.size += bytes.count
        }
        return key
    }

    public func get(_ key: String) async throws -> [UInt8]? { state.withLock { $0.blobs[key] } }

    @discardableResult
    public func remove(_ key: String) async throws -> Bool {
        state.withLock { state in
            guard let bytes = state.blobs.removeValue(forKey: key) else { return false }
            state.size -= bytes.count
            return true
        }
    }
}
