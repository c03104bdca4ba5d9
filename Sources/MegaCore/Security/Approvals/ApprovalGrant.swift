// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A person's standing yes to a narrow kind of action: this program with these words, in this folder, for this person and
/// conversation, so many times, until then.
///
/// It answers questions only; it never overrides a refusal. It ends by itself when its time or its uses are over.
public struct ApprovalGrant: Sendable, Hashable, Codable, Identifiable {
    /// A few letters and digits to type; unique among the grants in force.
    public var id: String
    /// What it covers.
    public var scope: GrantScope
    /// Whose actions.
    public var person: PersonID
    /// Where.
    public var conversation: ConversationID
    /// Who gave it.
    public var grantedBy: PersonID
    /// The question it was the answer to.
    public var approval: ApprovalRequest.ID
    /// When it was given.
    public var createdAt: Date
    /// When it ends.
    public var expiresAt: Date
    /// How often it may be used.
    public var usesAllowed: Int
    /// How often it was.
    public var uses: Int
    /// When it was used last.
    public var lastUsedAt: Date?
    /// Set once it has ended, for whatever reason; it is kept as a record then.
    public var endedAt: Date?
    /// Why it ended: `revoked`, `expired` or `used up`.
    public var ending: String?

    /// Makes a grant that was not used yet.
    public init(
        id: String, scope: GrantScope, person: PersonID, conversation: ConversationID, grantedBy: PersonID,
        approval: ApprovalRequest.ID, createdAt: Date, expiresAt: Date, usesAllowed: Int
    ) {
        self.id = id
        self.scope = scope
        self.person = person
        self.conversation = conversation
        self.grantedBy = grantedBy
        self.approval = approval
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.usesAllowed = usesAllowed
        uses = 0
    }

    /// Whether it may still answer. A clock that went back behind the grant's beginning ends it as well.
    public func isInForce(at now: Date) -> Bool {
        endedAt == nil && uses < usesAllowed && now < expiresAt && now >= createdAt.addingTimeInterval(-60)
    }

    /// A line for people.
    public func rendering(at now: Date) -> String {
        let left = max(0, Int(expiresAt.timeIntervalSince(now)))
        return "\(id): \(scope.rendering) – used \(uses) of \(usesAllowed), \(GrantTerms.rendering(seconds: left)) left, for \(ApprovalText.escaped(person.rawValue))"
    }
}

/// What a grant covers. The rules of ``GrantRules`` make it and compare it.
public struct GrantScope: Sendable, Hashable, Codable {
    /// One program and the beginning of its arguments.
    public struct CommandPattern: Sendable, Hashable, Codable {
        /// The program; path, file behind it and digest must all be the same.
        public var program: ProgramIdentity
        /// The words after the program.
        public var words: [String]
        /// Whether further words may follow.
        public var allowsMore: Bool

        /// Makes a pattern.
        public init(program: ProgramIdentity, words: [String], allowsMore: Bool) {
            self.program = program
            self.words = words
            self.allowsMore = allowsMore
        }
    }

    /// The tool.
    public var tool: String
    /// For commands: every simple command of a call has to match one of these. Empty for other tools.
    public var commands: [CommandPattern]
    /// For commands: the folder and its identity, as the preview's `folder` binding says it.
    public var folder: String?
    /// For commands: what confines them, as the preview's bindings say it (`network`, `sandbox`, `environment`): it holds under the same
    /// only. Nil in grants kept by a version that did not bind them.
    public var confines: [String: String]?
    /// For tools that name paths: the paths it holds for, exactly.
    public var paths: [String]
    /// For tools that name neither: the arguments it holds for, exactly.
    public var arguments: JSONValue?

    /// Makes a scope.
    public init(
        tool: String, commands: [CommandPattern] = [], folder: String? = nil, confines: [String: String]? = nil, paths: [String] = [],
        arguments: JSONValue? = nil
    ) {
        self.tool = tool
        self.commands = commands
        self.folder = folder
        self.confines = confines
        self.paths = paths
        self.arguments = arguments
    }

    /// In words for people, escaped.
    public var rendering: String {
        if !commands.isEmpty {
            let lines = commands.map { pattern in
                ([pattern.program.path] + pattern.words).joined(separator: " ") + (pattern.allowsMore ? " *" : "")
            }
            return "\(tool): \(ApprovalText.folded(lines.joined(separator: " | "), head: 160, tail: 40)) in \(ApprovalText.escaped(folder.map { String($0.split(separator: " ").first ?? "") } ?? "?"))"
        }
        if !paths.isEmpty { return "\(tool) of \(ApprovalText.folded(paths.joined(separator: ", "), head: 160, tail: 40))" }
        return "\(tool) \(ApprovalText.folded(arguments?.encodedString() ?? "", head: 160, tail: 40))"
    }
}

/// How long and how often a grant holds, as a person typed it.
public struct GrantTerms: Sendable, Hashable {
    /// The longest time a grant may hold, in seconds: seven days.
    public static let longest = 7 * 86_400
    /// The most uses a grant may have.
    public static let mostUses = 500

    /// Seconds until it ends; an hour unless said.
    public var seconds: Int
    /// Uses until it ends; 20 unless said.
    public var uses: Int
    /// Words the command has to begin with, program first, when the person named some; nil holds for exactly the words asked about.
    public var pattern: [String]?

    /// Makes terms.
    public init(seconds: Int = 3600, uses: Int = 20, pattern: [String]? = nil) {
        self.seconds = seconds
        self.uses = uses
        self.pattern = pattern
    }

    /// `2 h`, `30 min` or `12 s`, for people.
    static func rendering(seconds: Int) -> String {
        switch seconds {
        case 86_400...: "\(seconds / 86_400) d"
        case 3600...: seconds % 3600 < 60 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        case 60...: "\(seconds / 60) min"
        default: "\(seconds) s"
        }
    }
}
