// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Asks in a conversation, through the outbox: durable, in order, and never the same question twice.
struct ChatApprovalPresenter: ApprovalPresenter {
    let writer: LedgerWriter
    let outbox: Outbox
    let now: @Sendable () -> Date
    /// The message as its channel can carry it.
    var fitted: @Sendable (OutboundMessage) -> [OutboundMessage] = { [$0] }

    var medium: ApprovalMedium { .chat }

    func present(_ presentation: ApprovalPresentation) async throws {
        let (parts, time) = (fitted(Self.message(presentation)), now())
        let new = try await writer.write("enqueue approval") { try await $0.enqueue(parts, at: time) }
        await outbox.add(parts.filter { new.contains($0.id) })
    }

    static func message(_ presentation: ApprovalPresentation) -> OutboundMessage {
        let isFirst = presentation.replyTo != nil
        return OutboundMessage(
            id: presentation.key, conversation: presentation.conversation, kind: .approvalRequest, content: [.text(presentation.text)],
            replyTo: presentation.replyTo, approval: presentation.card.id, turn: isFirst ? presentation.card.requests.first?.turn : nil,
            metadata: presentation.metadata)
    }
}
