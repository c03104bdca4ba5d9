// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore
import Synchronization

/// What every `CommandRunner` must do.
public enum CommandRunnerConformance {
    /// A runner and an empty folder it may write in.
    public struct Subject: Sendable {
        /// The runner under test.
        public var runner: any CommandRunner
        /// Absolute.
        public var folder: String

        /// A subject.
        public init(runner: any CommandRunner, folder: String) {
            self.runner = runner
            self.folder = folder
        }

        fileprivate func run(_ text: String, time: Duration = .seconds(60), outputBytes: Int = 1 << 20) async throws -> (CommandOutcome, String) {
            let gathered = Gathered()
            let request = CommandRequest(
                command: .shell(text), workingDirectory: folder, timeLimit: time, limits: .init(outputBytes: outputBytes))
            let outcome = try await runner.run(request) { gathered.add($0.bytes) }
            return (outcome, gathered.text)
        }
    }

    private final class Gathered: Sendable {
        private let bytes = Mutex<[UInt8]>([])
        func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
        var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
    }

    /// All checks.
    public static let checks: [ConformanceCheck<Subject>] = [
        .init("Output comes whole and in order, with the exit code") { subject in
            let (outcome, text) = try await subject.run("i=0; while [ $i -lt 2000 ]; do echo $i; i=$((i+1)); done; exit 5")
            try ConformanceFailure.unless(
                outcome.termination == .exited(code: 5), expected: "exit code 5", seen: "\(outcome.termination)")
            try ConformanceFailure.unless(text == (0..<2000).map { "\($0)\n" }.joined(), expected: "2,000 lines", seen: "\(text.utf8.count) bytes")
        },
        .init("It runs in the folder asked for, which it can write") { subject in
            let (_, text) = try await subject.run("echo made > file && cat file && rm file && pwd")
            try ConformanceFailure.unless(text == "made\n\(subject.folder)\n", expected: "the file and the folder", seen: text)
        },
        .init("Output beyond the limit is counted and dropped") { subject in
            let (outcome, text) = try await subject.run("i=0; while [ $i -lt 1000 ]; do echo 123456789; i=$((i+1)); done", outputBytes: 100)
            try ConformanceFailure.unless(text.utf8.count == 100, expected: "100 bytes", seen: "\(text.utf8.count)")
            try ConformanceFailure.unless(outcome.omittedBytes == 9_900, expected: "9,900 omitted", seen: "\(outcome.omittedBytes)")
        },
        .init("A command that takes too long is ended") { subject in
            let (outcome, _) = try await subject.run("sleep 600", time: .seconds(1))
            try ConformanceFailure.unless(outcome.termination == .timedOut, expected: "timed out", seen: "\(outcome.termination)")
        },
        .init("Writing outside the folder fails") { subject in
            let (_, text) = try await subject.run("( : > /etc/conformance-check ) 2>/dev/null && echo wrote; echo end")
            try ConformanceFailure.unless(text == "end\n", expected: "no write", seen: text)
        },
        .init("A folder that is not there is refused with its own error") { subject in
            do {
                _ = try await subject.runner.run(
                    CommandRequest(command: .shell("true"), workingDirectory: subject.folder + "/absent")) { _ in }
                throw ConformanceFailure(expected: "badWorkingDirectory", seen: "a run")
            } catch let error as CommandRunnerError {
                try ConformanceFailure.unless(error.code == .badWorkingDirectory, expected: "badWorkingDirectory", seen: error.code.rawValue)
            }
        },
    ]
}
