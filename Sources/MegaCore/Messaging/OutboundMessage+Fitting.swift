// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension OutboundMessage {
    /// The message as a channel can carry it: attachments it cannot take as a line of text, a text above its limit in several messages.
    ///
    /// The first keeps the id, the others add `-2`, `-3` and so on, so that the same message always has the same parts under the same keys.
    /// A question that is too long is one question all the same: its last part, under which a channel puts its buttons, and notices that
    /// lead up to it.
    func fitted(to capabilities: AdapterCapabilities) -> [OutboundMessage] {
        var message = self
        message.content = content.map { part in
            guard case .media(let media) = part, !capabilities.carries(media) else { return part }
            return .text(part.rendering)
        }
        guard let limit = capabilities.textLimit else { return [message] }
        let splitter = MessageSplitter(limit: limit, unit: capabilities.lengthUnit)
        guard !splitter.fits(message.text) else { return [message] }
        let contents = Self.distributed(message.content, splitter)
        return contents.enumerated().map { index, content in
            var part = message
            part.content = content
            if index > 0 { part.id += "-\(index + 1)" }
            if kind == .approvalRequest, index < contents.count - 1 { (part.kind, part.approval) = (.notice, nil) }
            return part
        }
    }

    /// A piece of text per message at most; what is no text goes with the piece before it.
    private static func distributed(_ content: [ContentPart], _ splitter: MessageSplitter) -> [[ContentPart]] {
        var messages: [[ContentPart]] = []
        var current: [ContentPart] = []
        for part in content {
            guard case .text(let text) = part else {
                current.append(part)
                continue
            }
            for piece in splitter.split(text) where !piece.isEmpty {
                if current.contains(where: { $0.text != nil }) {
                    messages.append(current)
                    current = []
                }
                current.append(.text(piece))
            }
        }
        if !current.isEmpty { messages.append(current) }
        return messages
    }
}

extension AdapterCapabilities {
    /// Whether an attachment may be sent as what it is.
    func carries(_ media: Media) -> Bool { self.media[media.kind].map { media.size <= $0 } ?? false }
}
