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

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the daemon until SIGTERM or SIGINT; SIGHUP reads the configuration again. The log goes to standard error.")

    @OptionGroup var options: InstallationOptions

    func run() async throws {
        try await reporting {
            let installation = try await options.load()
            DaemonLogHandler.bootstrap(installation.configuration.system.logLevel)
            let logger = Logger(label: "megabot")
            logger.notice("megabot \(MegaBot.version) starts")
            for line in try await installation.prepare() { logger.notice("\(line)") }
            for warning in MegaConfiguration.check(try await installation.files.read(), policies: .standard).warnings { logger.warning("\(warning)") }
            try await serve(installation, logger: logger)
        }
    }

    private func serve(_ installation: Installation, logger: Logger) async throws {
        let assembly = try await Assembly(installation, logger: logger)
        let orchestrator = assembly.orchestrator
        let monitor = ConfigurationMonitor(initial: installation.configuration, files: installation.files, policies: .standard, logger: logger)
        try PrivateFiles.replace(installation.pidFile, "\(getpid())\n")
        defer { PrivateFiles.remove(installation.pidFile) }

        let killOrders = KillOrders(folder: KillFolder(installation), orchestrator: orchestrator, logger: logger)
        // Before anything runs: an order left for a stopped daemon holds from its start.
        await killOrders.carryOut()
        try killOrders.folder.removeAnswers()

        // Stopped in the reverse order: the orchestrator first, while its replies can still be delivered; the monitor last, because
        // its end ends what listens to it.
        var services: [any Service] = [
            monitor,
            ConfigurationApplier(
                monitor: monitor, orchestrator: orchestrator, authorizer: assembly.authorizer, audit: assembly.audit, logger: logger),
            KeyMaintenance(
                keys: assembly.keys, database: assembly.store, stores: assembly.resealable, audit: assembly.audit, logger: logger),
            ReloadOnHangup(monitor: monitor, logger: logger), ModelDiscovery(models: assembly.discovered),
            StartupPages(), killOrders, ProcessReaper(),
        ]
        let keptHours = installation.configuration.limits.keepUnusedAttachmentsHours
        if let attachments = assembly.attachments, keptHours > 0 {
            services.append(AttachmentMaintenance(attachments: attachments, store: assembly.store, age: .seconds(3600 * keptHours), logger: logger))
        }
        if let server = assembly.server(installation, logger: logger) {
            services.append(server)
        } else {
            logger.notice("adapters.websocket is off: nobody can reach this daemon")
        }
        services.append(orchestrator)
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            // why: the first failure is what counts
            try? await assembly.store.close()
            await assembly.audit?.close()
            throw error
        }
        try await assembly.store.close()
        await assembly.audit?.close()
        logger.notice("stopped")
    }
}

extension Assembly {
    /// The listener: WebSocket and health on one port.
    func server(_ installation: Installation, logger: Logger) -> NIOWebSocketServer? {
        guard let webSocket else { return nil }
        let settings = installation.configuration.adapters.webSocket
        let orchestrator = orchestrator
        let identity: String?
        do { identity = try installation.identity() } catch { identity = nil }  // why: without it only `megabot doctor` knows less
        // Checked with the configuration; a list that cannot be read lets nobody in.
        let addresses: IPAllowList?
        do {
            addresses = settings.allowedAddresses.isEmpty ? nil : try IPAllowList(settings.allowedAddresses)
        } catch {
            logger.error("adapters.websocket.allowed_addresses cannot be read: nobody can reach this daemon", metadata: ["error": "\(error)"])
            return nil
        }
        return NIOWebSocketServer(
            host: settings.host, port: settings.port, webSockets: [webSocket.endpoint],
            http: [HealthEndpoint.make(installation: identity) { await orchestrator.health() }], allowedHosts: Set(settings.allowedHosts),
            allowedAddresses: addresses, requestLimits: RequestLimits.Table(installation.configuration.limits.requestsPerMinute, webSocket: webSocket.endpoint.path),
            allowsPlaintextOffLoopback: settings.allowsPlaintextOffLoopback, logger: logger,
            onReady: { port in
                // why: when the orchestrator does not get ready, its own error ends the process and says why
                guard (try? await orchestrator.waitUntilReady()) != nil else { return }
                Console.line("megabot is ready on \(settings.host):\(port)")
            })
    }
}
