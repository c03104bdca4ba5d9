// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
public import MegaCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps attachments as sealed files in one folder.
///
/// A file's name is a keyed hash of its content's hash, so neither names nor contents say anything without the key; somebody who
/// reads the folder learns how many attachments there are, their sizes and when they came. A file is written whole or not at all
/// and is on disk when ``put(_:)`` returns. A file moved to another name does not open there.
///
/// One process uses a folder at a time: opening one clears what an earlier process left half-written.
public final class FileBlobStore: BlobStore {
    /// Where the key shows to be the right one.
    private static let checkName = "key.check"

    public let limit: Int
    private let sealer: any DataSealer
    private let folder: BlobFolder
    /// Blocking work runs here; one blob always on the same queue, so that nothing happens to it twice at once.
    private let queues = (0..<4).map { DispatchQueue(label: "megabot.blobs.\($0)") }

    /// Opens a folder, making it (0700) when there is none; its parent must exist.
    ///
    /// - Parameters:
    ///   - directory: The folder; nothing else belongs into it.
    ///   - sealer: Seals contents and makes names.
    ///   - limit: The most bytes of one blob.
    /// - Throws: ``StoreError``: `wrongKey`, `notPermitted`, `diskFull`, `corrupt`, `unavailable`.
    public init(directory: String, sealer: any DataSealer, limit: Int = 8 << 20) async throws {
        self.limit = limit
        self.sealer = sealer
        folder = try await Self.perform(on: queues[0]) {
            let folder = try BlobFolder(path: directory)
            try Self.checkKey(in: folder, sealer: sealer)
            return folder
        }
    }

    public func put(_ bytes: [UInt8]) async throws -> String {
        guard bytes.count <= limit else { throw StoreError.blobTooLarge(bytes.count, limit: limit) }
        let sealer = sealer
        let folder = folder
        // Hashing takes long enough to be done elsewhere as well.
        let key = try await Self.perform(on: .global()) { ContentHash.hex(of: bytes) }
        try await perform(on: key) { name in
            if let known = try? Self.open(name, in: folder, sealer: sealer), known == bytes {  // why: what does not open is replaced
                // It is wanted again, so it counts as new; see `removeUnused(keeping:notSince:)`.
                try folder.touch(name)
                // Another task's rename may not be on disk yet.
                try folder.synchronize()
                return
            }
            try folder.write(try sealer.seal(bytes, context: Self.context(name)), as: name)
        }
        return key
    }

    public func get(_ key: String) async throws -> [UInt8]? {
        guard ContentHash.isKey(key) else { return nil }
        let sealer = sealer
        let folder = folder
        return try await perform(on: key) { try Self.open($0, in: folder, sealer: sealer) }
    }

    @discardableResult
    public func remove(_ key: String) async throws -> Bool {
        guard ContentHash.isKey(key) else { return false }
        let folder = folder
        return try await perform(on: key) { try folder.remove($0) }
    }

    /// Deletes what nothing refers to: uploads whose message never came, attachments of messages that are gone.
    ///
    /// What was put, also once more, at or after the given time stays, whatever the list says; so an upload is never deleted between its
    /// arrival and the message that names it, as long as the list is made after that time.
    ///
    /// - Parameters:
    ///   - keys: What is referred to.
    ///   - time: When the youngest that may go was put. Long enough ago for an upload to have become part of a message.
    /// - Returns: How many were deleted, and their bytes as stored are free again.
    @discardableResult
    public func removeUnused(keeping keys: Set<String>, notSince time: Date) async throws -> Int {
        let folder = folder
        let kept = Set(keys.map { Hex.encode(sealer.hash(Array($0.utf8), context: Self.nameContext)) })
        let limit = time.timeIntervalSince1970
        let names = try await Self.perform(on: queues[0]) { try folder.names() }
        var count = 0
        for name in names where name != Self.checkName && !kept.contains(name) {
            guard name.utf8.count == 64, let first = UInt8(name.prefix(2), radix: 16) else { continue }
            // On the queue of its content, so that nobody puts it while it is looked at.
            let isGone = try await Self.perform(on: queues[Int(first) % queues.count]) {
                guard let written = folder.writingTime(of: name), written < limit else { return false }
                return try folder.remove(name)
            }
            if isGone { count += 1 }
        }
        return count
    }

    private static let nameContext = "blobs/name"

    private static func open(_ name: String, in folder: BlobFolder, sealer: any DataSealer) throws -> [UInt8]? {
        try folder.read(name).map { try sealer.open($0, context: context(name)) }
    }

    private static func context(_ name: String) -> String { "blobs/\(name)" }

    private static func checkKey(in folder: BlobFolder, sealer: any DataSealer) throws {
        do {
            if try open(checkName, in: folder, sealer: sealer) != nil { return }
        } catch is SealError {
            throw StoreError(
                .wrongKey,
                reason: "the attachments in \(folder.path) were sealed under another key; use the one they were sealed with, "
                    + "or move the folder away to start anew")
        }
        try folder.write(try sealer.seal(Array("megabot".utf8), context: context(checkName)), as: checkName)
    }

    /// Runs work on one blob, which is given its file's name.
    private func perform<Value: Sendable>(on key: String, _ work: @escaping @Sendable (_ name: String) throws -> Value) async throws -> Value {
        let hash = sealer.hash(Array(key.utf8), context: Self.nameContext)
        let name = Hex.encode(hash)
        return try await Self.perform(on: queues[Int(hash.first ?? 0) % queues.count]) { try work(name) }
    }

    private static func perform<Value: Sendable>(
        on queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
