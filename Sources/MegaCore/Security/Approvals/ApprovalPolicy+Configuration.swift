// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension ApprovalPolicy {
    /// What a configuration says of approvals.
    ///
    /// - Parameter offset: Seconds the local time is ahead of UTC at a moment, for the quiet hours.
    public init(_ approvals: MegaConfiguration.Security.Approvals, offset: @escaping @Sendable (Date) -> Int) {
        func members(_ names: [String]) -> (effects: ToolEffects, tools: Set<String>) {
            var effects: ToolEffects = []
            var tools: Set<String> = []
            for name in names {
                if let known = ToolEffects.names.first(where: { $0.0.lowercased() == name.lowercased() }) { effects.formUnion(known.1) } else { tools.insert(name) }
            }
            return (effects, tools)
        }
        var classes: [ActionClass] = []
        if !approvals.twoPersons.isEmpty {
            let (effects, tools) = members(approvals.twoPersons)
            classes.append(ActionClass("two persons", effects: effects, tools: tools, approvers: 2))
        }
        if !approvals.separateDuties.isEmpty {
            let (effects, tools) = members(approvals.separateDuties)
            classes.append(ActionClass("separate duties", effects: effects, tools: tools, approvers: 1, separatesDuties: true))
        }
        self.init(
            classes: classes,
            escalation: approvals.escalateTo.compactMap { ConversationID(text: $0) }.enumerated().map { index, conversation in
                Escalation(after: .seconds(approvals.escalateAfterSeconds * (index + 1)), to: conversation)
            },
            quietHours: approvals.quietHours.flatMap { QuietHours($0, offset: offset) }, fatigueLimit: approvals.fatigueLimit)
    }
}
