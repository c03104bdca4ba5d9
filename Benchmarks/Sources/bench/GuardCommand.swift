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

/// The command guard and the scanners, in process and on one thread.
struct GuardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard", abstract: "Full analysis of a mix of commands; parser, secret scanner and text rules by volume.")

    @Option(help: "JSON lines {input_b64, context, shell} instead of the built-in mix, as `megabot check --jsonl` takes them.") var file: String?
    @Option(help: "Times each command is checked; its best time counts.") var rounds = 12
    @Option(help: "Seconds per figure by volume.") var seconds = 1.0

    func run() throws {
        try analysis(file.map(Self.inputs) ?? GuardMix.inputs)
        let script = Array(Self.script.utf8)
        try volume("shell parser", script.count) {
            guard ShellInspector().commandCount(script) > 100 else { throw MeasurementError("parser") }
        }
        try volume("shell parser with findings for policies", script.count) {
            guard ShellInspector().inspect(Self.script).simpleCommands.count > 100 else { throw MeasurementError("parser") }
        }
        let scanner = SecretScanner()
        let prose = Self.prose
        try volume("secret scanner, clean text", prose.count) {
            guard scanner.findings(in: prose).isEmpty else { throw MeasurementError("scanner") }
        }
        try volume("text rules, clean output", prose.count) {
            guard OutputScanner.findings(in: prose).isEmpty else { throw MeasurementError("text rules") }
        }
    }

    private func analysis(_ inputs: [GuardInput]) throws {
        let guardian = CommandGuard()
        var latencies = Latencies()
        var count = 0
        for input in inputs {
            var best = Duration.seconds(60)
            // Once more than counted: the first look may fill tables.
            for round in 0...max(1, rounds) {
                let begun = ContinuousClock.now
                let verdict = guardian.check(input)
                let took = begun.duration(to: .now)
                count += verdict.findings.count
                if round > 0 { best = min(best, took) }
            }
            latencies.add(best)
        }
        guard count > 0 else { throw MeasurementError("the mix holds nothing that is found") }
        Figure(name: "guard, full analysis p50", side: "ours", value: latencies.percentile(0.5) * 1000, unit: "µs").write()
        Figure(name: "guard, full analysis p99", side: "ours", value: latencies.percentile(0.99) * 1000, unit: "µs").write()
    }

    private func volume(_ name: String, _ bytes: Int, _ operation: () throws -> Void) throws {
        try operation()
        let begun = ContinuousClock.now
        var count = 0
        while count == 0 || begun.duration(to: .now).seconds < seconds {
            try operation()
            count += 1
        }
        Figure(name: name, side: "ours", value: Double(count * bytes) / begun.duration(to: .now).seconds / 1e6, unit: "MB/s").write()
    }

    /// A record of `megabot check --jsonl`.
    private struct Record: Decodable {
        var input_b64: Data
        var context: GuardContext?
        var shell: ShellDialect?
    }

    private static func inputs(_ path: String) throws -> [GuardInput] {
        guard let content = FileManager.default.contents(atPath: path) else { throw MeasurementError("there is no file \(path)") }
        return try content.split(separator: 0x0A).map { line in
            let record = try JSONDecoder().decode(Record.self, from: Data(line))
            return GuardInput(bytes: [UInt8](record.input_b64), context: record.context ?? .exec, dialect: record.shell ?? .posix)
        }
    }

    /// A shell script of about 200 KB.
    private static let script = String(
        repeating: """
            # Builds every package below a folder.
            set -euo pipefail
            build() {
                local name=$1 version="${2:-latest}"
                if [ ! -d "packages/$name" ]; then
                    echo "there is no package $name" >&2
                    return 1
                fi
                (cd "packages/$name" && make -j"$(nproc)" VERSION="$version" 2>&1 | tee "../../logs/$name.log")
            }
            for package in core tools 'web client'; do
                build "$package" "$(git describe --tags --always)" || failures=$((failures + 1))
            done
            case "$failures" in 0) echo 'all built';; *) echo "$failures failed"; exit 1;; esac
            cat <<END > summary.txt
            built on $(date) by ${USER:-nobody}
            END

            """, count: 300)

    /// Ordinary English of about 1 MB in which nothing is to be found.
    private static let prose = [UInt8](
        String(
            repeating: "The library reads a message, asks a model for an answer and sends it back. When a tool is needed, a person is asked "
                + "first, and what was done is written down. Nothing of this needs more than a small machine, and it starts quickly.\n",
            count: 4_500
        ).utf8)
}
