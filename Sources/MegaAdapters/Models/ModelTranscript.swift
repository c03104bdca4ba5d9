// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A conversation in the order every provider demands: each tool result right behind the call it answers, each call answered,
/// each id and name of characters they accept. Made the same way each time, so that prompts stay byte-stable.
struct ModelTranscript: Sendable {
    enum Entry: Sendable {
        case user(String)
        /// What the assistant said and called, and what came of it.
        case assistant(String, [Call])
    }

    struct Call: Sendable {
        /// As the provider will see it: unique in this transcript.
        var id: String
        var name: String
        var arguments: JSONValue
        var result: String?
        /// As the messages have it.
        let originalID: String
    }

    /// What stands for a result that was never recorded.
    static let missingResult = "(no result of this call was recorded)"
    /// What stands for a message without any text.
    static let noText = "(no text)"

    private(set) var entries: [Entry] = []
    private var usedIDs: Set<String> = []

    init(_ messages: [ModelMessage]) {
        for message in messages {
            switch message.role {
            case .user: entries.append(.user(message.text))
            case .assistant:
                if message.text.isEmpty, message.toolCalls.isEmpty { continue }
                let calls = message.toolCalls.map { call($0.id, name: $0.name, arguments: $0.arguments) }
                entries.append(.assistant(message.text, calls))
            case .tool: attach(message)
            }
        }
        // No provider takes a conversation without a message.
        if entries.isEmpty { entries.append(.user(Self.noText)) }
    }

    /// The last call with this id that has no result gets it. A result whose call was cut away keeps its role: it gets a call to
    /// stand behind, since as a user's message it would gain weight it must not have.
    private mutating func attach(_ message: ModelMessage) {
        let id = message.toolCallID ?? ""
        for index in entries.indices.reversed() {
            guard case .assistant(let text, var calls) = entries[index],
                let place = calls.firstIndex(where: { $0.originalID == id && $0.result == nil })
            else { continue }
            calls[place].result = message.text
            entries[index] = .assistant(text, calls)
            return
        }
        var orphan = call(id, name: "earlier_call", arguments: .object([:]))
        orphan.result = message.text
        entries.append(.assistant("", [orphan]))
    }

    private mutating func call(_ id: String, name: String, arguments: JSONValue) -> Call {
        let base = Self.acceptable(id, limit: 32, fallback: "call")
        var unique = base
        var number = 2
        while !usedIDs.insert(unique).inserted {
            unique = "\(base)-\(number)"
            number += 1
        }
        return Call(
            id: unique, name: Self.acceptable(name, limit: 64, fallback: "unnamed"), arguments: arguments, result: nil, originalID: id)
    }

    private static func acceptable(_ text: String, limit: Int, fallback: String) -> String {
        let allowed = text.unicodeScalars.map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "_" || scalar == "-" ? Character(scalar) : "_"
        }
        return allowed.isEmpty ? fallback : String(allowed.prefix(limit))
    }
}

extension ModelTranscript.Call {
    /// The arguments as an object, as the providers that parse them demand; what the model wrote otherwise is kept inside.
    var objectArguments: JSONValue {
        if case .object = arguments { return arguments }
        return .object(["invalid_arguments": arguments])
    }
}
