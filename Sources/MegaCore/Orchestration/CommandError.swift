// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A `!command` that cannot be carried out, in words for the person who typed it.
public struct CommandError: Error, Sendable, CustomStringConvertible {
    /// In words, for people and logs.
    public let description: String
    /// Says it in words for the person.
    public init(_ description: String) { self.description = description }
}
