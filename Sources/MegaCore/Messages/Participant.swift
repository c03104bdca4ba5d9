// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A sender as the platform names it.
public struct Participant: Sendable, Hashable, Codable {
    /// The platform's own id of the account. Never a display name.
    public var id: String
    /// What the platform shows for the account; chosen by its holder, so never used to decide anything.
    public var displayName: String?
    /// Whether the platform says this is a bot.
    public var isBot: Bool

    /// Describes an account.
    public init(id: String, displayName: String? = nil, isBot: Bool = false) {
        self.id = id
        self.displayName = displayName
        self.isBot = isBot
    }
}
