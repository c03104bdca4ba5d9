// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One part of a message, in reading order.
public enum ContentPart: Sendable, Hashable, Codable {
    /// Text in CommonMark for outbound messages, as the person typed it for inbound ones.
    case text(String)
    /// A picture, sound, film or file.
    case media(Media)
    /// A place on Earth, in degrees (WGS 84).
    case location(latitude: Double, longitude: Double, name: String?)
    /// A person's card.
    case contact(name: String, phoneNumber: String?)
    /// A kind this version does not know, kept as it came.
    case unknown(kind: String, payload: JSONValue)

    /// The text, when this is a text part.
    public var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The part as text, as the model, the conversation log and a channel without attachments show it: what is no text in brackets, and
    /// under it the words its sender put to it.
    ///
    /// `[image: cat.png, 2048 bytes]`, `[location: 48.1, 11.6 (Munich)]`, `[contact: Ada, +49 …]`.
    public var rendering: String {
        switch self {
        case .text(let text): text
        case .media(let media):
            "[\(media.kind.rawValue): \(media.fileName ?? media.mimeType), \(media.size) bytes]" + (media.caption.map { "\n" + $0 } ?? "")
        case .location(let latitude, let longitude, let name): "[location: \(latitude), \(longitude)\(name.map { " (\($0))" } ?? "")]"
        case .contact(let name, let number): "[contact: \(name)\(number.map { ", \($0)" } ?? "")]"
        case .unknown(let kind, _): "[\(kind)]"
        }
    }
}

/// An attachment: what it is, and where its bytes are.
public struct Media: Sendable, Hashable, Codable {
    /// Kinds as the platforms tell them apart.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case image, video, audio, voice, document, sticker
    }

    /// What it is.
    public var kind: Kind
    /// The media type (RFC 6838), as claimed by the sender.
    public var mimeType: String
    /// The base name of the file, without any folder.
    public var fileName: String?
    /// Size in bytes.
    public var size: Int
    /// The blob store's key: the lower-case hex SHA-256 of the bytes.
    public var blob: String
    /// Words the sender put to it.
    public var caption: String?

    /// Describes an attachment whose bytes lie in the blob store.
    public init(
        kind: Kind, mimeType: String, fileName: String? = nil, size: Int, blob: String, caption: String? = nil
    ) {
        self.kind = kind
        self.mimeType = mimeType
        self.fileName = fileName
        self.size = size
        self.blob = blob
        self.caption = caption
    }
}
