// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One message of a model's context.
public struct ModelMessage: Sendable, Hashable, Codable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable, Codable { case user, assistant, tool }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var text: String
    /// What the assistant asked to run; only with role `assistant`.
    public var toolCalls: [ToolCall]
    /// Which call this answers; only with role `tool`.
    public var toolCallID: String?
    /// Where the text comes from.
    public var trust: TrustLabel

    /// Makes a message.
    public init(role: Role, text: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil, trust: TrustLabel) {
        self.role = role
        self.text = text
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.trust = trust
    }
}

/// A model's wish to run a tool.
public struct ToolCall: Sendable, Hashable, Codable, Identifiable {
    /// Unique within the turn. Given by the model, or made up when the model gives none.
    public var id: String
    /// The tool's name.
    public var name: String
    /// The arguments as the model wrote them: usually an object; a string when they were no valid JSON.
    public var arguments: JSONValue

    /// Makes a call.
    public init(id: String, name: String, arguments: JSONValue) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
