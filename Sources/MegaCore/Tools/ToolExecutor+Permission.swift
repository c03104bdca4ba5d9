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
}
