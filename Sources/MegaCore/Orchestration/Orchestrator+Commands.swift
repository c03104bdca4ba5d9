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
            let answer: CommandAnswer
            do {
                answer = try await commands.perform(command, turn: turn)
            } catch {
                if Task.isCancelled { return }
                answer = CommandAnswer("!\(command.name) failed: \(error)")
            }
            var message = reply(to: turn, .commandResult, [.text(answer.text)])
            message.approval = answer.decided
            if let ended = answer.ended { message.metadata[CommandAnswer.endedKey] = "\(ended.rawValue)" }
            try await end(turn, journal: [], replies: [message])
        } catch {
            guard !(error is CancellationError) else { return }
            logger.error("command could not be finished", metadata: ["turn": "\(turn.id)", "error": "\(error)"])
        }
    }

    private var commands: AdminCommands {
        AdminCommands(
            approvals: approvals, authorizer: authorizer, modes: modes, log: store, health: { [self] in await health() },
            stop: { [self] conversation, command in
                guard let turn = await router.stoppable(in: conversation, before: command) else { return nil }
                stopped.add(turn)
                await router.stop(turn, in: conversation)
                return turn
            },
            kill: { [self] in try await kill($0, by: $1, reason: $2) }, unkill: { [self] in try await unkill($0, by: $1) },
            killSwitches: { [kills] in kills.board.switches }, audit: audit, dependencies: dependencies)
    }
}
