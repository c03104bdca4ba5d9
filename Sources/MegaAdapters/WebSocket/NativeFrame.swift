// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A frame of a client, decrypted and checked.
enum NativeFrame: Sendable, Hashable {
    case authentication(challenge: String, client: String?, chats: [String], confirms: Bool)
    case message(Message)
    /// The client took a message.
    case received(id: String)

    /// A message, a command or an upload.
    struct Message: Sendable, Hashable {
        var id: String?
        var senderID: String
        var senderName: String?
        var chatID: String
        var text: String
        var messageType: String
        var timestamp: Date?
        var replyTo: String?
        var metadata: [String: String]
        var attachments: [Attachment]
    }

    struct Attachment: Sendable, Hashable {
        var kind: Media.Kind
        var mimeType: String
        var fileName: String?
        var caption: String?
        var data: [UInt8]
    }

    /// What is wrong with a frame, for the client.
    struct Flaw: Error, Sendable, Hashable {
        var code: String
        var message: String

        static func bad(_ message: String) -> Flaw { Flaw(code: "bad_frame", message: message) }
    }

    /// What a client may leave out because it said so before.
    struct Habits: Sendable {
        var senderID: String?
        var chatID: String?
    }

    static let messageTypes: Set<String> = [
        "text", "image", "video", "audio", "document", "location", "contact", "sticker", "call",
    ]

    init(_ json: JSONValue, habits: Habits, attachmentLimit: Int) throws(Flaw) {
        let fields = try Fields(json)
        guard fields.members["direction"] != .string("out") else {
            throw Flaw(code: "reflected", message: "this frame was made by the server")
        }
        switch try fields.text("type", limit: 64) {
        case "auth":
            guard let challenge = try fields.text("challenge", limit: 256) else { throw .bad("\"challenge\" is missing") }
            var chats: [String] = []
            for chat in fields.members["chats"]?.arrayValue ?? [] {
                guard let chat = chat.stringValue, !chat.isEmpty, chat.utf8.count <= 256, chats.count < 256 else {
                    throw .bad("\"chats\" holds at most 256 ids of 1 to 256 bytes")
                }
                chats.append(chat)
            }
            self = .authentication(
                challenge: challenge, client: try fields.text("client", limit: 256), chats: chats,
                confirms: fields.members["confirms"] == .bool(true))
        case "message":
            self = .message(try Message(fields, habits: Habits(), attachmentLimit: attachmentLimit))
        case "command":
            guard let command = try fields.text("command", limit: 256), !command.isEmpty else { throw .bad("\"command\" is missing") }
            var message = try Message(fields, habits: habits, attachmentLimit: 0)
            message.text = ([command.hasPrefix("!") ? command : "!" + command] + (try fields.arguments())).joined(separator: " ")
            self = .message(message)
        case "media_upload":
            var message = try Message(fields, habits: habits, attachmentLimit: attachmentLimit)
            guard let upload = fields.members["attachment"] else { throw .bad("\"attachment\" is missing") }
            message.attachments = [try Attachment(upload, limit: attachmentLimit)]
            self = .message(message)
        case "received":
            guard let id = try fields.text("id", limit: 256) else { throw .bad("\"id\" is missing") }
            self = .received(id: id)
        case "platform_connect":
            throw Flaw(
                code: "not_supported", message: "platforms are connected in the configuration, never over this connection")
        case nil: throw .bad("\"type\" is missing")
        default:
            throw Flaw(
                code: "unknown_type", message: "known types are auth, message, media_upload, command and received")
        }
    }
}

extension NativeFrame.Message {
    fileprivate init(_ fields: Fields, habits: NativeFrame.Habits, attachmentLimit: Int) throws(NativeFrame.Flaw) {
        guard let sender = try fields.identifier("sender_id") ?? habits.senderID else { throw .bad("\"sender_id\" is missing") }
        guard let chat = try fields.identifier("chat_id") ?? habits.chatID else { throw .bad("\"chat_id\" is missing") }
        id = try fields.identifier("id")
        senderID = sender
        senderName = try fields.text("sender_name", limit: 256)
        chatID = chat
        text = try fields.text("content", limit: .max) ?? ""
        messageType = try fields.text("message_type", limit: 64) ?? "text"
        guard NativeFrame.messageTypes.contains(messageType) else {
            throw .bad("\"message_type\" must be one of \(NativeFrame.messageTypes.sorted().joined(separator: ", "))")
        }
        timestamp = try fields.date("timestamp")
        replyTo = try fields.identifier("reply_to")
        metadata = try fields.metadata()
        attachments = []
        guard let list = fields.members["attachments"], list != .null else { return }
        guard let list = list.arrayValue, list.count <= 16 else { throw .bad("\"attachments\" is a list of at most 16") }
        for entry in list { attachments.append(try NativeFrame.Attachment(entry, limit: attachmentLimit)) }
    }
}

extension NativeFrame.Attachment {
    fileprivate init(_ json: JSONValue, limit: Int) throws(NativeFrame.Flaw) {
        let fields = try Fields(json)
        guard let kind = Media.Kind(rawValue: try fields.text("type", limit: 64) ?? "document") else {
            throw .bad("an attachment's \"type\" must be one of \(Media.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self.kind = kind
        mimeType = try fields.text("mime_type", limit: 256) ?? "application/octet-stream"
        fileName = try fields.text("filename", limit: 4096).flatMap(Self.baseName)
        caption = try fields.text("caption", limit: 4096)
        guard let encoded = try fields.text("data", limit: .max), let data = Data(base64Encoded: encoded) else {
            throw .bad("an attachment's \"data\" must be base64")
        }
        guard data.count <= limit else {
            throw NativeFrame.Flaw(code: "too_large", message: "an attachment has at most \(limit) bytes")
        }
        if let size = fields.members["size"]?.integerValue, size != Int64(data.count) {
            throw .bad("an attachment's \"size\" is not the number of its bytes")
        }
        self.data = [UInt8](data)
    }

    /// The last part of a path, without control characters; nil when nothing usable is left.
    static func baseName(_ path: String) -> String? {
        let last = path.split(omittingEmptySubsequences: true) { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        var name = ""
        for scalar in last.unicodeScalars where scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format {
            guard name.utf8.count + UTF8.width(scalar) <= 200 else { break }
            name.unicodeScalars.append(scalar)
        }
        return name.isEmpty || name.allSatisfy { $0 == "." } ? nil : name
    }
}

/// Typed access to the members of a frame.
private struct Fields {
    let members: [String: JSONValue]

    init(_ json: JSONValue) throws(NativeFrame.Flaw) {
        guard let members = json.objectValue else { throw .bad("a frame is a JSON object") }
        self.members = members
    }

    func text(_ name: String, limit: Int) throws(NativeFrame.Flaw) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.stringValue else { throw .bad("\"\(name)\" must be a string") }
        guard text.utf8.count <= limit else { throw .bad("\"\(name)\" has more than \(limit) bytes") }
        return text
    }

    /// An id: a string of 1 to 256 bytes, or an integer, as some clients write them.
    func identifier(_ name: String) throws(NativeFrame.Flaw) -> String? {
        if let number = members[name]?.integerValue { return String(number) }
        guard let text = try text(name, limit: 256) else { return nil }
        guard !text.isEmpty else { throw .bad("\"\(name)\" is empty") }
        return text
    }

    func arguments() throws(NativeFrame.Flaw) -> [String] {
        switch members["args"] {
        case nil, .null: return []
        case .string(let text): return text.isEmpty ? [] : [text]
        case .array(let list):
            var words: [String] = []
            for entry in list {
                guard let word = entry.stringValue ?? entry.integerValue.map({ String($0) }) else {
                    throw .bad("\"args\" is a string or a list of strings")
                }
                words.append(word)
            }
            return words
        default: throw .bad("\"args\" is a string or a list of strings")
        }
    }

    func date(_ name: String) throws(NativeFrame.Flaw) -> Date? {
        switch members[name] {
        case nil, .null: return nil
        case .string(let text):
            guard let date = NativeTime.parse(text) else {
                throw .bad("\"\(name)\" must be ISO 8601 with a zone, such as 2026-01-31T12:00:00Z")
            }
            return date
        case .integer, .number:
            guard let seconds = members[name]?.numberValue, abs(seconds) < 1e11 else { throw .bad("\"\(name)\" is no time") }
            return Date(timeIntervalSince1970: seconds)
        default: throw .bad("\"\(name)\" must be a string or a number")
        }
    }

    func metadata() throws(NativeFrame.Flaw) -> [String: String] {
        guard let value = members["metadata"], value != .null else { return [:] }
        guard let entries = value.objectValue, entries.count <= 32 else { throw .bad("\"metadata\" is an object of at most 32 members") }
        var result: [String: String] = [:]
        for (key, entry) in entries {
            let text = entry.stringValue ?? entry.encodedString()
            guard key.utf8.count <= 128, text.utf8.count <= 4096 else { throw .bad("a member of \"metadata\" is too long") }
            result[key] = text
        }
        return result
    }
}

/// Times as the frames write them.
enum NativeTime {
    static func format(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    static func parse(_ text: String) -> Date? {
        for style in [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()] {
            if let date = try? style.parse(text) { return date }  // why: the next form may fit; nil tells that none does
        }
        return nil
    }
}
