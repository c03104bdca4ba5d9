// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging

/// What an agent works with during one turn.
public struct AgentServices: Sendable {
    /// The turn that is worked on.
    public let turn: Turn
    /// The session's mode when the turn began.
    public let mode: Mode
    /// What the model may be offered in this mode, sorted by name.
    public let tools: [ToolDefinition]
    /// For the agent's own log lines.
    public let logger: Logger

    let run: TurnRun
    let assembler: ContextAssembler
    let executor: ToolExecutor
    let availableTools: [String: any Tool]
    let writer: LedgerWriter
    let dependencies: Dependencies
    let startedAt: ContinuousClock.Instant
    /// The most time at work.
    let timeLimit: Duration
    let show: @Sendable (LiveUpdate) async -> Void

    /// The model's context for this turn: instructions, history, memories and the message itself, within the model's window.
    ///
    /// - Parameters:
    ///   - instructions: What the agent always says first. Keep it the same from turn to turn.
    ///   - contextWindow: Tokens, as ``LanguageModel/contextWindow``.
    public func context(instructions: String, contextWindow: Int) async throws -> ModelRequest {
        let assembled = try await assembler.assemble(
            turn: turn, mode: mode, instructions: instructions, tools: tools, contextWindow: contextWindow)
        for message in assembled.messages { run.absorb(message.trust) }
        // The last is the turn's own message, which the run began with.
        run.note(assembled.messages.dropLast().map { FlowText($0.text, FlowLabel($0.trust, .limited(to: [turn.person]))) })
        return assembled
    }

    /// Asks a model. The answer is journaled; after a restart the journaled answer is returned and the model is not asked again.
    ///
    /// - Throws: ``ModelError``, ``BudgetError`` when the turn may not take another step, or `CancellationError`.
    public func generate(with model: any LanguageModel, _ request: ModelRequest) async throws -> ModelReply {
        if let recorded = run.nextRecordedReply() { return recorded }
        try checkBudget()
        let accumulator: ReplyAccumulator
        let asked = ContinuousClock.now
        do {
            // Real time, as the turn's beginning is.
            accumulator = try await withTimeout(timeLeft, clock: ContinuousClock()) { try await stream(model.generate(request)) }
        } catch {
            await note(failed: error, of: model, after: asked.duration(to: .now))
            if error is TimeoutError { throw BudgetError.time(timeLimit) }
            throw error
        }
        try Task.checkCancellation()
        let reply = run.claimCallIDs(of: accumulator.reply(idPrefix: "call-\(run.steps)"))
        await note(answered: reply, by: model, after: asked.duration(to: .now))
        if reply.toolCalls.isEmpty {
            // Without effects behind it, it can wait for the transaction that ends the turn.
            run.postpone(.modelReply(reply))
        } else {
            let entries = run.takeUnwritten() + [.modelReply(reply)]
            let (id, now) = (turn.id, dependencies.now())
            try await writer.write("journal model reply") { try await $0.append(entries, to: id, state: .running, at: now) }
        }
        return reply
    }

    /// Runs one tool call through every check. The outcome says what happened; a refusal is an outcome too.
    ///
    /// - Throws: `CancellationError` and failures of the store; never for what the tool did.
    public func call(_ call: ToolCall) async throws -> ToolOutcome {
        guard run.takeToolCall(limit: mode.budget.toolCalls) else {
            return ToolOutcome(.refused, text: "The turn's budget of \(mode.budget.toolCalls) tool calls is used up.")
        }
        let outcome = try await executor.execute(call, tools: availableTools, services: self)
        run.absorb(outcome.trust)
        if outcome.status != .refused, let tool = availableTools[call.name]?.definition {
            let label = FlowLabel(outcome.trust, tool.isResultPrivate ? .limited(to: [turn.person]) : .open)
            run.observe(FlowText(outcome.text, label), of: FlowCall(tool: tool, arguments: call.arguments), id: call.id)
        }
        return outcome
    }

    /// Says which calls of one answer come next, so that like ones are asked about together, on one card. Optional: each call is
    /// checked by itself all the same.
    ///
    /// - Throws: `CancellationError` and failures of the store.
    public func announce(_ calls: [ToolCall]) async throws {
        if calls.count > 1 { try await executor.announce(calls, tools: availableTools, services: self) }
    }

    /// Takes an answer in and shows its text as it comes.
    private func stream(_ events: GenerationStream) async throws -> ReplyAccumulator {
        var accumulator = ReplyAccumulator()
        var live = LiveText(redactor: executor.redactor)
        for try await event in events {
            accumulator.add(event)
            if case .textDelta(let delta) = event, let text = live.push(delta) { await show(.textDelta(text)) }
        }
        if let rest = live.finish() { await show(.textDelta(rest)) }
        return accumulator
    }

    /// How much of the turn's time is left; time spent waiting for a person does not count.
    var timeLeft: Duration { timeLimit - (startedAt.duration(to: .now) - run.waited) }

    private func checkBudget() throws {
        let budget = mode.budget
        guard run.steps < budget.steps else {
            throw BudgetError(reason: "it took \(budget.steps) steps, which is all that mode \(mode.rawValue) allows")
        }
        guard timeLeft > .zero else { throw BudgetError.time(timeLimit) }
    }
}

/// A turn used up what its mode allows.
public struct BudgetError: Error, Sendable, CustomStringConvertible {
    /// What was used up, in words that follow "because".
    public let reason: String
    /// In words, for people and logs.
    public var description: String { "I stopped because \(reason)." }

    static func time(_ limit: Duration) -> BudgetError {
        BudgetError(reason: "it took longer than a turn may take here (\(limit))")
    }
}
