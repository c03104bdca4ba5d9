// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaAdapters
import MegaCore
import MegaTesting
import Subprocess
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(System)
import System
#else
import SystemPackage
#endif

/// The official SDKs as clients of the fake providers: what they accept is what the fakes may be trusted with.
///
/// `MEGABOT_TEST_PYTHON` names an interpreter with `Tests/Peers/models/requirements.txt` installed.
@Suite("The fake providers speak what the official SDKs accept")
struct ModelsSDKTests {
    static let python = ProcessInfo.processInfo.environment["MEGABOT_TEST_PYTHON"]
    static let script = String(#filePath.prefix(upTo: #filePath.range(ofLast: "/IntegrationTests/") ?? #filePath.endIndex)) + "/Peers/models/sdk_clients.py"

    @Test(
        "streams, tool calls, usage and typed errors", .enabled(if: python != nil, "MEGABOT_TEST_PYTHON names no interpreter"),
        .timeLimit(.minutes(2)), arguments: FakeModelServer.Provider.allCases, [nil, 1, 7] as [Int?])
    func officialClients(_ provider: FakeModelServer.Provider, _ pieces: Int?) async throws {
        let interpreter = try #require(Self.python)
        let text = FakeModelServer.Answer(
            ["Grüß ", "dich, ", "世界"], usage: TokenUsage(inputTokens: 20, outputTokens: 7, cachedInputTokens: 4))
        let calls = FakeModelServer.Answer(toolCalls: [
            ToolCall(id: "call_1", name: "read_file", arguments: ["path": "ä.txt"]),
            ToolCall(id: "call_2", name: "list_files", arguments: [:]),
        ])
        let server = FakeModelServer(
            provider, key: "k-secret",
            script: [
                .answer(text), .answer(calls), .failure(status: 401, type: "authentication_error", message: "no"),
                .failure(status: 404, type: "not_found_error", message: "model 'x' not found"),
                .failure(status: 429, type: "rate_limit_error", message: "slow down"),
            ])
        let loopback = try LoopbackHTTPServer(server, pieces: pieces)
        defer { loopback.stop() }
        let result = try await run(
            .path(FilePath(interpreter)), arguments: [Self.script, provider.rawValue, loopback.baseURL],
            // Nothing of the machine's own settings: the SDKs read keys, proxies and base URLs from the environment.
            environment: .custom(["PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"] as [Environment.Key: String]),
            output: .string(limit: 65_536), error: .string(limit: 65_536))
        #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)\n\(result.standardError)")
        #expect(server.mismatches == [])
    }
}

extension String {
    fileprivate func range(ofLast text: String) -> String.Index? { ranges(of: text).last?.lowerBound }
}
