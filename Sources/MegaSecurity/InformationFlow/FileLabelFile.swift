// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
public import MegaCore

/// Where ``FlowGuard`` keeps which files were written under untrusted influence: one sealed file, readable by its owner only, replaced as
/// a whole.
///
/// It has to lie outside every folder a tool can write. Not found is its replacement by an older copy of itself, or its removal.
public struct FileLabelFile: Sendable {
    /// Most bytes the file may have.
    public static let longestFile = 64 << 20

    private static let context = "flow/files 1"
    private let path: String
    private let sealer: any DataSealer

    /// - Parameters:
    ///   - path: Absolute. Its folder exists; the file is made with the first label.
    ///   - sealer: Seals the file; it opens under the same keys only.
    public init(path: String, sealer: any DataSealer) {
        self.path = path
        self.sealer = sealer
    }

    /// What was kept; nothing when there is no file.
    func load() throws -> FileLabels.Content {
        do {
            guard let bytes = try KeyFile.read(path, limit: Self.longestFile + 1) else { return FileLabels.Content() }
            guard bytes.count <= Self.longestFile else { throw FileLabelError(.damaged, reason: "\(path) is larger than \(Self.longestFile) bytes.") }
            return try JSONDecoder().decode(FileLabels.Content.self, from: Data(try sealer.open(bytes, context: Self.context)))
        } catch let error as FileLabelError {
            throw error
        } catch {
            throw FileLabelError(
                .damaged,
                reason: "\(path), which says what files were written under the influence of strangers or pages, cannot be read: it was changed, "
                    + "or sealed under another key. Restore it from a backup. Without it such files count as any other: look at the workspace, then remove it.")
        }
    }

    /// Seals the file anew when it is under an older key.
    func reseal() throws -> ResealingProgress {
        do {
            guard let bytes = try KeyFile.read(path, limit: Self.longestFile + 1) else {
                return ResealingProgress(examined: 0, resealed: 0, isComplete: true)
            }
            guard let moved = try sealer.resealed(bytes, context: Self.context) else {
                return ResealingProgress(examined: 1, resealed: 0, isComplete: true)
            }
            try KeyFile.replace(path, moved)
            return ResealingProgress(examined: 1, resealed: 1, isComplete: true)
        } catch is SealError {
            return ResealingProgress(examined: 1, resealed: 0, unreadable: 1, isComplete: true)
        } catch {
            throw FileLabelError(.unavailable, reason: "\(path) cannot be sealed anew: \(error)")
        }
    }

    func replace(_ content: FileLabels.Content) throws {
        do {
            try KeyFile.replace(path, try sealer.seal(Array(try JSONEncoder().encode(content)), context: Self.context))
        } catch {
            throw FileLabelError(.unavailable, reason: "\(path) cannot be written: \(error)")
        }
    }
}

/// What is known of files could not be read or kept.
public struct FileLabelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Not as it was written.
        public static let damaged = Code(rawValue: "damaged")
        /// It cannot be written.
        public static let unavailable = Code(rawValue: "unavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
