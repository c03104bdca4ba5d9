// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which files a call changed, as absolute paths.
public struct FileWrites: Sendable, Hashable {
    /// Files that are new or hold something else than before.
    public var written: [String]
    /// Files of which nothing is left: they are gone, or were replaced as a whole.
    public var removed: [String]
    /// Folders below which anything may have changed, because it could not be looked at file by file.
    public var folders: [String]

    /// Puts the lists together.
    public init(written: [String] = [], removed: [String] = [], folders: [String] = []) {
        self.written = written
        self.removed = removed
        self.folders = folders
    }
}
