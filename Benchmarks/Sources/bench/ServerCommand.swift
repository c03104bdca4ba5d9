// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import Logging
import MegaAdapters
import MegaCore
import MegaMemory
import MegaNetworking
import MegaSecurity
import ServiceLifecycle
import UnixSignals

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The servers the load generator drives.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Serves an encrypted WebSocket until SIGTERM: an echo, or whole turns.")

    enum Kind: String, ExpressibleByArgument { case echo, turns }

    @Argument var kind: Kind
    @Option var port: Int
    @Option(help: "The Fernet key of the echo.") var key = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="
    @Option(help: "The folder of the store, for turns.") var directory = "."

    /// Of the measured server only; it listens on the loopback interface for as long as the measurement takes.
    static let password = "benchmark password 2026"
    static let salt: [UInt8] = Array(1...16)
    static let iterations = 100_000

    func run() async throws {
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        switch kind {
        case .echo: try await serve([try echo()], services: [], logger: logger)
        case .turns:
            var options = WebSocketAdapterOptions()
            options.iterations = Self.iterations
            options.rate = 1_000_000
            options.burst = 1_000_000
            let adapter = try WebSocketAdapter(
                password: Secret(Self.password), salt: Self.salt, options: options, logger: logger)
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let store = try await SQLiteStore(
                path: directory + "/server.sqlite", sealer: KeyedSealer(masterKey: .random()), logger: logger)
            let answer = String(repeating: "The pump is in the shed behind the second door. ", count: 21)
            let orchestrator = Orchestrator(
                agent: ConversationalAgent(model: FixedModel(text: answer)), adapters: [adapter], store: store,
                people: People(owners: ["websocket:ana"]), logger: logger)
            try await serve([adapter.endpoint], services: [orchestrator], logger: logger)
            try await store.close()
        }
    }

    private func serve(_ endpoints: [WebSocketEndpoint], services: [any Service], logger: Logger) async throws {
        let server = NIOWebSocketServer(
            port: port, webSockets: endpoints, logger: logger, onReady: { _ in StandardOutput.write("ready\n") })
        try await ServiceGroup(
            services: [server] + services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger
        ).run()
    }

    private func echo() throws -> WebSocketEndpoint {
        let codec = FernetCodec(key: try FernetKey(Secret(key)))
        let randomBytes = Dependencies.live.randomBytes
        return WebSocketEndpoint(path: "/") { connection in
            while case .text(let token)? = try await connection.receive() {
                let opened = try codec.open(token, now: Date(), timeToLive: 3600)
                try await connection.send(try codec.seal(opened.content, now: Date(), randomBytes: randomBytes))
            }
        }
    }
}
