// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Logging

extension Orchestrator {
    /// Takes up what earlier runs left: open requests, unfinished turns in their order, undelivered messages.
    func recover() async throws {
        // First of all: nothing may run that was stopped.
        try await kills.load()
        try await approvals.recover()
        ownerChats.learn(from: try await store.recentTurns(limit: OwnerChats.recentTurns, in: nil))
        let unfinished = try await store.unfinishedTurns(in: [.received, .running, .waitingApproval], limit: .max)
        for turn in unfinished { await router.add(turn, isCommand: AdminCommands.parse(turn.message.text) != nil) }
        try await outbox.recover()
        if !unfinished.isEmpty { logger.info("going on with unfinished turns", metadata: ["count": "\(unfinished.count)"]) }
    }

    /// Deletes what is left of turns that ended long ago: ten minutes after the start, then once an hour, until cancelled.
    func prune() async {
        guard let retention = options.turnRetention else { return }
        var pause = Duration.seconds(600)
        while true {
            // Cancelled: the next start goes on with it.
            do { try await dependencies.clock.sleep(for: pause, tolerance: nil) } catch { return }
            pause = .seconds(3600)
            do {
                // In small portions, so that no message waits long for the database.
                while try await store.prune(endedBefore: dependencies.now().addingTimeInterval(-retention.timeInterval), limit: 500) > 0 {
                    try Task.checkCancellation()
                }
            } catch is CancellationError {
                return
            } catch {
                logger.warning("ended turns could not be deleted; trying again in an hour", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Runs jobs as the router gives them out, until cancelled.
    func work() async {
        await withDiscardingTaskGroup { group in
            while let job = await router.next() {
                switch job {
                case .command(let turn):
                    group.addTask {
                        await self.runCommand(turn)
                        await self.router.commandEnded(in: turn.message.conversation)
                    }
                case .work(let conversation, let entry):
                    group.addTask {
                        await self.runTurn(entry, in: conversation)
                        await self.router.workEnded(in: conversation)
                    }
                }
            }
            group.cancelAll()
        }
    }
}
