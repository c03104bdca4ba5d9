// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import MegaCore

/// One rule: what to say to actions that match a pattern.
///
/// Patterns:
/// - `*`: every tool call.
/// - `read_file`: the tool of that name. As the first word of a command it is also a program.
/// - `git status`: commands whose words begin so. Deny and ask also match the program given by a path, with options in between, and
///   inside nested bodies; allow matches the words exactly, from the first on.
/// - `write_file:drafts/`: calls of the tool on paths that end in or lie below the given one; `run_command:ls` limits a command
///   prefix to one tool. The prefix `shell.` before a command is accepted and means nothing.
public struct PolicyRule: Sendable, Hashable, Codable {
    /// Where a rule comes from.
    public enum Origin: String, Sendable, Hashable, Codable {
        case configuration, chat
    }

    /// What to say.
    public var verdict: PolicyVerdict
    /// What it is about; see the forms above.
    public var pattern: String
    /// Where it comes from.
    public var origin: Origin
    /// When it was added from a chat; nil for configured rules.
    public var addedAt: Date?

    /// Makes a rule; the pattern is read when it is put in force.
    public init(_ verdict: PolicyVerdict, _ pattern: String, origin: Origin = .configuration, addedAt: Date? = nil) {
        self.verdict = verdict
        self.pattern = pattern
        self.origin = origin
        self.addedAt = addedAt
    }
}

/// Why a rule or a policy file is not acceptable.
public struct PolicyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure; open.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The raw value.
        public let rawValue: String
        /// Wraps a raw value.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// The pattern cannot be read.
        public static let badPattern = Code(rawValue: "badPattern")
        /// The pattern would allow far more than it seems to.
        public static let tooBroad = Code(rawValue: "tooBroad")
        /// The rules cannot be read or written.
        public static let storeUnavailable = Code(rawValue: "storeUnavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do next, in words; holds no secrets.
    public let reason: String
    /// In words, for people and logs.
    public var description: String { reason }

    /// Makes an error.
    public init(_ code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }
}
