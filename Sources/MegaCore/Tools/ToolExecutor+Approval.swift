// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ToolExecutor {
    /// What a person approved is not what would happen now.
    struct ChangedError: Error {}

    /// Asks a person and waits for the answer. After a restart the same question goes on.
    func ask(
        _ call: ToolCall, _ action: ProposedAction, _ reason: String, _ kind: ApprovalRequest.Kind, _ scope: ToolScope,
        _ services: AgentServices
    ) async throws -> (ApprovalDecision, ApprovalRequest) {
        let request: ApprovalRequest
        if case .asked(let id) = services.run.recorded(call.id), let stored = try await writer.ledger.approval(id), !stored.digest.isEmpty {
            request = stored
        } else {
            let asked = try await approvals.ask([ApprovalQuestion(call: call, action: action, reason: reason, kind: kind)])
            guard let first = asked.first else { throw CommandError("The question could not be put.") }
            request = first
        }
        if request.decision == nil, let card = await approvals.card(of: request) {
            // Nobody knows whether an earlier attempt put the question. It carries the same id, so it is the same question; presented
            // first, a crash in between asks again and sends nothing twice.
            try await present(card, services.turn)
            try await journal([.approvalRequested(callID: call.id, approval: request.id)], services, state: .waitingApproval)
        }
        let began = ContinuousClock.now
        await pause()
        let decision: ApprovalDecision
        do {
            decision = try await approvals.decision(about: request.id)
        } catch {
            await resume()
            throw error
        }
        await resume()
        services.run.addWaited(began.duration(to: .now))
        try await journal([.approvalDecided(approval: request.id, decision)], services)
        return (decision, request)
    }

    /// Asks about like calls of one answer of the model together, before the first of them runs: one card, answered once. Each call
    /// is checked by itself again when its turn comes.
    func announce(_ calls: [ToolCall], tools: [String: any Tool], services: AgentServices) async throws {
        let names = Dictionary(grouping: calls, by: \.name).filter { $0.value.count > 1 }
        guard !names.isEmpty else { return }
        var questions: [ApprovalQuestion] = []
        for call in calls.prefix(Self.mostAnnounced) where names[call.name] != nil {
            guard case .nothing = services.run.recorded(call.id), let tool = tools[call.name],
                tool.definition.parameters.violations(in: call.arguments).isEmpty,
                let question = await question(about: call, tool, services)
            else { continue }
            questions.append(question)
        }
        let alike = Dictionary(grouping: questions) { question in
            Likeness(
                tool: question.call.name, kind: question.kind, influence: question.action.influence,
                shape: FatigueMeter.shape(of: GrantCandidate(question.action)))
        }
        for question in questions {
            let likeness = Likeness(
                tool: question.call.name, kind: question.kind, influence: question.action.influence,
                shape: FatigueMeter.shape(of: GrantCandidate(question.action)))
            guard let group = alike[likeness], group.count > 1, group.first?.call.id == question.call.id else { continue }
            let requests = try await approvals.ask(group)
            guard let first = requests.first, let card = await approvals.card(of: first) else { continue }
            try await present(card, services.turn)
            try await journal(
                requests.map { .approvalRequested(callID: $0.callID, approval: $0.id) }, services, state: .waitingApproval)
        }
    }

    /// What a subject is bound to, made anew.
    ///
    /// - Throws: ``ChangedError`` when the action may not even be asked about any more, or what the preview throws.
    func rebound(
        _ definition: ToolDefinition, _ call: ToolCall, _ preview: @Sendable () async throws -> ActionPreview, _ scope: ToolScope,
        _ services: AgentServices, influence: TrustLabel
    ) async throws -> ApprovalSubject {
        let now: ActionPreview
        do { now = try await preview() } catch is CancellationError { throw CancellationError() } catch { throw ChangedError() }
        return ApprovalSubject(
            of: ProposedAction(
                tool: definition, arguments: call.arguments, preview: now, scope: scope, influence: influence))
    }

    func refusal(_ decision: ApprovalDecision, _ call: ToolCall, _ scope: ToolScope) -> String {
        switch decision {
        case .approved: ""
        case .denied(_, let reason): "The person said no" + (reason.map { ": \($0)" } ?? ".")
        case .expired: "Nobody answered in time, so the answer is no."
        case .withdrawn:
            kills.blocking(tool: call.name, conversation: scope.conversation).map { KilledError(cause: $0, hadStarted: false).description }
                ?? "The request was withdrawn."
        }
    }

    static func text(of refusal: ApprovalCenter.UseRefusal) -> String {
        switch refusal {
        case .changed: "What the action would do has changed since it was approved, so it did not run. Ask again."
        case .used: "That approval was used already; it holds for one start. Ask again."
        case .late: "The approval was given too long ago to hold now. Ask again."
        case .notApproved: "There is no approval for this action. Ask again."
        }
    }

    private static let mostAnnounced = 32

    /// Which questions may stand on one card.
    private struct Likeness: Hashable {
        var tool: String
        var kind: ApprovalRequest.Kind
        var influence: TrustLabel
        var shape: String
    }

    /// The question a call would lead to, or nil when nobody would be asked.
    private func question(about call: ToolCall, _ tool: some Tool, _ services: AgentServices) async -> ApprovalQuestion? {
        let scope = ToolScope(
            conversation: services.turn.message.conversation, person: services.turn.person, turn: services.turn.id,
            mode: services.mode, trust: services.turn.message.trust, influence: services.run.influence)
        guard kills.blocking(tool: call.name, conversation: scope.conversation) == nil else { return nil }
        do {
            let (preview, _) = try Self.prepare(tool, call, scope)
            let flow = services.run.judge(FlowCall(tool: tool.definition, arguments: call.arguments), id: call.id, tools: services.availableTools)
            // What the flow asks about is covered by its own question, which shows where the values came from.
            if case .ask = flow { return nil }
            guard case .ask(let action, let reason, let kind) = await permission(for: tool, call, preview, scope, services, flow),
                await !approvals.grants.covers(action, kind)
            else { return nil }
            return ApprovalQuestion(call: call, action: action, reason: reason, kind: kind)
        } catch {
            // Arguments that do not decode: the call itself tells the model so.
            return nil
        }
    }
}
