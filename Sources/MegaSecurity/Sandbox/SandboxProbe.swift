// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import Synchronization

/// Tries what the sandbox promises, by running a script inside that attempts what must fail.
enum SandboxProbe {
    /// Prints one word for every control that does not hold, and `checked` when it got to the end.
    private static let script = """
        ( : > /etc/.megabot-probe ) 2>/dev/null && echo writable-root
        case "$(cat /proc/self/status 2>/dev/null)" in *CapEff:*0000000000000000*) ;; *) echo capabilities ;; esac
        case "$(cat /proc/self/status 2>/dev/null)" in *NoNewPrivs:*1*) ;; *) echo new-privileges ;; esac
        while IFS=: read -r name rest; do case "$name" in *lo|*Inter*|*face*) ;; *) echo network ;; esac; done < /proc/net/dev
        [ "$$" -lt 100 ] || echo processes
        [ "$(ulimit -c)" = 0 ] || echo limits
        [ -z "$(ls -A /home 2>/dev/null)" ] || echo home-visible
        echo checked
        """

    static func run(
        bubblewrapPath: String?, hiddenPaths: [String],
        execute: (String, [String], OutputMeter) async throws -> CInt?
    ) async throws -> (BubblewrapArguments, String) {
        guard let bubblewrap = bubblewrapPath ?? HostPath.program("bwrap"), HostPath.kind(bubblewrap) == .other else {
            throw CommandRunnerError(
                .sandboxUnavailable, reason: "bubblewrap (bwrap) is not installed, so no command can be run. Install it: apt-get install bubblewrap")
        }
        guard let limiter = HostPath.program("prlimit") else {
            throw CommandRunnerError(
                .sandboxUnavailable, reason: "prlimit is not installed, so limits cannot be set. Install it: apt-get install util-linux")
        }
        let (_, help) = try await output(of: bubblewrap, ["--help"], execute)
        let arguments = BubblewrapArguments(
            hiddenPaths: hiddenPaths, supportsDisablingNamespaces: help.contains("--disable-userns"), limiter: limiter)
        let request = CommandRequest(command: .shell(script), workingDirectory: "/", timeLimit: .seconds(20))
        let (code, text) = try await output(of: bubblewrap, arguments.words(for: request, workingDirectory: nil), execute)
        guard let code else { throw CommandRunnerError(.sandboxUnavailable, reason: "The sandbox did not start within 20 seconds.") }
        let words = text.split(whereSeparator: \.isNewline).map(String.init)
        guard code == 0, words.contains("checked") else {
            throw CommandRunnerError(
                .sandboxUnavailable,
                reason: "The sandbox does not work on this machine: \(OutputSanitizer.clean(text).prefix(300)) "
                    + "In a container, allow user namespaces (for Docker: --security-opt seccomp=unconfined or --privileged).")
        }
        let missing = Set(words).subtracting(["checked"]).sorted()
        guard missing.isEmpty else {
            throw CommandRunnerError(
                .sandboxUnavailable,
                reason: "The sandbox starts, but these controls do not hold here: \(missing.joined(separator: ", ")). No command is run without them.")
        }
        return (arguments, bubblewrap)
    }

    private static func output(
        of bubblewrap: String, _ words: [String], _ execute: (String, [String], OutputMeter) async throws -> CInt?
    ) async throws -> (CInt?, String) {
        let text = TextBox()
        let meter = OutputMeter(limit: 64 << 10) { piece in text.append(piece.bytes) }
        let code = try await execute(bubblewrap, words, meter)
        return (code, text.value)
    }
}

/// Bytes gathered from a closure.
private final class TextBox: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func append(_ more: [UInt8]) { bytes.withLock { $0.append(contentsOf: more) } }
    var value: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
