// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Testing

@Suite("The daemon and a Python client written from its documentation", .serialized, .timeLimit(.minutes(5)))
struct DaemonTests {
    @Test(
        "holds every part of the conversation", .enabled(if: PeerProgram.mayRun, PeerProgram.hint),
        arguments: ["approve", "deny", "memory", "commands", "frames", "sealed", "attachments", "kept_key", "kill"])
    func conversation(name: String) async throws {
        try await PeerProgram.run("conversation.py", ["--case", name], timeLimit: .seconds(90))
    }

    @Test(
        "answers bad input with a clear message and the right exit code", .enabled(if: PeerProgram.mayRun, PeerProgram.hint),
        arguments: [
            "broken-yaml", "unknown-key", "port-in-use", "read-only", "wrong-key", "missing-key", "newer-database", "foreign-database",
            "model-down", "model-slow", "model-cut", "model-html", "second-daemon",
            "workspace-over-data", "damaged-policies", "wrong-types", "bad-policies", "unknown-variables", "wrong-passphrase", "doctor",
        ])
    func badInput(name: String) async throws {
        try await PeerProgram.run("bad_input.py", ["--case", name], timeLimit: .seconds(90))
    }

    @Test(
        "keeps secrets secret, holds clients to their rates, and leaves no processes and attachments behind",
        .enabled(if: PeerProgram.mayRun, PeerProgram.hint), arguments: ["secrets", "requests", "processes", "orphans"])
    func operation(name: String) async throws {
        try await PeerProgram.run("operation.py", ["--case", name], timeLimit: .seconds(90))
    }

    @Test(
        "talks with a person at a terminal and with a pipe", .enabled(if: PeerProgram.mayRun, PeerProgram.hint),
        arguments: ["question", "shown_once", "pipe", "words"])
    func chat(name: String) async throws {
        try await PeerProgram.run("chat.py", ["--case", name], timeLimit: .seconds(150))
    }

    @Test(
        "keeps an audit and keys that can be looked at and changed while it runs", .enabled(if: PeerProgram.mayRun, PeerProgram.hint),
        arguments: ["show", "tamper", "export", "keys", "forget", "forget-running", "lost-ring"])
    func audit(name: String) async throws {
        try await PeerProgram.run("audit.py", ["--case", name], timeLimit: .seconds(90))
    }
}
