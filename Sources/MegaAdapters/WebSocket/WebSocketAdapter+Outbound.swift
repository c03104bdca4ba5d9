// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WebSocketAdapter {
    /// A message's frame, with the bytes of as many of its attachments as one frame has room for, in their order.
    ///
    /// - Parameter isRepeated: Whether it was delivered before and is shown again to a client that has just come.
    /// - Throws: ``DeliveryError`` when the bytes cannot be read at the moment. Bytes that never can be are left out and it is said why.
    func content(of message: OutboundMessage, isRepeated: Bool = false) async throws -> [UInt8] {
        typealias Outbound = NativeFrame.Outbound
        let media = message.content.compactMap { part in
            if case .media(let media) = part { media } else { nil }
        }
        let now = dependencies.now()
        func frame(_ carried: [Outbound.Carried]) -> [UInt8] {
            Outbound.message(message, carrying: carried, platform: channel.platform, now: now, isRepeated: isRepeated).encoded()
        }
        let bare = frame(media.map { _ in .omitted(.unreadable) })
        guard !media.isEmpty else { return bare }
        var room = FernetCodec.contentLimit(ofToken: options.frameLimit) - bare.count
        var carried: [Outbound.Carried] = []
        for media in media {
            let next = try await carry(media, room: room)
            if case .data(let text) = next { room -= text.utf8.count }
            carried.append(next)
        }
        return frame(carried)
    }

    private func carry(_ media: Media, room: Int) async throws -> NativeFrame.Outbound.Carried {
        guard let attachments else { return .omitted(.notKept) }
        // Not even read when its own description says that it does not fit.
        guard media.size <= room, NativeFrame.Outbound.encodedSize(media.size) <= room else { return .omitted(.tooLarge) }
        do {
            guard let bytes = try await attachments.get(media.blob) else { return .omitted(.missing) }
            guard NativeFrame.Outbound.encodedSize(bytes.count) <= room else { return .omitted(.tooLarge) }
            return .data(Data(bytes).base64EncodedString())
        } catch let error as StoreError where error.isTransient {
            throw DeliveryError(.retry(after: nil), reason: "an attachment cannot be read: \(error.reason)")
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.warning("attachment left out of a message", metadata: ["message": "\(message(of: error))"])
            return .omitted(.unreadable)
        }
    }

    private func message(of error: any Error) -> String { error is StoreError || error is SealError ? "\(error)" : "\(type(of: error))" }
}
