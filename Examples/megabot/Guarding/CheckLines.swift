// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `megabot check --jsonl`: `{id, input_b64, context, shell}` in, `{id, action, rules, incomplete}` out, line by line.
struct CheckLines {
    private let commandGuard = CommandGuard()
    private(set) var unanswered = 0

    /// Answers every line in order; throws exit code 65 at the end when a line could not even be told apart.
    static func run() throws {
        var lines = CheckLines()
        var output: [UInt8] = []
        try StandardInput.lines(limit: 16 << 20) { line in
            guard let answer = lines.answer(line) else { return }
            output += answer.encoded()
            output.append(0x0A)
            if output.count > 1 << 16 {
                Console.text(String(decoding: output, as: UTF8.self))
                output.removeAll(keepingCapacity: true)
            }
        }
        if !output.isEmpty { Console.text(String(decoding: output, as: UTF8.self)) }
        if lines.unanswered > 0 { throw ExitCode(65) }
    }

    private mutating func answer(_ line: ArraySlice<UInt8>) -> JSONValue? {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return nil }
        let request: JSONValue
        do { request = try JSONValue(parsing: line) } catch {
            unanswered += 1
            Console.error("error: a line is no JSON: \(error)")
            return nil
        }
        guard let id = request["id"] else {
            unanswered += 1
            Console.error("error: a line has no id.")
            return nil
        }
        func flaw(_ text: String) -> JSONValue { ["id": id, "error": .string(text)] }
        guard let encoded = request["input_b64"]?.stringValue else { return flaw("input_b64 is missing.") }
        guard let data = Data(base64Encoded: encoded) else { return flaw("input_b64 is no base64.") }
        var input = GuardInput(bytes: Array(data))
        if let value = request["context"], value != .null {
            guard let context = value.stringValue.flatMap(GuardContext.init(rawValue:)) else {
                return flaw("context must be one of \(GuardContext.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            input.context = context
        }
        if let value = request["shell"], value != .null {
            guard let dialect = value.stringValue.flatMap(ShellDialect.init(rawValue:)) else {
                return flaw("shell must be one of \(ShellDialect.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            input.dialect = dialect
        }
        let verdict = commandGuard.check(input)
        var rules: [String] = []
        for finding in verdict.findings where !rules.contains(finding.rule) { rules.append(finding.rule) }
        return [
            "id": id, "action": .string(verdict.action.rawValue), "rules": .array(rules.map(JSONValue.string)),
            "incomplete": .bool(verdict.isIncomplete),
        ]
    }
}
