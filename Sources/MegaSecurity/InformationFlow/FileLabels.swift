// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import MegaCore
import Synchronization

/// Which files hold text that was written under untrusted influence. With a file of its own it outlives the process.
///
/// A tool that names the paths it writes leaves them here, and what a command changed is found out by comparing the folder. Reading
/// one of these files later gives text that is no more trusted.
final class FileLabels: Sendable {
    /// What is known, as it is kept.
    struct Content: Sendable, Codable, Hashable {
        var files: [String: TrustLabel] = [:]
        /// Folders everything below which counts.
        var folders: [String: TrustLabel] = [:]
    }

    private struct State {
        var content: Content
        var changes = 0
        var kept = 0
    }

    /// The most files known one by one; past it their folders count.
    static let mostFiles = 50_000

    private let state: Mutex<State>
    private let file: FileLabelFile?
    private let queue = DispatchQueue(label: "megabot.file-labels")

    /// - Throws: ``FileLabelError`` when the file cannot be read.
    init(file: FileLabelFile?) throws {
        self.file = file
        state = Mutex(State(content: try file?.load() ?? Content()))
    }

    /// Nothing is kept.
    init() {
        file = nil
        state = Mutex(State(content: Content()))
    }

    /// Files now hold text with this label, or may below a folder.
    func note(_ files: [String], folders: [String] = [], _ label: TrustLabel) {
        guard label.isUntrusted, !files.isEmpty || !folders.isEmpty else { return }
        state.withLock { state in
            let before = state.content
            for path in files {
                if state.content.files.count < Self.mostFiles || state.content.files[path] != nil {
                    state.content.files[path] = label.weaker(state.content.files[path] ?? .owner)
                } else {
                    Self.add(Self.parent(of: path), label, to: &state.content.folders)
                }
            }
            for folder in folders { Self.add(folder, label, to: &state.content.folders) }
            if state.content != before { state.changes += 1 }
        }
    }

    /// Files are gone, or hold nothing any more but what somebody vouches for.
    func forget(_ files: [String]) {
        state.withLock { state in
            var isChanged = false
            for path in files where state.content.files.removeValue(forKey: path) != nil { isChanged = true }
            if isChanged { state.changes += 1 }
        }
    }

    /// The least trusted label any of these carries, when one does. A path is also asked for by the folders it lies in, and a folder by
    /// what lies below: a search or a listing shows it.
    func label(of paths: [String]) -> TrustLabel? {
        guard !paths.isEmpty else { return nil }
        return state.withLock { state in
            let content = state.content
            guard !content.files.isEmpty || !content.folders.isEmpty else { return nil }
            var worst: TrustLabel?
            func join(_ label: TrustLabel) { worst = label.weaker(worst ?? .owner) }
            for path in paths {
                if let found = content.files[path] { join(found) }
                let below = path.hasSuffix("/") ? path : path + "/"
                for (written, found) in content.files where written.utf8.starts(with: below.utf8) { join(found) }
                for (folder, found) in content.folders where folder == path || folder.hasPrefix(below) || path.hasPrefix(folder + "/") { join(found) }
            }
            return worst
        }
    }

    /// Writes what has changed since the last time. Durable on return.
    func save() async throws {
        guard let file, state.withLock({ $0.changes != $0.kept }) else { return }
        try await onQueue {
            let (content, changes, kept) = self.state.withLock { ($0.content, $0.changes, $0.kept) }
            guard changes != kept else { return }
            try file.replace(content)
            self.state.withLock { $0.kept = changes }
        }
    }

    /// Moves the file to the newest key, if there is one.
    func reseal() async throws -> ResealingProgress {
        guard let file else { return ResealingProgress(examined: 0, resealed: 0, isComplete: true) }
        return try await onQueue { try file.reseal() }
    }

    private func onQueue<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    private static func add(_ folder: String, _ label: TrustLabel, to folders: inout [String: TrustLabel]) {
        let path = folder.hasSuffix("/") && folder.utf8.count > 1 ? String(folder.dropLast()) : folder
        folders[path] = label.weaker(folders[path] ?? .owner)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
