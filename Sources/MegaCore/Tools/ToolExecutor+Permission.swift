// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ToolExecutor {
    /// What the checks say of a call.
    enum Permission {
        case granted(ProposedAction, rule: String)
        case ask(ProposedAction, reason: String)
        case refused(String, ProposedAction?)
        case failed(String)
    }

    /// Mode, sender, preview and authorizer, in this order. Asked before the call, and again after a person has approved it.
    func permission(
        for tool: some Tool, _ call: ToolCall, _ preview: @Sendable () async throws -> ActionPreview, _ scope: ToolScope,
        _ services: AgentServices
    ) async -> Permission {
        let definition = tool.definition
        let mode = await currentMode(scope.conversation)
        let missing = definition.effects.subtracting(mode.permittedEffects.intersection(scope.mode.permittedEffects))
        guard missing.isEmpty else {
            return .refused(
                "Mode \(mode.rawValue) does not permit \(definition.name) (\(missing.description)). The owner can change it with !mode build.",
                nil)
        }
        if !scope.trust.mayInstruct, !definition.effects.isDisjoint(with: [.consequential, .readsPrivateData, .readsFiles, .writesMemory]) {
            return .refused("Messages from unknown senders cannot make me use \(definition.name).", nil)
        }
        let action: ProposedAction
        do {
            action = ProposedAction(
                tool: definition, arguments: call.arguments, preview: try await preview(), scope: scope,
                influence: services.run.influence)
        } catch {
            await note(error, of: definition, scope)
            return .failed("\(error)")
        }
        do {
            switch try await authorizer.decide(action) {
            case .allow(let rule): return .granted(action, rule: rule)
            case .deny(let reason): return .refused(reason, action)
            case .askHuman(let reason): return .ask(action, reason: reason)
            }
        } catch {
            return .refused("The rules could not be read, so the answer is no: \(error)", action)
        }
    }

    /// Asks a person and waits for the answer. After a restart the same question goes on.
    func ask(
        _ call: ToolCall, _ action: ProposedAction, _ reason: String, _ scope: ToolScope, _ services: AgentServices
    ) async throws -> (ApprovalDecision, ApprovalRequest) {
        let request: ApprovalRequest
        if case .asked(let id) = services.run.recorded(call.id), let stored = try await writer.ledger.approval(id) {
            request = stored
            // Nobody knows whether the question was put. It carries the same id, so it is the same question.
            if request.decision == nil { try await present(request, services.turn) }
        } else {
            request = try await approvals.open(call, preview: action.preview, reason: reason, scope: scope)
            // Presented first: a crash in between asks again, and presenting twice sends nothing twice.
            try await present(request, services.turn)
            try await journal(
                [.approvalRequested(callID: call.id, approval: request.id)], services, state: .waitingApproval)
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

    static func refusal(_ decision: ApprovalDecision) -> String {
        switch decision {
        case .approved: ""
        case .denied(_, let reason): "The person said no" + (reason.map { ": \($0)" } ?? ".")
        case .expired: "Nobody answered in time, so the answer is no."
        case .withdrawn: "The request was withdrawn."
        }
    }
}
