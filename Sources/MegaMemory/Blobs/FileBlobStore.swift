// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
public import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Keeps attachments as sealed files in one folder.
///
/// A file's name is a keyed hash of its content's hash, so neither names nor contents say anything without the key; somebody who
/// reads the folder learns how many attachments there are, their sizes and when they came. A content is sealed to its own hash as well, which
/// stands only in the messages that refer to it: when these can be read no more, because their person was forgotten, no key opens the
/// attachment either. (Whoever has the keys and the very content can tell that it is there.) A file is written whole or not at all
/// and is on disk when ``put(_:)`` returns. A file moved to another name does not open there.
///
/// One process uses a folder at a time: opening one clears what an earlier process left half-written.
public final class FileBlobStore: BlobStore {
    /// Where the key shows to be the right one.
    static let checkName = "key.check"
    /// How far moving to newer keys has come.
    static let markName = "resealing"

    public let limit: Int
    let sealer: any DataSealer
    let folder: BlobFolder
    /// Names still to be looked at by `resealNext`, the next one last.
    let unexamined = Mutex<[String]?>(nil)
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
            if let known = try? Self.open(name, key, in: folder, sealer: sealer), known == bytes {  // why: what does not open is replaced
                // It is wanted again, so it counts as new; see `removeUnused(keeping:notSince:)`.
                try folder.touch(name)
                // Another task's rename may not be on disk yet.
                try folder.synchronize()
                return
            }
            try folder.write(try Self.seal(bytes, key, as: name, sealer: sealer), as: name)
        }
        return key
    }

    public func get(_ key: String) async throws -> [UInt8]? {
        guard ContentHash.isKey(key) else { return nil }
        let sealer = sealer
        let folder = folder
        return try await perform(on: key) { try Self.open($0, key, in: folder, sealer: sealer) }
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
        let kept = Set(keys.map { Self.name(of: $0, sealer: sealer) })
        let limit = time.timeIntervalSince1970
        let names = try await Self.perform(on: queues[0]) { try folder.names() }
        var count = 0
        for name in names where name != Self.checkName && !kept.contains(name) {
            guard name.utf8.count == 64 else { continue }
            // On the queue of its content, so that nobody puts it while it is looked at.
            let isGone = try await perform(onFile: name) {
                guard let written = folder.writingTime(of: name), written < limit else { return false }
                return try folder.remove(name)
            }
            if isGone { count += 1 }
        }
        return count
    }

    private static func open(_ name: String, _ key: String, in folder: BlobFolder, sealer: any DataSealer) throws -> [UInt8]? {
        guard let stored = try folder.read(name) else { return nil }
        do {
            return try sealer.bound(to: Array(key.utf8)).open(try sealer.open(stored, context: context(name)), context: "attachment")
        } catch let error as SealError where error.code == .notAuthentic {
            return try sealer.open(stored, context: earlierContext(name))
        }
    }

    static func seal(_ bytes: [UInt8], _ key: String, as name: String, sealer: any DataSealer) throws -> [UInt8] {
        try sealer.seal(try sealer.bound(to: Array(key.utf8)).seal(bytes, context: "attachment"), context: context(name))
    }

    static func context(_ name: String) -> String { "attachments/\(name)" }

    /// Of contents that earlier versions did not bind to their hash.
    static func earlierContext(_ name: String) -> String { "blobs/\(name)" }

    static func name(of key: String, sealer: any DataSealer) -> String { Hex.encode(sealer.hash(Array(key.utf8), context: "blobs/name")) }

    private static func checkKey(in folder: BlobFolder, sealer: any DataSealer) throws {
        do {
            if let stored = try folder.read(checkName) {
                _ = try sealer.open(stored, context: earlierContext(checkName))
                return
            }
        } catch is SealError {
            throw StoreError(
                .wrongKey,
                reason: "the attachments in \(folder.path) were sealed under another key; use the one they were sealed with, "
                    + "or move the folder away to start anew")
        }
        try folder.write(try sealer.seal(Array("megabot".utf8), context: earlierContext(checkName)), as: checkName)
    }

    /// Runs work on one blob, which is given its file's name.
    private func perform<Value: Sendable>(on key: String, _ work: @escaping @Sendable (_ name: String) throws -> Value) async throws -> Value {
        let name = Self.name(of: key, sealer: sealer)
        return try await perform(onFile: name) { try work(name) }
    }

    /// Runs work on one file.
    func perform<Value: Sendable>(onFile name: String, _ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await Self.perform(on: queues[Int(name.prefix(2), radix: 16).map { $0 % queues.count } ?? 0], work)
    }

    private static func perform<Value: Sendable>(
        on queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
