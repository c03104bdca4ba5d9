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
        let report = MegaConfiguration.check(try await options.files().read(), policies: .standard)
        guard let configuration = report.configuration else {
            return report.problems.map { .broken("configuration", "\($0)", mend: "Mend the line, then run: megabot config check") }
        }
        let installation = Installation(configuration: configuration, configurationPath: options.path, files: options.files())
        var findings: [Finding] = [.fine("version", "megabot \(MegaBot.version)"), .fine("configuration", options.files().yamlPath ?? "no file, every value at its default")]
        findings += report.warnings.map { .doubtful("configuration", $0.message, mend: $0.suggestion ?? "See megabot config check") }
        findings.append(dataDirectory(installation))
        findings += keys(installation)
        findings += credentials(installation)
        let daemon = await daemon(installation)
        findings.append(await database(installation))
        findings.append(await policies(installation))
        findings += await secrets(installation)
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
        files.append(installation.hasPassphrase ? ("passphrase's file", installation.passphraseFile) : ("key file", installation.keyFile))
        if PrivateFiles.status(installation.keyRingFile) != nil { files.append(("key ring", installation.keyRingFile)) }
        return files.map { subject, path in
            guard let status = PrivateFiles.status(path) else {
                let isLost = PrivateFiles.status(installation.database) != nil
                return .broken(
                    subject, "\(path) is not there",
                    mend: isLost ? "Put it back from your copy; without it the data cannot be read" : "Run: megabot init")
            }
            return status.isExposed
                ? .broken(subject, "\(path) may be read by others", mend: "Run: chmod 600 \(path)") : .fine(subject, "\(path), private")
        }
    }

    /// What the WebSocket needs, read as the daemon reads it.
    private func credentials(_ installation: Installation) -> [Finding] {
        let socket = installation.configuration.adapters.webSocket
        guard socket.isEnabled else { return [] }
        let credentials = WebSocketCredentials(installation: installation)
        func look(_ subject: String, _ place: String, _ read: () throws -> Void) -> Finding {
            do {
                try read()
                return .fine(subject, place)
            } catch let error as Complaint {
                return .broken(subject, error.what, mend: error.mend)
            } catch {
                return .broken(subject, "\(error)", mend: "Check \(place), or remove it and run: megabot init")
            }
        }
        let password = socket.password == nil ? "\(installation.webSocketPassword), private" : "from the configuration"
        return [
            look("WebSocket password", password) { _ = try credentials.password() },
            look("WebSocket salt", "\(installation.webSocketSalt), private") { _ = try credentials.salt() },
        ]
    }

    /// The rules people gave in chats.
    private func policies(_ installation: Installation) async -> Finding {
        guard PrivateFiles.status(installation.policies) != nil else { return .fine("policies", "none given in chats") }
        // A ring would be made where there is none, and this changes nothing.
        guard PrivateFiles.status(installation.keyRingFile) != nil || PrivateFiles.status(installation.database) != nil else {
            return .broken(
                "policies", "\(installation.policies) is there, but the key ring it was sealed under is not",
                mend: "Put \(installation.keyRingFile) back from your copy, or move \(installation.policies) away and give its rules again")
        }
        do {
            let rules = try PolicyFile(path: installation.policies, sealer: try await installation.sealer()).rules()
            try StorePlacement.check(stores: [installation.policies, installation.dataDirectory], writable: [installation.workspace])
            return .fine("policies", "\(rules.count) given in chats, all readable")
        } catch let error as PolicyError {
            let mend = error.code == .misplaced
                ? "Move one of them" : "Put \(installation.policies) back from your copy, or move it away and give its rules again; the daemon does not start until then"
            return .broken("policies", error.reason, mend: mend)
        } catch {
            return .broken("policies", "cannot be looked at: \(error)", mend: "Mend what is said of the keys first")
        }
    }

    private func secrets(_ installation: Installation) async -> [Finding] {
        let bindings = installation.configuration.secrets.bindings
        guard !bindings.isEmpty else { return [] }
        let stores: [(name: String, store: any SecretStore)]
        do {
            // A key is made where there is none yet, and this changes nothing.
            guard installation.hasPassphrase || !installation.configuration.secrets.usesVault || PrivateFiles.status(installation.keyFile) != nil else {
                return [.broken("secrets", "the vault has no key yet", mend: "Run: megabot init")]
            }
            stores = try await installation.secretStores()
        } catch {
            return [.broken("secrets", "\(error)", mend: "Mend the place it names, or take it out of secrets")]
        }
        var findings: [Finding] = []
        for binding in bindings {
            findings.append(await look(for: binding, in: stores))
            if !binding.hosts.isEmpty {
                findings.append(.doubtful(
                    "secret \(binding.name)", "bound to \(binding.hosts.joined(separator: ", ")), but no tool of this daemon sends requests by itself yet",
                    mend: "Bind the program that talks to the host"))
            }
        }
        return findings
    }

    private func look(for binding: MegaConfiguration.Secrets.Binding, in stores: [(name: String, store: any SecretStore)]) async -> Finding {
        let subject = "secret \(binding.name)"
        do {
            for (name, store) in stores {
                guard let value = try await store.secret(named: binding.name) else { continue }
                if value.revealBytes().count < 6 {
                    return .doubtful(subject, "in \(name), but so short that it is not recognised in output", mend: "Use a longer one")
                }
                return .fine(subject, "in \(name), for \(binding.destinations.map(\.description).sorted().joined(separator: ", "))")
            }
        } catch {
            return .broken(subject, "\(error)", mend: "Mend the place it names")
        }
        return .broken(
            subject, "is in none of: \(stores.map(\.name).joined(separator: ", "))",
            mend: "Run: megabot secret set \(binding.name), or name its variable or folder under secrets")
    }

    private func database(_ installation: Installation) async -> Finding {
        guard PrivateFiles.status(installation.database) != nil else {
            return .fine("database", "none yet; the first start makes it")
        }
        do {
            let store = try await installation.explaining {
                try await SQLiteStore(readingFrom: installation.database, sealer: try await installation.sealer())
            }
            let counts = try await store.turnCounts()
            try await store.close()
            let total = counts.values.reduce(0, +)
            let open = counts.filter { !$0.key.isTerminal }.values.reduce(0, +)
            return .fine("database", "opens with this key; \(total) turns, \(open) unfinished")
        } catch {
            return .broken("database", "\((error as? Complaint)?.what ?? "\(error)")", mend: (error as? Complaint)?.mend)
        }
    }

    private func daemon(_ installation: Installation) async -> Finding {
        guard installation.configuration.adapters.webSocket.isEnabled else {
            return .doubtful("daemon", "adapters.websocket is off", mend: "Set adapters.websocket.enabled: true to reach it")
        }
        let authority = installation.authority
        guard installation.configuration.adapters.webSocket.port != 0 else {
            return .fine("daemon", "takes any free port (adapters.websocket.port is 0), so it is not looked for")
        }
        do {
            let answer = try await HealthEndpoint.ask(authority, transport: CurlTransport(egress: .only([authority])))
            let report = answer.report
            // Without a salt of its own this installation has no daemon that runs.
            guard let identity = try? installation.identity(), answer.installation == identity else {  // why: the salt has its own finding
                let whose = answer.installation == nil ? "a daemon that does not say of which installation" : "the daemon of another installation"
                return .broken(
                    "daemon", "\(whose) answers at \(authority)\(answer.version.map { " (megabot \($0))" } ?? "")",
                    mend: "Stop it, or set adapters.websocket.port to another port; clients of this installation would talk to the other")
            }
            let sick = report.components.filter { $0.value.status != .healthy }.map { "\($0.key): \($0.value.detail ?? $0.value.status.rawValue)" }
            if sick.isEmpty { return .fine("daemon", "runs at \(authority) and is healthy") }
            return .doubtful("daemon", "runs at \(authority), but \(sick.sorted().joined(separator: "; "))", mend: "See megabot health and the log")
        } catch let error as TransportError where error.code == .connectionRefused {
            return .fine("daemon", "not running; \(authority) is free")
        } catch {
            return .broken(
                "daemon", "another program answers at \(authority): \((error as? Complaint)?.what ?? "\(error)")",
                mend: "Stop it, or set adapters.websocket.port to another port. Who it is: ss -ltnp 'sport = :\(installation.configuration.adapters.webSocket.port)'")
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
