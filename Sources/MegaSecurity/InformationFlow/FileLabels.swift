// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// Which files were written under untrusted influence, as far as this process knows.
///
/// A tool that names the paths it writes leaves them here; reading one of them later gives text that is no more trusted. What a
/// command wrote, nobody can tell; its results are labelled by what the command may do.
final class FileLabels: Sendable {
    private static let limit = 50_000
    private let labels = Mutex<[String: TrustLabel]>([:])

    /// A file now holds text with this label. Text a person vouches for takes an older label away only when the whole file is new.
    func note(_ paths: [String], _ label: TrustLabel) {
        guard !paths.isEmpty, label.isUntrusted else { return }
        labels.withLock { labels in
            for path in paths where labels.count < Self.limit || labels[path] != nil { labels[path] = label.weaker(labels[path] ?? .owner) }
        }
    }

    /// The least trusted label any of these carries, when one does. A path is also asked for by the folders it lies in.
    func label(of paths: [String]) -> TrustLabel? {
        guard !paths.isEmpty else { return nil }
        return labels.withLock { labels in
            guard !labels.isEmpty else { return nil }
            // A full table knows nothing of later files: everything read counts as the worst.
            if labels.count >= Self.limit { return .web }
            var worst: TrustLabel?
            for path in paths {
                if let found = labels[path] { worst = found.weaker(worst ?? .owner) }
                // A search or listing of a folder shows what lies below.
                let folder = path.hasSuffix("/") ? path : path + "/"
                for (written, found) in labels where written.hasPrefix(folder) { worst = found.weaker(worst ?? .owner) }
            }
            return worst
        }
    }
}
