// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaAdapters
import MegaCore
import MegaSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Single operations on one thread.
struct CodecsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "codecs", abstract: "Fernet, sealing at rest and policy decisions, one thread.")

    @Option(help: "Seconds per figure.") var seconds = 2.0

    func run() async throws {
        let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 1024)
        let key = try FernetKey(Secret("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="))
        let fernet = FernetCodec(key: key)
        let randomBytes = Dependencies.live.randomBytes
        try measure("Fernet 1 KB encrypt + decrypt") {
            let token = try fernet.seal(payload, now: Date(), randomBytes: randomBytes)
            guard try fernet.open(token, now: Date(), timeToLive: 60).content.count == 1024 else { throw MeasurementError("Fernet") }
        }
        let sealer = KeyedSealer(masterKey: .random())
        try measure("sealed value 1 KB seal + open") {
            let sealed = try sealer.seal(payload, context: "lines/0123456789abcdef")
            guard try sealer.open(sealed, context: "lines/0123456789abcdef").count == 1024 else { throw MeasurementError("sealer") }
        }
        try await decisions()
    }

    private func measure(_ name: String, _ operation: () throws -> Void) throws {
        for _ in 0..<500 { try operation() }
        let begun = ContinuousClock.now
        var count = 0
        while begun.duration(to: .now).seconds < seconds {
            for _ in 0..<100 { try operation() }
            count += 100
        }
        Figure(name: name, side: "ours", value: Double(count) / begun.duration(to: .now).seconds, unit: "1/s").write()
    }

    /// Parsing the command and deciding by 50 rules.
    private func decisions() async throws {
        let rules = (0..<48).map { PolicyRule($0 % 3 == 0 ? .deny : .ask, "program\($0) option\($0)") }
            + [PolicyRule(.allow, "git status"), PolicyRule(.allow, "ls")]
        let policy = try PolicyAuthorizer(rules: rules)
        let inspector = ShellInspector()
        let command = "cd src && git status --short | grep -v '^??' && ls -la \"build dir\" || echo 'none'"
        let tool = ToolDefinition(
            name: "run_command", description: "Runs a command.", parameters: .object(), effects: [.executes])
        let scope = ToolScope(
            conversation: ConversationID(platform: "bench", chat: "1"), person: "bench:ana", turn: TurnID(rawValue: 1), mode: .build,
            trust: .owner)
        var latencies = Latencies()
        for round in 0..<20_500 {
            let begun = ContinuousClock.now
            let inspected = inspector.inspect(command)
            let preview = ActionPreview(
                summary: command,
                command: CommandPreview(
                    text: command, simpleCommands: inspected.simpleCommands, workingDirectory: "/", isIncomplete: inspected.isIncomplete))
            let action = ProposedAction(
                tool: tool, arguments: ["command": .string(command)], preview: preview, scope: scope, influence: .owner)
            _ = try await policy.decide(action)
            if round >= 500 { latencies.add(begun.duration(to: .now)) }
        }
        Figure(name: "policy decision p50", side: "ours", value: latencies.percentile(0.5), unit: "ms").write()
        Figure(name: "policy decision p99", side: "ours", value: latencies.percentile(0.99), unit: "ms").write()
    }
}
