// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ToolExecutor {
    /// What the checks say of a call.
    enum Permission {
        case granted(ProposedAction, rule: String)
        /// The kind says whether a grant may answer.
        case ask(ProposedAction, reason: String, kind: ApprovalRequest.Kind = .policy)
        case refused(String, ProposedAction?)
        case failed(String)
    }

    /// Mode, sender, preview, flow and authorizer, in this order; the stricter of the last two holds. Asked before the call, and again
    /// after a person has approved it. A question the flow asks is one no grant answers.
    func permission(
        for tool: some Tool, _ call: ToolCall, _ preview: @Sendable () async throws -> ActionPreview, _ scope: ToolScope,
        _ services: AgentServices, _ flow: FlowDecision
    ) async -> Permission {
        let definition = tool.definition
        let mode = await currentMode(scope.conversation)
        let missing = definition.effects.subtracting(mode.permittedEffects.intersection(scope.mode.permittedEffects))
        guard missing.isEmpty else {
            return .refused(
                "Mode \(mode.rawValue) does not permit \(definition.name), which \(missing.phrase). The owner can change it with !mode build.",
                nil)
        }
        if !scope.trust.mayInstruct, !definition.effects.isDisjoint(with: [.consequential, .readsPrivateData, .readsFiles, .writesMemory]) {
            return .refused("Messages from unknown senders cannot make me use \(definition.name).", nil)
        }
        let action: ProposedAction
        do {
            action = ProposedAction(
                tool: definition, arguments: call.arguments, preview: try await preview(), scope: scope,
                influence: influence(of: flow, scope, services))
        } catch {
            await note(error, of: definition, scope)
            return .failed("\(error)")
        }
        if case .deny(let reason) = flow { return .refused(reason, action) }
        do {
            switch (try await authorizer.decide(action), flow) {
            case (.deny(let reason), _): return .refused(reason, action)
            case (.allow, .ask(let explanation)): return .ask(action, reason: explanation.description, kind: .informationFlow)
            case (.askHuman(let reason), .ask(let explanation)):
                return .ask(action, reason: "\(reason); \(explanation)", kind: .informationFlow)
            case (.askHuman(let reason), _): return .ask(action, reason: reason)
            case (.allow(let rule), .allow(let basis)): return .granted(action, rule: basis.map { "\(rule); flow: \($0)" } ?? rule)
            case (.allow, .deny(let reason)): return .refused(reason, action)
            }
        } catch {
            return .refused("The rules could not be read, so the answer is no: \(error)", action)
        }
    }

    /// The trust the authorizer goes by: that of the turn's own message where the flow answers for every value of the call.
    func influence(of flow: FlowDecision, _ scope: ToolScope, _ services: AgentServices) -> TrustLabel {
        flow.answersForCall ? scope.trust : services.run.influence
    }

    /// A person saw where the values came from and let them pass: from now on they count as the person's, and the audit says so.
    func declassify(
        _ call: FlowCall, _ flow: FlowDecision, _ asked: ApprovalRequest, _ decision: ApprovalDecision, _ scope: ToolScope,
        _ services: AgentServices
    ) async throws {
        guard case .ask(let explanation) = flow else { return services.run.endorse(call, covering: []) }
        // After a restart the question may have been another: only what was shown is covered.
        let covered = asked.reason.contains(explanation.description) ? explanation.covered : []
        try await audit.record(
            AuditRecord(
                .flowDeclassified, at: dependencies.now(), turn: scope.turn, person: decision.person,
                details: [
                    "approval": asked.id.rawValue, "tool": call.tool.name, "flow": explanation.description, "covered": "\(covered.count)",
                ]))
        services.run.endorse(call, covering: covered)
    }
}
