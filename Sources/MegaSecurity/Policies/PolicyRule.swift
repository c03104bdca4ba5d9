// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif
public import MegaCore

/// One rule: what to say to actions that match a pattern, and when.
///
/// Patterns:
/// - `*`: every tool call.
/// - `read_file`: the tool of that name. As the first word of a command it is also a program.
/// - `tool:mail`: the tool of that name only, whatever it is given; never a program. The way to allow a tool that is called like a
///   program. Denying or asking about `mail` alone reaches both.
/// - `git status`: commands whose words begin so; with a last `$`, exactly these words and no more. Deny and ask also match the
///   program given by a path, options in between or spelled otherwise, and nested bodies; allow matches the words exactly, from the
///   first on, and its further words must be known to be harmless.
/// - `write_file:drafts/`: calls of the tool on paths that end in or lie below the given one; `run_command:ls` limits a command
///   prefix to one tool.
/// - The reference system's names: `shell.` before a command means nothing; `shell`, `shell.execute` and `system.run` are the tool
///   that runs commands; `filesystem`, `filesystem.read`, `filesystem.write`, `memory` and their like are the tools that do this; any
///   other dotted name covers the tools whose names begin with its parts.
public struct PolicyRule: Sendable, Hashable {
    /// Where a rule comes from.
    public enum Origin: String, Sendable, Hashable, Codable {
        case configuration, chat, preset
    }

    /// What to say.
    public var verdict: PolicyVerdict
    /// What it is about; see the forms above.
    public var pattern: String
    /// When it holds.
    public var conditions: PolicyConditions
    /// Where it comes from.
    public var origin: Origin
    /// When it was added from a chat; nil for configured rules.
    public var addedAt: Date?
    /// Why it is there, for people.
    public var note: String?

    /// Makes a rule; the pattern is read when it is put in force.
    public init(
        _ verdict: PolicyVerdict, _ pattern: String, conditions: PolicyConditions = .none, origin: Origin = .configuration,
        addedAt: Date? = nil, note: String? = nil
    ) {
        self.verdict = verdict
        self.pattern = pattern
        self.conditions = conditions
        self.origin = origin
        self.addedAt = addedAt
        self.note = note
    }
}

extension PolicyRule: Codable {
    private enum CodingKeys: String, CodingKey { case verdict, pattern, conditions, origin, addedAt, note }

    /// Reads rules with and without conditions.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try values.decode(PolicyVerdict.self, forKey: .verdict), try values.decode(String.self, forKey: .pattern),
            conditions: try values.decodeIfPresent(PolicyConditions.self, forKey: .conditions) ?? .none,
            origin: try values.decode(Origin.self, forKey: .origin), addedAt: try values.decodeIfPresent(Date.self, forKey: .addedAt),
            note: try values.decodeIfPresent(String.self, forKey: .note))
    }

    /// Leaves out what is empty.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(verdict, forKey: .verdict)
        try values.encode(pattern, forKey: .pattern)
        if conditions != .none { try values.encode(conditions, forKey: .conditions) }
        try values.encode(origin, forKey: .origin)
        try values.encodeIfPresent(addedAt, forKey: .addedAt)
        try values.encodeIfPresent(note, forKey: .note)
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
        /// A store lies where a tool can write.
        public static let misplaced = Code(rawValue: "misplaced")
        /// The rules cannot be read or written.
        public static let storeUnavailable = Code(rawValue: "storeUnavailable")
    }

    static let allowsEverything = PolicyError(
        .tooBroad, reason: "Allowing everything would switch all questions off. Allow single tools or command beginnings.")

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
