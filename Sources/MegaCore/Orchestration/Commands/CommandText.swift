// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What clients may want to know of a text before they send it.
public enum CommandText {
    /// Whether a text is a `!command`, which is carried out at once, and no message to the agent.
    public static func isCommand(_ text: String) -> Bool { AdminCommands.parse(text) != nil }
}
