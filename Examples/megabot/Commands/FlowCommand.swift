// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

struct FlowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flow", abstract: "Looks at how the information flow guard judges calls.", subcommands: [Test.self])

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Judges recorded sessions.",
            discussion: """
                Reads one JSON object a line: {id, tools: [{name, description, effects, result_integrity, result_confidentiality, \
                sensitive_args, content_args, parameters}], prompt, steps: [{tool, args, result, on_ask: "approve" | "refuse"}]}. Answers \
                {id, decisions: ["allow" | "ask" | "deny", …]}, one for each step, in order; with --explain also why. A step that is \
                refused or denied does not run. Nothing is run in any case.
                """)

        @Flag(help: "Sessions from the standard input, one JSON object a line.") var jsonl = false
        @Flag(help: "Adds for every step why.") var explain = false

        func validate() throws {
            guard jsonl else { throw ValidationError("Pass --jsonl and the sessions on the standard input.") }
        }

        func run() throws {
            let guardian = FlowGuard()
            var hadBadLine = false
            var number = 0
            try Self.lines { line in
                number += 1
                guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { return }
                var id: JSONValue?
                do {
                    let record = try JSONValue(parsing: Array(line))
                    id = record["id"]
                    let judged = try RecordedSession(record).judge(by: guardian)
                    var answer: [String: JSONValue] = ["decisions": .array(judged.map { .string($0.verdict) })]
                    answer["id"] = id
                    if explain { answer["reasons"] = .array(judged.map { .string($0.reason) }) }
                    Console.line(JSONValue.object(answer).encodedString())
                } catch {
                    if let id {
                        Console.line(JSONValue.object(["id": id, "error": .string("\(error)")]).encodedString())
                    } else {
                        hadBadLine = true
                        Console.error("line \(number): \(error)")
                    }
                }
            }
            if hadBadLine { throw ExitCode(65) }
        }

        /// Every line of the standard input, without its end.
        private static func lines(_ body: (ArraySlice<UInt8>) -> Void) throws {
            var rest: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = read(0, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw Complaint("the standard input cannot be read: \(String(cString: strerror(errno))).") }
                guard count > 0 else { break }
                // Only what is new can hold the end of the line.
                var searched = rest.count
                rest.append(contentsOf: chunk[..<count])
                var start = 0
                while let end = rest[searched...].firstIndex(of: 0x0A) {
                    body(rest[start..<end])
                    start = end + 1
                    searched = start
                }
                rest.removeFirst(start)
                guard rest.count <= 64 << 20 else { throw Complaint("a line is longer than 64 MiB.") }
            }
            if !rest.isEmpty { body(rest[...]) }
        }
    }
}
