// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

/// `policy test --jsonl`: every line has its own rules.
enum PolicyLines {
    /// The longest line that is read.
    private static let longestLine = 4 << 20

    static func answer() throws {
        var wrong = 0
        var number = 0
        var reader = StandardInputLines(limit: longestLine)
        while let line = reader.next() {
            number += 1
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { continue }
            let (answer, problem) = answer(line)
            if let answer { Console.line(answer.encodedString()) }
            if let problem {
                Console.error("line \(number): \(problem)")
                wrong += 1
            }
        }
        if wrong > 0 { throw ExitCode(65) }
    }

    /// The answer, and what to complain about when the line has no id to answer to.
    private static func answer(_ line: [UInt8]) -> (JSONValue?, problem: String?) {
        let value: JSONValue
        do throws(JSONSyntaxError) { value = try JSONValue(parsing: line) } catch { return (nil, "\(error)") }
        guard let id = value["id"], value.objectValue != nil else { return (nil, "the line has no id") }
        guard let input = value["input"]?.stringValue, let policy = value["policy"]?.objectValue else {
            return (["id": id, "error": "input (a text) and policy (an object) are needed"], nil)
        }
        var rules: [PolicyRule] = []
        for (name, verdict) in [("deny", PolicyVerdict.deny), ("ask", .ask), ("allow", .allow)] {
            guard let list = policy[name] else { continue }
            guard let patterns = list.arrayValue?.map(\.stringValue) else { return (["id": id, "error": .string("policy.\(name) is no list")], nil) }
            for pattern in patterns {
                guard let pattern else { return (["id": id, "error": .string("policy.\(name) holds something that is no text")], nil) }
                rules.append(PolicyRule(verdict, pattern))
            }
        }
        let presets = (policy["presets"]?.arrayValue ?? []).compactMap { $0.stringValue.flatMap(PolicyPreset.init(rawValue:)) }
        let (authorizer, refused) = PolicyAuthorizer.keepingAcceptable(rules, presets: presets, programs: AssumedPrograms())
        let explanation = authorizer.explain(
            CommandAction.make(
                input, person: "websocket:owner", conversation: ConversationID(platform: .webSocket, chat: "test"), mode: .build, folder: "/workspace"))
        var answer: [String: JSONValue] = [
            "id": id, "decision": .string(explanation.verdict.rawValue), "rule": explanation.rule.map(JSONValue.string) ?? .null,
            "reason": .string(explanation.reason),
        ]
        if !refused.isEmpty { answer["refused"] = .array(refused.map { .string($0) }) }
        return (.object(answer), nil)
    }
}

/// A call of the tool that runs commands, made up to ask the rules about it.
enum CommandAction {
    static func make(
        _ text: String, person: String, conversation: ConversationID, mode: Mode, folder: String, influence: TrustLabel = .owner
    ) -> ProposedAction {
        let inspection = ShellInspector().inspect(text)
        return ProposedAction(
            tool: ToolDefinition(name: "run_command", description: "", effects: [.executes, .writesFiles]), arguments: ["command": .string(text)],
            preview: ActionPreview(
                summary: text,
                command: CommandPreview(
                    text: text, simpleCommands: inspection.simpleCommands, workingDirectory: folder, isIncomplete: inspection.isIncomplete)),
            scope: ToolScope(
                conversation: conversation, person: PersonID(rawValue: person), turn: TurnID(rawValue: 0), mode: mode, trust: .owner),
            influence: influence)
    }
}
