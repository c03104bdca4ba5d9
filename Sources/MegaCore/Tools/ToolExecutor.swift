// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging

/// The only way to an effect. Every call passes, in this order: schema, mode, preview, flow, authorizer, perhaps a person, all of it once
/// more, audit, journal, time limit, output filter.
struct ToolExecutor: Sendable {
    let authorizer: any ActionAuthorizer
    let approvals: ApprovalCenter
    let kills: KillSwitchBoard
    let redactor: any ContentRedactor
    let inspector: (any OutputInspector)?
    let audit: any AuditSink
    let writer: LedgerWriter
    let dependencies: Dependencies
    /// Announces an approval request to the people concerned.
    let present: @Sendable (ApprovalCard, Turn) async throws -> Void
    /// Gives the turn's place away while a person thinks, and takes it back.
    let pause: @Sendable () async -> Void
    let resume: @Sendable () async -> Void
    /// The session's mode now; it may have changed while a person was asked.
    let currentMode: @Sendable (ConversationID) async -> Mode
    /// Makes durable what the flow policy has learnt of files.
    var saveFlow: @Sendable () async throws -> Void = {}
    /// The most bytes of a tool's text a model gets.
    var resultLimit = 32 << 10

    func execute(_ call: ToolCall, tools: [String: any Tool], services: AgentServices) async throws -> ToolOutcome {
        switch services.run.recorded(call.id) {
        case .outcome(let outcome): return outcome
        case .begun(let isIdempotent) where !isIdempotent:
            // It may have happened. Doing it again could do it twice, so a person has to look.
            let outcome = ToolOutcome(
                .unknown,
                text: """
                    The process stopped while \(call.name) was running; it is not known whether it took effect. It was not run again. \
                    Tell the person, and check the result before trying again.
                    """)
            try await journal([.toolOutcome(callID: call.id, outcome)], services)
            return outcome
        case .begun, .asked, .nothing: break
        }
        guard let tool = tools[call.name] else {
            let names = tools.keys.sorted().joined(separator: ", ")
            return try await conclude(call, ToolOutcome(.failed, text: "There is no tool “\(call.name)”. There are: \(names)"), services)
        }
        let violations = tool.definition.parameters.violations(in: call.arguments)
        guard violations.isEmpty else {
            let list = violations.map(\.description).joined(separator: "; ")
            return try await conclude(call, ToolOutcome(.failed, text: "The arguments do not fit: \(list)"), services)
        }
        if let on = kills.blocking(tool: call.name, conversation: services.turn.message.conversation) {
            return try await conclude(call, ToolOutcome(.refused, text: KilledError(cause: on, hadStarted: false).description), services)
        }
        return try await run(call, tool, services)
    }

    private func run(_ call: ToolCall, _ tool: some Tool, _ services: AgentServices) async throws -> ToolOutcome {
        let scope = ToolScope(
            conversation: services.turn.message.conversation, person: services.turn.person, turn: services.turn.id,
            mode: services.mode, trust: services.turn.message.trust, influence: services.run.influence)
        let preview: @Sendable () async throws -> ActionPreview
        let invoke: @Sendable (ToolContext) async throws -> ToolResult
        do {
            (preview, invoke) = try Self.prepare(tool, call, scope)
        } catch {
            return try await conclude(call, ToolOutcome(.failed, text: "The arguments do not fit: \(error)"), services)
        }

        let shown: ActionPreview
        // What a person's word is bound to; made anew right before the call, and compared.
        var bound: ApprovalSubject?
        let flowCall = FlowCall(tool: tool.definition, arguments: call.arguments)
        let flow = services.run.judge(flowCall, id: call.id, tools: services.availableTools)
        let permission = await permission(for: tool, call, preview, scope, services, flow)
        switch permission {
        case .refused(let reason, let action):
            if let action { try await note(action, verdict: "denied", reason: reason, services) }
            return try await conclude(call, ToolOutcome(.refused, text: reason), services)
        case .failed(let reason):
            return try await conclude(call, ToolOutcome(.failed, text: reason), services)
        case .granted(let action, let rule):
            shown = action.preview
            try await note(action, verdict: "allowed", reason: rule, services)
        case .ask(let action, let reason, let kind):
            if let grant = try await approvals.grants.use(for: action, kind) {
                shown = action.preview
                bound = ApprovalSubject(of: action)
                try await note(action, verdict: "allowed", reason: "grant \(grant.id), use \(grant.uses) of \(grant.usesAllowed)", services)
                break
            }
            let (decision, asked) = try await ask(call, action, reason, kind, scope, services)
            guard decision.isApproved else {
                try await note(action, verdict: "denied", reason: "request \(asked.shortCode) was \(decision.auditName)", services)
                return try await conclude(call, ToolOutcome(.refused, text: refusal(decision, call, scope)), services)
            }
            // What a person approved must still be what would happen.
            switch await self.permission(for: tool, call, preview, scope, services, flow) {
            case .refused(let reason, let action):
                if let action { try await note(action, verdict: "denied", reason: reason, services) }
                return try await conclude(call, ToolOutcome(.refused, text: reason), services)
            case .failed(let reason):
                return try await conclude(call, ToolOutcome(.failed, text: reason), services)
            case .granted(let now, _), .ask(let now, _, _):
                let subject = ApprovalSubject(of: now)
                if let refused = try await approvals.use(asked.id, for: subject, turn: scope.turn, callID: call.id) {
                    try await note(now, verdict: "denied", reason: "approval \(asked.id): \(refused.rawValue)", services)
                    return try await conclude(call, ToolOutcome(.refused, text: Self.text(of: refused)), services)
                }
                shown = now.preview
                bound = subject
                try await declassify(flowCall, flow, asked, decision, scope, services)
                try await note(now, verdict: "allowed", reason: "approved as \(asked.id)", services)
            }
        }
        try await journal(
            [.toolIntent(callID: call.id, tool: call.name, isIdempotent: tool.definition.isIdempotent)], services)
        await services.show(.toolStarted(name: call.name, summary: ApprovalText.oneLine(shown.summary, limit: 400)))
        let writes = WriteNotes(call: FlowCall(tool: tool.definition, arguments: call.arguments, paths: shown.paths), run: services.run)
        services.run.touches(shown.paths, by: call.id)
        if writes.isNamed {
            // Before the effect: a crash in between must not leave a file that nothing is known of.
            writes.noteNamed()
            do { try await saveFlow() } catch {
                return try await conclude(call, ToolOutcome(.failed, text: "It did not run, because what it writes could not be noted: \(error)"), services)
            }
        }
        let outcome = await perform(call, tool.definition, shown.paths, writes, scope, services, invoke: { [bound] context in
            // The last thing before the effect: nothing of what a person said yes to may have changed since.
            if let bound {
                let influence = influence(of: flow, scope, services)
                guard try await rebound(tool.definition, call, preview, scope, services, influence: influence) == bound else { throw ChangedError() }
            }
            return try await invoke(context)
        })
        writes.complete(outcome.status)
        if writes.isNamed || writes.isFollowed {
            // What was found stays in force in this process, and goes to the disk with the next change at the latest.
            do { try await saveFlow() } catch { services.logger.error("what is known of files could not be kept", metadata: ["error": "\(error)"]) }
        }
        await services.show(.toolFinished(name: call.name, outcome: outcome.status))
        let concluded = try await conclude(call, outcome, services)
        try await audit.note(
            AuditRecord(
                .toolFinished, at: dependencies.now(), turn: scope.turn, person: scope.person,
                details: ["tool": call.name, "call": call.id, "status": outcome.status.rawValue]))
        // A stopped turn ends here, after what happened was noted.
        try Task.checkCancellation()
        return concluded
    }

    // MARK: Running

    private func perform(
        _ call: ToolCall, _ definition: ToolDefinition, _ paths: [String], _ writes: WriteNotes, _ scope: ToolScope, _ services: AgentServices,
        invoke: @escaping @Sendable (ToolContext) async throws -> ToolResult
    ) async -> ToolOutcome {
        let live = LiveOutput(redactor: redactor)
        // The turn's own time runs out at the same moment, whatever the tool is allowed.
        let limit = max(.zero, min(definition.timeLimit, services.timeLeft))
        let context = ToolContext(
            scope: scope, callID: call.id, idempotencyKey: "\(scope.turn)-\(call.id)", logger: services.logger,
            deadline: .now + limit, followsWrites: writes.isFollowed, writes: { writes.note($0) },
            output: { text in if let lines = live.push(text) { await services.show(.toolOutput(lines)) } })
        var outcome = await run(definition, limit, context, invoke)
        // No result is worth more than its tool's declaration, nor than what is known of the file it shows.
        let label = FlowLabel(definition.resultIntegrity.weaker(outcome.trust))
        outcome.trust = services.run.label(label, of: FlowCall(tool: definition, arguments: call.arguments, paths: paths)).integrity
        if let rest = live.finish() { await services.show(.toolOutput(rest)) }
        return outcome
    }

    private func run(
        _ definition: ToolDefinition, _ limit: Duration, _ context: ToolContext, _ invoke: @escaping @Sendable (ToolContext) async throws -> ToolResult
    ) async -> ToolOutcome {
        do {
            let result = try await withTimeout(limit, clock: dependencies.clock) { [kills] in
                try await kills.run(tool: definition.name, conversation: context.scope.conversation) { try await invoke(context) }
            }
            let outcome = filter(ToolOutcome(result.isError ? .failed : .succeeded, text: result.text, trust: result.trust))
            return await warned(outcome, of: result.text, definition, context.scope)
        } catch let error as KilledError {
            return ToolOutcome(error.hadStarted ? .cancelled : .refused, text: error.description)
        } catch is ChangedError {
            return ToolOutcome(.refused, text: Self.text(of: .changed))
        } catch is TimeoutError {
            return ToolOutcome(.timedOut, text: "It took longer than \(limit) and was stopped.")
        } catch is CancellationError where Task.isCancelled {
            return ToolOutcome(.cancelled, text: "It was stopped; whether it had taken effect by then is not known.")
        } catch {
            await note(error, of: definition, context.scope)
            return filter(ToolOutcome(.failed, text: "\(error)"))
        }
    }

    /// Control characters out, secrets out, length bounded: beginning and end stay, the middle goes.
    private func filter(_ outcome: ToolOutcome) -> ToolOutcome {
        var outcome = outcome
        do {
            outcome.text = try redactor.redact(OutputSanitizer.clean(outcome.text))
        } catch {
            return ToolOutcome(outcome.status, text: "[output withheld: it could not be checked for secrets]", trust: outcome.trust)
        }
        var kept = HeadAndTail(limit: resultLimit)
        kept.append(outcome.text)
        (outcome.text, outcome.omittedBytes) = kept.result
        return outcome
    }

    static func prepare<T: Tool>(
        _ tool: T, _ call: ToolCall, _ scope: ToolScope
    ) throws -> (preview: @Sendable () async throws -> ActionPreview, invoke: @Sendable (ToolContext) async throws -> ToolResult) {
        let input = try call.arguments.decode(T.Input.self)
        return (
            {
                if let preview = try await tool.preview(input, in: scope) { return preview }
                return ActionPreview(summary: "\(call.name) \(call.arguments.encodedString())")
            },
            { context in try await tool.call(input, in: context) }
        )
    }

    // MARK: Records

    private func conclude(_ call: ToolCall, _ outcome: ToolOutcome, _ services: AgentServices) async throws -> ToolOutcome {
        // What happened is noted even when the turn is being stopped.
        let writer = writer
        let (id, now) = (services.turn.id, dependencies.now())
        let entries = services.run.takeUnwritten() + [.toolOutcome(callID: call.id, outcome)]
        try await Task {
            try await writer.write("journal outcome") { try await $0.append(entries, to: id, state: .running, at: now) }
        }.value
        return outcome
    }

    func journal(
        _ entries: [JournalEntry], _ services: AgentServices, state: Turn.State = .running
    ) async throws {
        let entries = services.run.takeUnwritten() + entries
        let (id, now) = (services.turn.id, dependencies.now())
        try await writer.write("journal") { try await $0.append(entries, to: id, state: state, at: now) }
    }

    func note(
        _ action: ProposedAction, verdict: String, reason: String, _ services: AgentServices
    ) async throws {
        try await audit.record(
            AuditRecord(
                .toolDecided, at: dependencies.now(), turn: action.scope.turn, person: action.scope.person,
                details: [
                    "tool": action.tool.name, "verdict": verdict, "reason": reason, "summary": action.preview.summary,
                    "influence": action.scope.influence.rawValue, "mode": action.scope.mode.rawValue,
                ]))
    }
}
