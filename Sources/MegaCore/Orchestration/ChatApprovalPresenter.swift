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

    var medium: ApprovalMedium { .chat }

    func present(_ presentation: ApprovalPresentation) async throws {
        let message = Self.message(presentation)
        let time = now()
        let new = try await writer.write("enqueue approval") { try await $0.enqueue([message], at: time) }
        if !new.isEmpty { await outbox.add([message]) }
    }

    static func message(_ presentation: ApprovalPresentation) -> OutboundMessage {
        let isFirst = presentation.replyTo != nil
        return OutboundMessage(
            id: presentation.key, conversation: presentation.conversation, kind: .approvalRequest, content: [.text(presentation.text)],
            replyTo: presentation.replyTo, approval: presentation.card.id, turn: isFirst ? presentation.card.requests.first?.turn : nil,
            metadata: presentation.metadata)
    }
}
