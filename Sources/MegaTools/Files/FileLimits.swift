// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The bounds of the file tools.
public struct FileLimits: Sendable, Hashable {
    /// Bytes of a file that are read at most in one call.
    public var readBytes: Int
    /// Bytes that may be written in one call.
    public var writeBytes: Int
    /// Entries of one listing.
    public var listEntries: Int
    /// Matching lines of one search.
    public var searchMatches: Int
    /// Files and folders one search or recursive listing looks at.
    public var searchEntries: Int
    /// Larger files are not searched.
    public var searchFileBytes: Int

    /// Limits; the defaults suit a model's context.
    public init(
        readBytes: Int = 256 << 10, writeBytes: Int = 4 << 20, listEntries: Int = 1_000, searchMatches: Int = 200,
        searchEntries: Int = 50_000, searchFileBytes: Int = 4 << 20
    ) {
        self.readBytes = readBytes
        self.writeBytes = writeBytes
        self.listEntries = listEntries
        self.searchMatches = searchMatches
        self.searchEntries = searchEntries
        self.searchFileBytes = searchFileBytes
    }
}
