// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A messaging platform by its lower-case name; open, so that an adapter can bring its own.
public struct Platform: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The raw value.
    public let rawValue: String
    /// Wraps a raw value.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Wraps a literal.
    public init(stringLiteral value: String) { self.rawValue = value }
    /// The name itself.
    public var description: String { rawValue }

    /// MegaBot's own channel.
    public static let webSocket: Platform = "websocket"
    /// Telegram.
    public static let telegram: Platform = "telegram"
    /// Signal.
    public static let signal: Platform = "signal"
    /// Discord.
    public static let discord: Platform = "discord"
    /// Slack.
    public static let slack: Platform = "slack"
    /// WhatsApp.
    public static let whatsApp: Platform = "whatsapp"
}

/// One account of one platform: a bot token, a phone number, a listening socket. Cursors and dedupe keys belong to a channel.
public struct ChannelID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Whose account it is.
    public var platform: Platform
    /// Tells several accounts of one platform apart; `default` where there is only one.
    public var account: String

    /// Names an account.
    public init(platform: Platform, account: String = "default") {
        self.platform = platform
        self.account = account
    }

    /// `platform:account`.
    public var description: String { "\(platform):\(account)" }
}

/// Where a message belongs: one chat, and within it perhaps one thread. Sessions, order and history are per conversation.
public struct ConversationID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The account the chat belongs to.
    public var channel: ChannelID
    /// The platform's own id of the chat.
    public var chat: String
    /// The platform's own id of the thread or topic, where the platform has them.
    public var thread: String?

    /// Names a chat or a thread of one.
    public init(channel: ChannelID, chat: String, thread: String? = nil) {
        self.channel = channel
        self.chat = chat
        self.thread = thread
    }

    /// Names a chat or a thread of one by its platform and account.
    public init(platform: Platform, account: String = "default", chat: String, thread: String? = nil) {
        self.init(channel: ChannelID(platform: platform, account: account), chat: chat, thread: thread)
    }

    /// `platform:account:chat[:thread]`. Colons and per cent signs inside the parts are escaped, so distinct ids never look alike.
    public var description: String {
        let parts = [channel.platform.rawValue, channel.account, chat] + (thread.map { [$0] } ?? [])
        return parts.map(Self.escape).joined(separator: ":")
    }

    private static func escape(_ part: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "%") }) else { return part }
        return part.reduce(into: "") { result, character in
            switch character {
            case ":": result += "%3A"
            case "%": result += "%25"
            default: result.append(character)
            }
        }
    }
}

/// The person behind one or more platform accounts. Memory is kept per person.
public struct PersonID: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The raw value.
    public let rawValue: String
    /// Wraps a raw value.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Wraps a literal.
    public init(stringLiteral value: String) { self.rawValue = value }
    /// In words, for people and logs.
    public var description: String { rawValue }
}

/// One accepted inbound message and all that is done about it. Given by the ledger, rising.
public struct TurnID: RawRepresentable, Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The raw value.
    public let rawValue: Int64
    /// Wraps a raw value.
    public init(rawValue: Int64) { self.rawValue = rawValue }
    /// In words, for people and logs.
    public var description: String { String(rawValue) }
    /// The earlier turn is smaller.
    public static func < (left: TurnID, right: TurnID) -> Bool { left.rawValue < right.rawValue }
}
