// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension Orchestrator {
    var monitor: HealthMonitor {
        HealthMonitor(dependencies: dependencies, startedAt: startedAt) { [self] in
            var checks: [(name: String, check: @Sendable () async -> ComponentHealth)] = []
            checks.append((HealthMonitor.store, { await self.storeHealth() }))
            checks.append(("outbox", { await self.outbox.health }))
            let switches = kills.board.switches
            if !switches.isEmpty {
                checks.append(("kill switch", { .degraded("on for " + switches.map { "\($0.scope)" }.joined(separator: ", ")) }))
            }
            checks.append(("agent \(agent.name)", { [agent] in await agent.health() }))
            for (channel, adapter) in adapters where channel != DirectAdapter.channelID {
                let supervisor = supervisors[channel]
                checks.append(
                    (
                        "channel \(channel)",
                        {
                            let own = await adapter.health()
                            guard let supervised = supervisor?.health, supervised.status > own.status else { return own }
                            return supervised
                        }
                    ))
            }
            for (index, provider) in toolProviders.enumerated() {
                checks.append(("tools \(type(of: provider)) \(index + 1)", { await provider.health() }))
            }
            return checks
        }
    }

    private func storeHealth() async -> ComponentHealth {
        if let trouble = writer.trouble.description { return .degraded(trouble) }
        do {
            let counts = try await store.turnCounts()
            let open = counts.filter { !$0.key.isTerminal }.reduce(0) { $0 + $1.value }
            return ComponentHealth(.healthy, detail: open == 0 ? nil : open == 1 ? "1 turn open" : "\(open) turns open")
        } catch {
            return .down("\(error)")
        }
    }
}
