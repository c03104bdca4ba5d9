// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Configuration
import Foundation
import Logging
import Testing

@testable import MegaCore

@Suite("Configuration: reader, files and hot reload")
struct ConfigurationMonitorTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("megabot-configuration-\(UUID().uuidString)")

    private func withFile(_ yaml: String, _ body: (String, ConfigurationFiles) async throws -> Void) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("megabot.yaml").path
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        try await body(path, ConfigurationFiles(yamlPath: path, dotEnvironmentPath: folder.path + "/.env"))
    }

    @Test("a host's own reader works, and a malformed value in it is a problem")
    func ownReader() throws {
        let good = InMemoryProvider(values: ["adapters.websocket.port": 99, "people.unknown": "answer", "tools.files.enabled": false])
        let configuration = try MegaConfiguration(config: ConfigReader(provider: good))
        #expect(configuration.adapters.webSocket.port == 99)
        #expect(configuration.people.unknown == .answer)
        #expect(!configuration.tools.files.isEnabled)
        let bad = EnvironmentVariablesProvider(environmentVariables: ["ADAPTERS_WEBSOCKET_PORT": "x", "TOOLS_FILES_ENABLED": "flase"])
        let error = #expect(throws: ConfigurationError.self) { try MegaConfiguration(config: ConfigReader(provider: bad)) }
        #expect(error?.problems.map(\.keyPath) == ["adapters.websocket.port", "tools.files.enabled"])
    }

    @Test("the library's word for an absent value is the one the decoder knows")
    func missingWords() throws {
        let reader = ConfigReader(provider: InMemoryProvider(values: [:]))
        #expect(try MegaConfiguration(config: reader) == MegaConfiguration())
    }

    @Test("a file that is not there, is a folder or is no text is a clear problem")
    func files() async throws {
        try await withFile("") { path, files in
            #expect(try MegaConfiguration.load(await files.read()) == MegaConfiguration())
            try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: path))
            await #expect(throws: ConfigurationError.self) { try await files.read() }
            await #expect(throws: ConfigurationError.self) { try await ConfigurationFiles(yamlPath: path + ".no").read() }
            await #expect(throws: ConfigurationError.self) { try await ConfigurationFiles(yamlPath: self.folder.path).read() }
        }
    }

    @Test("a good file is taken over, a bad one is not")
    func reload() async throws {
        try await withFile("system: {name: one}") { path, files in
            let initial = try MegaConfiguration.load(await files.read())
            let monitor = ConfigurationMonitor(initial: initial, files: files, logger: Logger(label: "test"))
            var changes = monitor.changes().makeAsyncIterator()
            #expect(await monitor.reload() == .unchanged)

            try "system: {name: two, naem: x}".write(toFile: path, atomically: true, encoding: .utf8)
            guard case .rejected(let problems) = await monitor.reload() else {
                Issue.record("a bad file was taken")
                return
            }
            #expect(problems.map(\.keyPath) == ["system.naem"])
            #expect(monitor.current.system.name == "one")

            try "system: {name: two}".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(await monitor.reload() == .changed)
            #expect(monitor.current.system.name == "two")
            let change = await changes.next()
            #expect(change?.old.system.name == "one")
            #expect(change?.new.system.name == "two")

            try FileManager.default.removeItem(atPath: path)
            guard case .rejected = await monitor.reload() else {
                Issue.record("a missing file was taken")
                return
            }
            #expect(monitor.current.system.name == "two")
        }
    }

    @Test("the running monitor notices a replaced file by itself and ends its streams when it stops", .timeLimit(.minutes(1)))
    func polling() async throws {
        try await withFile("system: {name: one}") { path, files in
            let initial = try MegaConfiguration.load(await files.read())
            let monitor = ConfigurationMonitor(initial: initial, files: files, interval: .milliseconds(1), logger: Logger(label: "test"))
            let changes = monitor.changes()
            let running = Task { try await monitor.run() }
            // Written until it is seen: the monitor may take its first look before or after the first write.
            let writing = Task {
                var count = 0
                while !Task.isCancelled {
                    count += 1
                    try "system: {name: two\(count)}".write(toFile: path, atomically: true, encoding: .utf8)
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            var iterator = changes.makeAsyncIterator()
            let change = await iterator.next()
            writing.cancel()
            _ = try? await writing.value
            #expect(change?.new.system.name.hasPrefix("two") == true)
            running.cancel()
            _ = try? await running.value
            while await iterator.next() != nil {}
        }
    }

    @Test("the documentation names every key, its variable and its aliases")
    func documentation() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("Documentation/Configuration.md"), encoding: .utf8)
        for key in ConfigurationKey.all where !key.path.hasPrefix("model.fallback.") {
            #expect(text.contains("`\(key.path)`"), "\(key.path)")
            #expect(text.contains("`\(key.variable)`"), "\(key.variable)")
            for alias in key.aliases { #expect(text.contains("`\(alias)`"), "\(alias)") }
        }
    }
}
