// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Where a text comes from and where it goes.
public enum GuardContext: String, Sendable, Hashable, Codable, CaseIterable {
    /// A command that is about to run.
    case exec
    /// A text pasted into a terminal, which may run at once.
    case paste
    /// What a program or a tool printed, on its way to a terminal or a model.
    case output
}

/// The language a command is written in, as far as quoting and separators differ.
public enum ShellDialect: String, Sendable, Hashable, Codable, CaseIterable {
    case posix, bash, zsh, fish, powershell, cmd
}

/// A text to be checked.
public struct GuardInput: Sendable, Hashable {
    /// The text as it came; need not be UTF-8.
    public var bytes: [UInt8]
    /// Where it goes.
    public var context: GuardContext
    /// For which shell.
    public var dialect: ShellDialect

    /// Makes an input.
    public init(bytes: [UInt8], context: GuardContext = .exec, dialect: ShellDialect = .posix) {
        self.bytes = bytes
        self.context = context
        self.dialect = dialect
    }
}
