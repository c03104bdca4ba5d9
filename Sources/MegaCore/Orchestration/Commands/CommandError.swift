// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Something a person or the host asked of the orchestrator that cannot be done: a `!command`, a decision about a request, a grant.
/// In words for whoever asked.
public struct CommandError: Error, Sendable, CustomStringConvertible {
    /// In words, for people and logs.
    public let description: String
    /// Says it in words for the person.
    public init(_ description: String) { self.description = description }
}
