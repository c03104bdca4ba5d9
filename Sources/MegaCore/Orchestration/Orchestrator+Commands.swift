// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

extension Orchestrator {
    /// Carries out a `!command`.
    func runCommand(_ turn: Turn) async {
        var turn = turn
        turn.message.trust = turn.message.trust.weaker(currentTrust(of: turn))
        do {
            guard !isRefused(turn) else {
                await noteRefusal(of: turn)
                return try await fail(turn, .refused, reason: Self.unknownSender, notice: nil)
            }
            guard let command = AdminCommands.parse(turn.message.text) else { return }
            let answer: String
            do {
                answer = try await commands.perform(command, turn: turn)
            } catch {
                if Task.isCancelled { return }
                answer = "!\(command.name) failed: \(error)"
            }
            try await end(turn, journal: [], replies: [reply(to: turn, .commandResult, [.text(answer)])])
        } catch {
            guard !(error is CancellationError) else { return }
            logger.error("command could not be finished", metadata: ["turn": "\(turn.id)", "error": "\(error)"])
        }
    }

    private var commands: AdminCommands {
        AdminCommands(
            approvals: approvals, authorizer: authorizer, modes: modes, log: store, health: { [self] in await health() },
            stop: { [self] conversation in
                guard let running = await router.running(in: conversation) else { return false }
                stopped.add(running.turn)
                running.cancel()
                return true
            },
            kill: { [self] in try await kill($0, by: $1, reason: $2) }, unkill: { [self] in try await unkill($0, by: $1) },
            killSwitches: { [kills] in kills.board.switches }, audit: audit, dependencies: dependencies)
    }
}
