// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import Logging
import MegaAdapters
import MegaCore
import MegaMemory
import MegaNetworking
import MegaSecurity
import MegaTesting
import ServiceLifecycle
import Testing

@Suite("Starting and stopping again and again in one process", .serialized, .timeLimit(.minutes(8)))
struct LifecycleTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What the process holds.
    private struct Holdings: CustomStringConvertible {
        var descriptors: Int
        var threads: Int
        var residentKilobytes: Int

        static func now() throws -> Holdings {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            func value(_ name: String) -> Int {
                let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
                return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
            }
            return Holdings(
                descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count, threads: value("Threads"),
                residentKilobytes: value("VmRSS"))
        }

        var description: String { "\(descriptors) descriptors, \(threads) threads, \(residentKilobytes) kB" }
    }

    /// Runs a service, does something while it runs, and stops it.
    private static func cycle(_ service: Orchestrator, _ body: @Sendable () async throws -> Void) async throws {
        let running = Task { try await service.run() }
        try await service.waitUntilReady()
        try await body()
        running.cancel()
        try await running.value
    }

    // Each in a process of its own: what other tests hold at the time must not be counted.

    @Test("1,000 orchestrators, each answering a message, leave memory and descriptors as they were")
    func orchestrators() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            var warm: Holdings?
            for number in 1...1_000 {
                let model = ScriptedModel(.text("hello"))
                let bot = Orchestrator(agent: ConversationalAgent(model: model), adapters: [InMemoryAdapter()], store: InMemoryStore())
                try await LifecycleTests.cycle(bot) {
                    let answer = try await bot.ask("hi")
                    try ConformanceFailure.unless(answer == "hello", expected: "hello", seen: answer)
                }
                if number == 200 { warm = try Holdings.now() }
            }
            try await LifecycleTests.check(warm, growth: 8 << 10)
        }
        let said = try Self.output(result)
        #expect(said.contains("memory flat"), "\(said)")
    }

    @Test("300 whole installations (database, HTTP client, WebSocket server, channel) leave them as they were")
    func installations() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            try await withTemporaryFolder { folder in
                let sealer = KeyedSealer(masterKey: try await MasterKey.file(folder + "/master.key"))
                var warm: Holdings?
                for number in 1...300 {
                    try await LifecycleTests.installation(folder, sealer)
                    if number == 100 { warm = try Holdings.now() }
                }
                try await LifecycleTests.check(warm, growth: 8 << 10)
            }
        }
        let said = try Self.output(result)
        #expect(said.contains("memory flat"), "\(said)")
    }

    /// What the child process measured.
    private static func output(_ result: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let said = String(decoding: try #require(result, sourceLocation: sourceLocation).standardOutputContent, as: UTF8.self)
        print(said, terminator: "")
        #expect(said.contains("descriptors flat"), "\(said)", sourceLocation: sourceLocation)
        return said
    }

    private static func check(_ warm: Holdings?, growth: Int) async throws {
        guard let warm else { throw ConformanceFailure(expected: "a measurement after the warm-up", seen: "none") }
        var end = try Holdings.now()
        // The last ones to stop close their sockets after their tasks have ended; what leaks stays for good.
        for _ in 0..<100 where end.descriptors > warm.descriptors {
            try await Task.sleep(for: .milliseconds(50))
            end = try Holdings.now()
        }
        print(end.descriptors <= warm.descriptors ? "descriptors flat" : "descriptors GROW")
        print(end.residentKilobytes - warm.residentKilobytes < growth ? "memory flat" : "memory GROWS")
        print("after warm-up \(warm), at the end \(end)")
    }

    private static func installation(_ folder: String, _ sealer: KeyedSealer) async throws {
        let store = try await SQLiteStore(path: folder + "/megabot.db", sealer: sealer, logger: logger)
        let transport = CurlTransport(egress: .only([]), logger: logger)
        var options = WebSocketAdapterOptions()
        options.iterations = 100_000
        let adapter = try WebSocketAdapter(
            password: Secret("a password for cycles"), salt: Array(1...16), options: options, logger: logger)
        let model = OpenAIChatModel("m", baseURL: "http://127.0.0.1:9/v1", transport: transport)
        let bot = Orchestrator(
            agent: ConversationalAgent(model: model), adapters: [adapter], store: store, logger: logger)
        let server = NIOWebSocketServer(
            port: 0, webSockets: [adapter.endpoint], logger: logger)
        let listening = Task { try await server.run() }
        try await cycle(bot) {
            // The model's address is not allowed, so it is told so; that goes through the HTTP client all the same.
            do {
                let answer = try await bot.ask("hi")
                throw ConformanceFailure(expected: "a failure", seen: answer)
            } catch let error as TurnFailedError where error.code == .failed {}
        }
        listening.cancel()
        do { try await listening.value } catch is CancellationError {}
        try await store.close()
    }
}
