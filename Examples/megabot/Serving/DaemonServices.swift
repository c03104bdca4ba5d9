// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaAdapters
import MegaCore
import MegaNetworking
import MegaSecurity
import ServiceLifecycle
import UnixSignals

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Looks for models as long as the daemon runs.
struct ModelDiscovery: Service {
    let models: [DiscoveredModel]

    func run() async throws {
        // why: the wait ends by cancellation only, and that is how the loop ends
        try? await cancelWhenGracefulShutdown {
            while true {
                for model in models { await model.look() }
                try await Task.sleep(for: .seconds(30))
            }
        }
    }
}

/// Reads the configuration again on SIGHUP.
struct ReloadOnHangup: Service {
    let monitor: ConfigurationMonitor
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            logger.info("SIGHUP: reading the configuration again")
            await monitor.reload()
        }
    }
}

/// Puts into force what can change while the daemon runs, and says what cannot.
struct ConfigurationApplier: Service {
    let monitor: ConfigurationMonitor
    let orchestrator: Orchestrator
    let authorizer: PolicyAuthorizer
    let audit: AuditLog?
    let logger: Logger

    func run() async throws {
        // What the process works with, which is not what the file said last when a change has to wait for a start.
        var inForce = monitor.current
        for await change in monitor.changes().cancelOnGracefulShutdown() {
            DaemonLogHandler.set(change.new.system.logLevel)
            orchestrator.update(people: People(change.new.people))
            inForce.system.logLevel = change.new.system.logLevel
            inForce.people = change.new.people
            apply(change.new.policies, to: &inForce)
            await note(change.old, change.new)
            guard inForce != change.new else { continue }
            logger.notice(
                "some changes take effect at the next start", metadata: ["sections": "\(Self.differences(inForce, change.new))"])
        }
    }

    private func apply(_ policies: MegaConfiguration.Policies, to inForce: inout MegaConfiguration) {
        guard policies != inForce.policies else { return }
        do {
            try authorizer.replaceConfigured(
                rules: policies.ruleList, presets: try policies.presetList(), defaultVerdict: policies.fallback)
            inForce.policies = policies
        } catch {
            logger.error("the policies were not taken over; those in force stay", metadata: ["problem": "\(error)"])
        }
    }

    private func note(_ old: MegaConfiguration, _ new: MegaConfiguration) async {
        var sections = Self.differences(old, new)
        if old.people != new.people { sections = sections.isEmpty ? "people" : "people, \(sections)" }
        do {
            try await audit?.record(AuditRecord(.configurationReloaded, at: Date(), details: ["sections": sections]))
        } catch {
            logger.error("the audit takes no records", metadata: ["error": "\(error)"])
        }
    }

    private static func differences(_ old: MegaConfiguration, _ new: MegaConfiguration) -> String {
        let sections: [(String, Bool)] = [
            ("system", old.system == new.system), ("model", old.model == new.model), ("adapters", old.adapters == new.adapters),
            ("workspace", old.workspace == new.workspace), ("tools", old.tools == new.tools),
            ("policies", old.policies == new.policies), ("secrets", old.secrets == new.secrets), ("security", old.security == new.security), ("limits", old.limits == new.limits),
        ]
        return sections.filter { !$0.1 }.map(\.0).joined(separator: ", ")
    }
}
