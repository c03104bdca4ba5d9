// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import Synchronization

extension Orchestrator {
    /// Works on one turn to its end. Never throws: what cannot be finished now stays unfinished in the ledger.
    func runTurn(_ entry: Session.Entry, in conversation: ConversationID) async {
        // A task of its own, so that !stop can end this turn and nothing else.
        let task = Task { await self.perform(entry) }
        await router.setRunning(Router.Running(turn: entry.id, cancel: { task.cancel() }), in: conversation)
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        stopped.forget(entry.id)
    }

    private func perform(_ entry: Session.Entry) async {
        var turn: Turn
        do {
            guard let loaded = try await load(entry), !loaded.state.isTerminal, loaded.state != .replying else { return }
            turn = loaded
            try await writer.write("begin turn") { [id = turn.id, now = dependencies.now()] in try await $0.begin(id, at: now) }
        } catch {
            if stopped.contains(entry.id) { return await endUnbegun(entry) }
            // Cancelled, or the ledger says that there is nothing to do; its state stands.
            if !(error is CancellationError) { logger.error("turn could not be begun", metadata: ["error": "\(error)"]) }
            return
        }
        do {
            // Trust taken away since the message came holds at once; trust given since does not.
            turn.message.trust = turn.message.trust.weaker(currentTrust(of: turn))
            guard try await passesMiddleware(&turn) else { return }
            try await answer(turn)
        } catch {
            await endWithoutAnswer(turn, error, wasCancelled: Task.isCancelled)
        }
    }

    /// Stopped before it had begun: it must not begin at the next start either.
    private func endUnbegun(_ entry: Session.Entry) async {
        await Task {
            do {
                guard let turn = try await self.load(entry), !turn.state.isTerminal, turn.state != .replying else { return }
                await self.endWithoutAnswer(turn, CancellationError(), wasCancelled: true)
            } catch {
                self.logger.error("a stopped turn could not be ended", metadata: ["turn": "\(entry.id)", "error": "\(error)"])
            }
        }.value
    }

    private func load(_ entry: Session.Entry) async throws -> Turn? {
        switch entry {
        case .loaded(let turn): turn
        case .stored(let id): try await writer.write("read turn") { try await $0.turn(id) }
        }
    }

    /// Asks who may speak, then the host's middleware. False when the turn has been ended.
    private func passesMiddleware(_ turn: inout Turn) async throws -> Bool {
        if isRefused(turn) {
            await noteRefusal(of: turn)
            try await fail(turn, .refused, reason: Self.unknownSender, notice: nil)
            return false
        }
        if turn.message.isGroup, !turn.message.isAddressed {
            try await end(turn, journal: [], replies: [])
            return false
        }
        for step in middleware {
            switch try await step.handle(turn) {
            case .proceed(let changed): turn = changed
            case .wait(let time, let notice): try await wait(time, notice: notice, turn)
            case .answer(let text, let kind):
                try await end(turn, journal: [], replies: [reply(to: turn, kind, [.text(text)])])
                return false
            case .drop(let reason):
                try await fail(turn, .dropped, reason: redacted(reason), notice: nil)
                return false
            }
        }
        return true
    }

    /// Gives the turn's place to others for a while.
    private func wait(_ time: Duration, notice: String?, _ turn: Turn) async throws {
        if let notice {
            let message = OutboundMessage(
                id: "notice-\(turn.id)", conversation: turn.message.conversation, kind: .notice, content: [.text(notice)],
                replyTo: turn.message.id, turn: turn.id, metadata: turn.message.metadata)
            let (parts, now) = (fitted(message), dependencies.now())
            let new = try await writer.write("enqueue notice") { try await $0.enqueue(parts, at: now) }
            await outbox.add(parts.filter { new.contains($0.id) })
        }
        await router.pause()
        do {
            try await dependencies.clock.sleep(for: time, tolerance: nil)
        } catch {
            await router.resume()
            throw error
        }
        await router.resume()
    }

    private func answer(_ turn: Turn) async throws {
        let show: @Sendable (LiveUpdate) async -> Void
        if let adapter = adapters[turn.message.conversation.channel], adapter.capabilities.showsLiveUpdates {
            show = { await adapter.show($0, in: turn.message.conversation) }
        } else {
            show = { _ in }
        }
        await show(.started)
        do {
            let (answer, run) = try await respond(to: turn, show: show)
            await show(.finished)
            let content = try answer.content.map(redact)
            let replies = content.isEmpty ? [] : [reply(to: turn, .reply, content, trust: run.influence)]
            try await end(turn, journal: run.takeUnwritten(), replies: replies)
        } catch {
            await show(.finished)
            throw error
        }
    }

    private func respond(
        to turn: Turn, show: @escaping @Sendable (LiveUpdate) async -> Void
    ) async throws -> (AgentReply, TurnRun) {
        let mode = try await modes.mode(of: turn.message.conversation)
        var available: [String: any Tool] = [:]
        for tool in tools { available[tool.definition.name] = tool }
        for provider in toolProviders {
            for tool in await provider.tools() {
                let name = tool.definition.name
                guard available[name] == nil else {
                    logger.warning("a tool is left out: its name is taken", metadata: ["tool": "\(name)", "provider": "\(type(of: provider))"])
                    continue
                }
                available[name] = tool
            }
        }
        let offered = available.values.map(\.definition)
            .filter { $0.effects.isSubset(of: mode.permittedEffects) }.sorted { $0.name < $1.name }
        // The journal of a first attempt is empty; only a repeated one has to read it.
        let journal = turn.attempts == 0 ? [] : try await writer.write("read journal") { try await $0.journal(of: turn.id) }
        let run = TurnRun(journal: journal, influence: turn.message.trust, flow: flow.makeSession())
        run.begin(FlowText(LogEntry.text(of: turn.message.content), turn.message.label(of: turn.person)))
        let services = AgentServices(
            turn: turn, mode: mode, tools: offered, logger: logger, run: run,
            assembler: ContextAssembler(log: store, memory: memory), executor: executor, availableTools: available, writer: writer,
            dependencies: dependencies, startedAt: .now, timeLimit: min(mode.budget.wallTime, options.turnTimeLimit ?? mode.budget.wallTime),
            show: show)
        return (try await agent.respond(to: turn, using: services), run)
    }

    private func redact(_ part: ContentPart) throws -> ContentPart {
        guard case .text(let text) = part else { return part }
        return .text(try redactor.redact(text))
    }
}
