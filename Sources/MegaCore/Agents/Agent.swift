// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Works on turns: reads the message, uses models and tools, and says what to answer.
///
/// Implement this for a way of thinking of your own; ``ConversationalAgent`` is the built-in one. An agent has no way to an effect
/// but ``AgentServices/call(_:)``.
public protocol Agent: Sendable {
    /// Names the agent for people and configuration.
    var name: String { get }

    /// Answers one turn. After a crash it is called again for the same turn; what the services journaled is not repeated.
    ///
    /// - Throws: When there can be no answer; its description is told to the person.
    func respond(to turn: Turn, using services: AgentServices) async throws -> AgentReply

    func health() async -> ComponentHealth
}

extension Agent {
    /// Always healthy.
    public func health() async -> ComponentHealth { .healthy }
}

/// What an agent wants said.
public struct AgentReply: Sendable, Hashable {
    /// The parts of the answer, in order; empty for no answer at all.
    public var content: [ContentPart]

    /// An answer of one text; an empty text is no answer.
    public init(_ text: String) { content = text.isEmpty ? [] : [.text(text)] }
    /// An answer of several parts.
    public init(content: [ContentPart]) { self.content = content }
}
