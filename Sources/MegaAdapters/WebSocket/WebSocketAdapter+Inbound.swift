// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension WebSocketAdapter.Link {
    /// The normalised message of a frame; its attachments are stored first.
    func inbound(_ frame: NativeFrame.Message, id: String) async throws -> InboundMessage {
        var content: [ContentPart] = []
        if !frame.text.isEmpty { content.append(.text(frame.text)) }
        for attachment in frame.attachments { content.append(.media(try await store(attachment))) }
        if frame.messageType == "location" || frame.messageType == "contact" || frame.messageType == "call" {
            content.append(.unknown(kind: frame.messageType, payload: .object(frame.metadata.mapValues { .string($0) })))
        }
        guard !content.isEmpty else { throw NativeFrame.Flaw.bad("the message has neither content nor attachments") }
        return InboundMessage(
            id: id, conversation: ConversationID(channel: adapter.channel, chat: frame.chatID),
            sender: Participant(id: frame.senderID, displayName: frame.senderName), content: content,
            timestamp: frame.timestamp ?? adapter.dependencies.now(), replyTo: frame.replyTo, metadata: frame.metadata)
    }

    private func store(_ attachment: NativeFrame.Attachment) async throws -> Media {
        guard let attachments = adapter.attachments else {
            throw NativeFrame.Flaw(code: "not_supported", message: "this installation keeps no attachments")
        }
        do {
            return Media(
                kind: attachment.kind, mimeType: attachment.mimeType, fileName: attachment.fileName, size: attachment.data.count,
                blob: try await attachments.put(attachment.data), caption: attachment.caption)
        } catch let error as StoreError where error.code == .tooLarge {
            throw NativeFrame.Flaw(code: "too_large", message: error.reason)
        }
    }
}
