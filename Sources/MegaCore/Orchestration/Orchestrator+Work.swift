// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

extension Orchestrator {
    /// Takes up what earlier runs left: open requests, unfinished turns in their order, undelivered messages.
    func recover() async throws {
        // First of all: nothing may run that was stopped.
        try await kills.load()
        try await approvals.recover()
        let unfinished = try await store.unfinishedTurns(in: [.received, .running, .waitingApproval], limit: .max)
        for turn in unfinished { await router.add(turn, isCommand: AdminCommands.parse(turn.message.text) != nil) }
        try await outbox.recover()
        if !unfinished.isEmpty { logger.info("going on with unfinished turns", metadata: ["count": "\(unfinished.count)"]) }
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
