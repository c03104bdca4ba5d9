// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Subprocess
import Testing

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The Python programs in `Tests/Peers/daemon`, which drive the real `megabot`.
enum PeerProgram {
    static let python = ProcessInfo.processInfo.environment["MEGABOT_TEST_PYTHON"]
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Peers/daemon")

    /// The daemon built along with the tests, or nil when it was not.
    static let daemon: String? = {
        // The test bundle stands beside it; only the link of this very process names the bundle in every runner.
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        let binary = URL(filePath: own).deletingLastPathComponent().appending(path: "megabot").path
        return FileManager.default.isExecutableFile(atPath: binary) ? binary : nil
    }()

    /// Without an interpreter the tests are skipped, but never in continuous integration: there they fail.
    static let mayRun = python != nil || ProcessInfo.processInfo.environment["CI"] != nil
    static let hint: Comment = "MEGABOT_TEST_PYTHON names no Python with Tests/Peers/daemon/requirements.txt"

    /// Runs one program to its end and records what it reports when that is no success.
    ///
    /// Its children die with it; it and they are killed when the time is over.
    ///
    /// - Returns: What it printed.
    @discardableResult
    static func run(
        _ script: String, _ arguments: [String], timeLimit: Duration, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let python = try #require(python, hint, sourceLocation: sourceLocation)
        let binary = try #require(daemon, "megabot was not built beside the tests", sourceLocation: sourceLocation)
        return try await withTemporaryFolder { work in
            var options = PlatformOptions()
            options.createSession = true
            options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(3))]
            let all = ["timeout", "--kill-after=5", "\(timeLimit.components.seconds)", python, folder.appending(path: script).path]
                + ["--binary", binary, "--folder", work] + arguments
            let result = try await Subprocess.run(
                .name("env"), arguments: Arguments(all), platformOptions: options, output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20))
            let output = result.standardOutput
            if !result.terminationStatus.isSuccess {
                Issue.record(
                    "\(script) \(arguments.joined(separator: " ")): \(result.terminationStatus)\n\(output)\n\(result.standardError)",
                    sourceLocation: sourceLocation)
            }
            return output
        }
    }
}

/// A folder for the length of a test.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "megabot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer {
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            Issue.record("\(folder.path) could not be removed: \(error)")
        }
    }
    return try await body(folder.path)
}
