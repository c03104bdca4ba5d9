// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

extension Orchestrator {
    /// Stops every tool call within a scope, now and until ``unkill(_:by:)``, also over a restart.
    ///
    /// Running calls are cancelled first, child processes included; then the switch is stored and open approval requests within the
    /// scope are withdrawn. Works before ``run()`` as well.
    ///
    /// - Throws: ``StoreError`` when the switch could not be stored. The calls are stopped all the same, but a restart would not know.
    @discardableResult
    public func kill(_ scope: KillSwitch.Scope, by person: PersonID = "direct:owner", reason: String? = nil) async throws -> KillReport {
        let began = ContinuousClock.now
        let killSwitch = KillSwitch(scope: scope, by: person, at: dependencies.now(), reason: reason.map { $0.prefixText(500) })
        let stopped = kills.board.engage(killSwitch)
        async let saved: Void = kills.save()
        if stopped > 0 {
            do {
                try await withTimeout(.seconds(2), clock: dependencies.clock) { [board = kills.board] in await board.waitForCancelledCalls() }
            } catch is TimeoutError {
                logger.error("calls have not ended after the kill switch", metadata: ["count": "\(kills.board.callsEnding)"])
            }
        }
        let report = KillReport(stopped: stopped, stillRunning: kills.board.callsEnding, elapsed: began.duration(to: .now))
        try await saved
        try await approvals.withdraw { scope.covers(tool: $0.tool, conversation: $0.conversation) }
        try await audit.record(
            AuditRecord(
                .killSwitchOn, at: killSwitch.at, person: person,
                details: ["scope": "\(scope)", "reason": killSwitch.reason ?? "", "stopped": String(report.stopped)]))
        return report
    }

    /// Releases the switch of one scope, or all of them.
    ///
    /// - Returns: Those that were on.
    /// - Throws: ``StoreError`` when the change could not be stored; then nothing was released.
    @discardableResult
    public func unkill(_ scope: KillSwitch.Scope? = nil, by person: PersonID = "direct:owner") async throws -> [KillSwitch] {
        let released = try await kills.release { scope == nil || $0.scope == scope }
        for one in released {
            try await audit.record(
                AuditRecord(.killSwitchOff, at: dependencies.now(), person: person, details: ["scope": "\(one.scope)"]))
        }
        return released
    }

    /// The kill switches that are on.
    public var killSwitches: [KillSwitch] { kills.board.switches }
}
