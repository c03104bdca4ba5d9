// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaCore
import MegaMemory
import MegaNetworking
import MegaSecurity

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Looks at everything a start depends on. Changes nothing.
struct Examination {
    let options: InstallationOptions

    func run() async throws -> [Finding] {
        let report = MegaConfiguration.check(try await options.files().read())
        guard let configuration = report.configuration else {
            return report.problems.map { .broken("configuration", "\($0)", mend: "Mend the line, then run: megabot config check") }
        }
        let installation = Installation(configuration: configuration, configurationPath: options.path, files: options.files())
        var findings: [Finding] = [.fine("configuration", options.files().yamlPath ?? "no file, every value at its default")]
        findings += report.warnings.map { .doubtful("configuration", $0.message, mend: $0.suggestion ?? "See megabot config check") }
        findings.append(dataDirectory(installation))
        findings += keys(installation)
        let daemon = await daemon(installation)
        findings.append(await database(installation))
        findings.append(daemon)
        findings.append(workspace(installation))
        findings += await sandbox(installation)
        findings.append(await model(installation))
        return findings
    }

    private func dataDirectory(_ installation: Installation) -> Finding {
        let path = installation.dataDirectory
        guard let status = PrivateFiles.status(path) else {
            return .broken("data directory", "\(path) is not there", mend: "Run: megabot init")
        }
        if !status.isDirectory { return .broken("data directory", "\(path) is no folder", mend: "Move the file away, then run: megabot init") }
        if status.isExposed { return .broken("data directory", "\(path) is open to other users", mend: "Run: chmod 700 \(path)") }
        if access(path, W_OK | X_OK) != 0 {
            return .broken("data directory", "\(path) cannot be written", mend: "Make it writable, or choose another with system.data_directory")
        }
        return .fine("data directory", "\(path), private and writable")
    }

    private func keys(_ installation: Installation) -> [Finding] {
        var files: [(String, String)] = []
        if installation.configuration.security.encryption.passphrase == nil { files.append(("key file", installation.keyFile)) }
        if PrivateFiles.status(installation.keyRingFile) != nil { files.append(("key ring", installation.keyRingFile)) }
        let socket = installation.configuration.adapters.webSocket
        if socket.isEnabled, socket.password == nil { files.append(("WebSocket password", installation.webSocketPassword)) }
        if socket.isEnabled { files.append(("WebSocket salt", installation.webSocketSalt)) }
        return files.map { subject, path in
            guard let status = PrivateFiles.status(path) else {
                let isLost = subject == "key file" && PrivateFiles.status(installation.database) != nil
                return .broken(
                    subject, "\(path) is not there",
                    mend: isLost ? "Put it back from your copy; without it the data cannot be read" : "Run: megabot init")
            }
            return status.isExposed
                ? .broken(subject, "\(path) may be read by others", mend: "Run: chmod 600 \(path)") : .fine(subject, "\(path), private")
        }
    }

    private func database(_ installation: Installation) async -> Finding {
        guard PrivateFiles.status(installation.database) != nil else {
            return .fine("database", "none yet; the first start makes it")
        }
        do {
            let store = try await SQLiteStore(readingFrom: installation.database, sealer: try await installation.sealer())
            let counts = try await store.turnCounts()
            try await store.close()
            let total = counts.values.reduce(0, +)
            let open = counts.filter { !$0.key.isTerminal }.values.reduce(0, +)
            return .fine("database", "opens with this key; \(total) turns, \(open) unfinished")
        } catch {
            return .broken("database", "\(error)")
        }
    }

    private func daemon(_ installation: Installation) async -> Finding {
        guard installation.configuration.adapters.webSocket.isEnabled else {
            return .doubtful("daemon", "adapters.websocket is off", mend: "Set adapters.websocket.enabled: true to reach it")
        }
        let authority = installation.authority
        do {
            let report = try await HealthEndpoint.ask(authority, transport: CurlTransport(egress: .only([authority])))
            let sick = report.components.filter { $0.value.status != .healthy }.map { "\($0.key): \($0.value.detail ?? $0.value.status.rawValue)" }
            if sick.isEmpty { return .fine("daemon", "runs at \(authority) and is healthy") }
            return .doubtful("daemon", "runs at \(authority), but \(sick.sorted().joined(separator: "; "))", mend: "See megabot health and the log")
        } catch let error as TransportError where error.code == .connectionRefused {
            return .fine("daemon", "not running; \(authority) is free")
        } catch {
            return .broken(
                "daemon", "something else answers at \(authority): \(error)",
                mend: "Stop it, or set adapters.websocket.port to another port")
        }
    }

    private func workspace(_ installation: Installation) -> Finding {
        let path = installation.workspace
        guard let status = PrivateFiles.status(path), status.isDirectory else {
            return .broken("workspace", "\(path) is no folder", mend: "Run: megabot init, or set workspace.path")
        }
        return access(path, R_OK | W_OK | X_OK) == 0
            ? .fine("workspace", path) : .broken("workspace", "\(path) cannot be read and written", mend: "Change its mode or owner")
    }

    private func sandbox(_ installation: Installation) async -> [Finding] {
        guard installation.configuration.tools.commands.isEnabled else { return [] }
        let settings = installation.configuration.tools.commands
        let runner = installation.commandRunner
        let health = await runner.health()
        let mend = "Install bubblewrap (apt-get install bubblewrap) and allow user namespaces, name what may be missing in "
            + "tools.commands.tolerate_missing, or set tools.commands.enabled: false"
        var findings = [Finding("sandbox", health, mend: mend)]
        guard health.status != .down else { return findings }
        let coverage = await runner.coverage()
        let isToBeReached = if case .allowList = settings.reach { true } else { false }
        for control in SandboxCoverage.Control.allCases {
            let subject = "sandbox, \(control.title)"
            switch coverage[control] {
            case .applied where control == .network && settings.reach == .open: continue
            case .applied(let how): findings.append(.fine(subject, how))
            case .notAsked: findings.append(.fine(subject, "not asked for"))
            case .notAvailable(let why):
                if control == .destinations, !isToBeReached { continue }
                findings.append(.doubtful(subject, "not available: \(why)", mend: "Commands run without it"))
            }
        }
        if case .open = settings.reach {
            findings.append(.doubtful("sandbox, network", "open: commands reach all that this machine reaches", mend: "List hosts in tools.commands.allowed_hosts instead"))
        }
        return findings
    }

    private func model(_ installation: Installation) async -> Finding {
        let configuration = installation.configuration
        let transport = CurlTransport(egress: ModelAssembly.egress(configuration), proxyFromEnvironment: true)
        let (model, _) = ModelAssembly(transport: transport, logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() })
            .make(configuration.model)
        var health = await model.health()
        if health.status == .healthy, health.detail == nil { health.detail = model.id }
        return Finding("model", health, mend: "Check model.provider, model.base_url and the key, and that the server runs")
    }
}
