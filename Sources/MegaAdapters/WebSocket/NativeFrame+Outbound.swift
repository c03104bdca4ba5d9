// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension NativeFrame {
    /// Frames of the server. Every one says `"direction": "out"`, so none can be played back to it as a client's.
    enum Outbound {
        /// What a frame holds of one attachment besides its description.
        enum Carried: Sendable, Hashable {
            /// Its bytes in base64.
            case data(String)
            case omitted(Omission)
        }

        /// Why an attachment's bytes are not in the frame.
        enum Omission: String, Sendable, Hashable {
            /// The frame has no room for them.
            case tooLarge = "too_large"
            /// They are not kept any more.
            case missing
            /// They were damaged.
            case unreadable
            /// This installation keeps no attachments.
            case notKept = "not_kept"
        }

        /// The length of so many bytes in base64.
        static func encodedSize(_ count: Int) -> Int { (count + 2) / 3 * 4 }

        /// The most bytes an attachment may have to be sent with a short text.
        static func attachmentRoom(frameLimit: Int) -> Int { max(0, (FernetCodec.contentLimit(ofToken: frameLimit) - 4096) / 4 * 3) }

        /// - Parameter carried: One for each media part, in their order.
        static func message(_ message: OutboundMessage, carrying carried: [Carried], platform: Platform, now: Date, isRepeated: Bool = false) -> JSONValue {
            var attachments: [JSONValue] = []
            var rest = carried[...]
            for case .media(let media) in message.content {
                var entry: [String: JSONValue] = [
                    "type": .string(media.kind.rawValue), "filename": text(media.fileName), "mime_type": .string(media.mimeType),
                    "size": .integer(Int64(media.size)), "blob": .string(media.blob), "caption": text(media.caption),
                ]
                switch rest.popFirst() ?? .omitted(.notKept) {
                case .data(let data): entry["data"] = .string(data)
                case .omitted(let reason): entry["omitted"] = .string(reason.rawValue)
                }
                attachments.append(.object(entry))
            }
            var frame: [String: JSONValue] = [
                "type": .string(message.kind == .approvalRequest ? "approval_request" : "message"), "direction": "out",
                "id": .string(message.id), "platform": .string(platform.rawValue), "sender_id": "megabot", "sender_name": "MegaBot",
                "chat_id": .string(message.conversation.chat), "chat_name": nil, "content": .string(message.text),
                "message_type": "text", "attachments": .array(attachments), "timestamp": .string(NativeTime.format(now)),
                "reply_to": text(message.replyTo), "metadata": .object(message.metadata.mapValues { .string($0) }),
                "is_encrypted": true, "kind": .string(message.kind.rawValue),
            ]
            if let turn = message.turn { frame["turn"] = .integer(turn.rawValue) }
            if let approval = message.approval { frame["approval_id"] = .string(approval.rawValue) }
            if isRepeated { frame["repeated"] = true }
            if let thread = message.conversation.thread { frame["thread_id"] = .string(thread) }
            return .object(frame)
        }

        static func acknowledgement(id: String, _ admission: Inbox.Admission) -> JSONValue {
            var frame: [String: JSONValue] = ["type": "ack", "direction": "out", "id": .string(id)]
            switch admission {
            case .accepted(let turn):
                frame["status"] = "accepted"
                frame["turn"] = .integer(turn.rawValue)
            case .duplicate(let turn):
                frame["status"] = "duplicate"
                frame["turn"] = .integer(turn.rawValue)
            case .refused(let reason):
                frame["status"] = "refused"
                frame["reason"] = .string(reason)
            }
            return .object(frame)
        }

        static func error(_ code: String, _ message: String, id: String? = nil, retryAfter: Double? = nil) -> JSONValue {
            var frame: [String: JSONValue] = [
                "type": "error", "direction": "out", "code": .string(code), "message": .string(message),
            ]
            if let id { frame["id"] = .string(id) }
            if let retryAfter { frame["retry_after"] = .number((retryAfter * 1000).rounded(.up) / 1000) }
            return .object(frame)
        }

        static func stream(_ update: LiveUpdate, chat: String) -> JSONValue {
            var frame: [String: JSONValue] = ["type": "stream", "direction": "out", "chat_id": .string(chat)]
            switch update {
            case .started: frame["event"] = "started"
            case .textDelta(let text):
                frame["event"] = "text"
                frame["text"] = .string(text)
            case .toolStarted(let name, let summary):
                frame["event"] = "tool_started"
                frame["tool"] = .string(name)
                frame["summary"] = .string(summary)
            case .toolOutput(let text):
                frame["event"] = "tool_output"
                frame["text"] = .string(text)
            case .toolFinished(let name, let outcome):
                frame["event"] = "tool_finished"
                frame["tool"] = .string(name)
                frame["outcome"] = .string(outcome.rawValue)
            case .finished: frame["event"] = "finished"
            }
            return .object(frame)
        }

        static func accepted(chats: [String]) -> JSONValue {
            ["type": "auth_ok", "direction": "out", "protocol": 1, "chats": .array(chats.map { .string($0) })]
        }

        /// The only plaintext frame besides errors before authentication.
        static func hello(salt: [UInt8], iterations: Int, challenge: String, timeToLive: Int64) -> JSONValue {
            [
                "type": "hello", "direction": "out", "protocol": 1, "kdf": "pbkdf2-sha256", "iterations": .integer(Int64(iterations)),
                "salt": .string(Data(salt).base64EncodedString()), "challenge": .string(challenge), "ttl": .integer(timeToLive),
            ]
        }

        private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    }
}
