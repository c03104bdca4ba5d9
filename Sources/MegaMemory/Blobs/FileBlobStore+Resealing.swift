// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

extension FileBlobStore: Resealable {
    /// Where the work stands; a small file in the folder.
    private struct Mark: Sendable {
        /// Names the keys it is done for.
        var keys: String
        /// The name looked at last.
        var last = "-"
        var progress = ResealingProgress(examined: 0, resealed: 0, isComplete: false)

        init(keys: String) { self.keys = keys }

        init?(_ text: String) {
            let parts = text.split(separator: " ").map(String.init)
            guard parts.count == 6, let examined = Int(parts[2]), let resealed = Int(parts[3]), let unreadable = Int(parts[4]) else { return nil }
            (keys, last) = (parts[0], parts[1])
            progress = ResealingProgress(examined: examined, resealed: resealed, unreadable: unreadable, isComplete: parts[5] == "done")
        }

        var text: String {
            "\(keys) \(last) \(progress.examined) \(progress.resealed) \(progress.unreadable) \(progress.isComplete ? "done" : "open")"
        }
    }

    private enum Outcome: Sendable { case current, moved, unreadable }

    /// Part of the name of what is to be done: raised when contents come to be sealed in another way, so that it is done once more.
    private static let layout = "2"

    /// See `Resealable.beginResealing(to:)`.
    @discardableResult
    public func beginResealing(to keys: String) async throws -> Bool {
        let name = keys.filter { !$0.isWhitespace } + "/" + Self.layout
        let folder = folder
        let known = try await perform(onFile: Self.markName) { () -> Mark? in
            if let mark = try Self.mark(folder), mark.keys == name { return mark }
            try folder.write(Array(Mark(keys: name).text.utf8), as: Self.markName)
            return nil
        }
        if let known { return !known.progress.isComplete }
        unexamined.withLock { $0 = nil }
        return true
    }

    /// See `Resealable.resealNext(limit:)`. Contents that earlier versions did not bind to their hash are bound to it.
    public func resealNext(limit: Int) async throws -> ResealingProgress {
        let (folder, sealer) = (folder, sealer)
        let known = unexamined.withLock { $0 }
        var (mark, names) = try await perform(onFile: Self.markName) { () -> (Mark, [String]) in
            let mark = try Self.mark(folder) ?? Mark(keys: "-")
            if mark.progress.isComplete { return (mark, []) }
            return (mark, try known ?? folder.names().filter { $0 > mark.last && $0 != Self.markName }.reversed())
        }
        if mark.progress.isComplete { return mark.progress }
        for _ in 0..<max(1, limit) {
            guard let name = names.popLast() else { break }
            switch try await perform(onFile: name, { try Self.reseal(name, in: folder, sealer: sealer) }) {
            case .current: break
            case .moved: mark.progress.resealed += 1
            case .unreadable: mark.progress.unreadable += 1
            }
            mark.progress.examined += 1
            mark.last = name
        }
        mark.progress.isComplete = names.isEmpty
        unexamined.withLock { [names] in $0 = names }
        try await perform(onFile: Self.markName) { [mark] in try folder.write(Array(mark.text.utf8), as: Self.markName) }
        return mark.progress
    }

    private static func mark(_ folder: BlobFolder) throws -> Mark? {
        try folder.read(markName).flatMap { Mark(String(decoding: $0, as: UTF8.self)) }
    }

    private static func reseal(_ name: String, in folder: BlobFolder, sealer: any DataSealer) throws -> Outcome {
        guard let stored = try folder.read(name) else { return .current }
        do {
            if name == checkName {
                guard let new = try sealer.resealed(stored, context: earlierContext(name)) else { return .current }
                try folder.write(new, as: name)
                return .moved
            }
            do {
                _ = try sealer.open(stored, context: context(name))
                guard let new = try sealer.resealed(stored, context: context(name)) else { return .current }
                try folder.write(new, as: name)
                return .moved
            } catch let error as SealError where error.code == .notAuthentic {
                let bytes = try sealer.open(stored, context: earlierContext(name))
                let key = ContentHash.hex(of: bytes)
                guard Self.name(of: key, sealer: sealer) == name else { return .unreadable }
                try folder.write(try seal(bytes, key, as: name, sealer: sealer), as: name)
                return .moved
            }
        } catch is SealError {
            return .unreadable
        }
    }
}
