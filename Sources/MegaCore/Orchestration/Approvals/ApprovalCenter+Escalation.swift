// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ApprovalCenter {
    /// The step of the chain that is due first.
    func nextEscalation() -> ApprovalEscalator.Step? {
        let cards = Dictionary(grouping: pending.values, by: \.cardID).values.compactMap { ApprovalCard($0) }
        let steps = cards.compactMap { card -> ApprovalEscalator.Step? in
            let first = card.requests[0]
            guard policy.escalation.indices.contains(first.escalations) else { return nil }
            let planned = first.createdAt + policy.escalation[first.escalations].after.timeInterval
            return ApprovalEscalator.Step(card: card, number: first.escalations, due: policy.quietHours?.postponed(planned) ?? planned)
        }
        return steps.min { $0.due < $1.due }
    }

    /// Remembers that a step was taken, over a restart as well.
    func noteEscalation(of card: ApprovalRequest.ID, _ count: Int) async throws {
        let ids = pending.values.filter { $0.cardID == card && $0.escalations < count }.map(\.id)
        await lock(ids)
        defer { unlock(ids) }
        for id in ids {
            guard var request = pending[id] else { continue }
            request.escalations = count
            let escalated = request
            try await writer.write("note escalation") { try await $0.save(escalated) }
            pending[id] = escalated
        }
    }

    /// Whether anything of a card is open.
    func isOpen(_ card: ApprovalRequest.ID) -> Bool { pending.values.contains { $0.cardID == card } }
}
