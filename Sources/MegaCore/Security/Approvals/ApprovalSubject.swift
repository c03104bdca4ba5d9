// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Everything an approval is bound to, as one list of facts, and the digest over it.
///
/// The facts are what is shown to the approver (escaped) and what is hashed; there is no second source. The executor makes the
/// subject again right before the action, and runs nothing when the digest differs.
public struct ApprovalSubject: Sendable, Hashable {
    /// One thing that must stay as it was.
    public struct Fact: Sendable, Hashable {
        /// What it is, such as `folder` or `program ls`.
        public let name: String
        /// Its exact value.
        public let value: String
    }

    /// The facts in their fixed order.
    public let facts: [Fact]

    /// SHA-256 over names and values, each with its length before it, in 64 lower-case hex digits.
    ///
    /// Over bytes, not characters: two texts that only look the same have different digests.
    public var digest: String {
        var bytes: [UInt8] = []
        func add(_ text: String) {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text.utf8)
        }
        add("megabot approval 1")
        for fact in facts {
            add(fact.name)
            add(fact.value)
        }
        return ContentHash.hex(of: bytes)
    }

    /// The subject of an action.
    public init(of action: ProposedAction) {
        self.init(
            tool: action.tool.name, effects: action.tool.effects, arguments: action.arguments, preview: action.preview,
            requester: action.scope.person, conversation: action.scope.conversation, influence: action.influence)
    }

    init(
        tool: String, effects: ToolEffects, arguments: JSONValue, preview: ActionPreview, requester: PersonID,
        conversation: ConversationID, influence: TrustLabel
    ) {
        var facts: [Fact] = []
        func add(_ name: String, _ value: String) { facts.append(Fact(name: name, value: value)) }
        add("action", preview.summary)
        add("tool", tool)
        add("effects", effects.description)
        add("arguments", arguments.encodedString())
        if let command = preview.command {
            add("command", command.text ?? "")
            add("has shell text", command.text == nil ? "no" : "yes")
            for words in command.simpleCommands { add("argv", JSONValue.array(words.map { .string($0) }).encodedString()) }
            add("working folder", command.workingDirectory)
            add("fully understood", command.isIncomplete ? "no" : "yes")
        }
        for path in preview.paths { add("path", path) }
        for program in preview.programs {
            add("program", JSONValue.array([.string(program.name), .string(program.path), .string(program.target), .string(program.digest)]).encodedString())
        }
        for (name, value) in preview.bindings.sorted(by: { $0.key < $1.key }) { add("binding \(name)", value) }
        add("requester", requester.rawValue)
        add("conversation", conversation.description)
        // The class, not the label: that a tool of this machine has answered meanwhile changes nothing, a page's or a stranger's words do.
        add("text from outside", influence == .web || influence == .unknown ? influence.rawValue : "none")
        self.facts = facts
    }

    /// Every fact on a line of its own, escaped; nothing folded unless it is longer than `limit` characters.
    public func rendering(limit: Int = 40_000) -> String {
        facts.map { "\($0.name): \(ApprovalText.folded($0.value, head: limit, tail: 0))" }.joined(separator: "\n") + "\nSHA-256: \(digest)"
    }
}
