// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Keeps the bytes of attachments, each under the hash of its content.
///
/// Implement this to keep attachments somewhere else, such as an object store; check yours with `BlobStoreConformance` of
/// MegaTesting. ``InMemoryBlobStore`` is the double, MegaMemory's `FileBlobStore` keeps sealed files. The same bytes are kept once,
/// however often they are put. Safe to call from many tasks.
public protocol BlobStore: Sendable {
    /// The most bytes of one blob.
    var limit: Int { get }

    /// Keeps bytes. Durable on return, where the store is durable at all.
    ///
    /// - Returns: Their key: SHA-256 in lower-case hex, as in ``Media/blob``.
    /// - Throws: ``StoreError``, `tooLarge` above ``limit``; nothing was kept then.
    func put(_ bytes: [UInt8]) async throws -> String

    /// The bytes under a key, or nil when there are none, as for a text that is no key.
    ///
    /// - Throws: ``StoreError``, or ``SealError`` when they were changed.
    func get(_ key: String) async throws -> [UInt8]?

    /// Deletes the bytes under a key for good, whoever else refers to them.
    ///
    /// - Returns: False when there were none.
    @discardableResult
    func remove(_ key: String) async throws -> Bool
}

extension StoreError {
    /// Refuses a blob above a store's limit.
    ///
    /// - Parameters:
    ///   - count: The bytes it has.
    ///   - limit: The most bytes of one blob.
    public static func blobTooLarge(_ count: Int, limit: Int) -> StoreError {
        StoreError(.tooLarge, reason: "an attachment of \(count) bytes is above the limit of \(limit); send a smaller one or raise the limit")
    }
}
