// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which program a word of a command stands for, at one moment.
public struct ProgramIdentity: Sendable, Hashable, Codable {
    /// The word in the command.
    public var name: String
    /// The file the word leads to, absolute; empty when there is none.
    public var path: String
    /// The file behind all links.
    public var target: String
    /// SHA-256 of the file's bytes in hex, or what else tells its states apart.
    public var digest: String

    /// Says which program it is.
    public init(name: String, path: String, target: String, digest: String) {
        self.name = name
        self.path = path
        self.target = target
        self.digest = digest
    }
}
