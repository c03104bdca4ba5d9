// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a channel can do, so that the orchestrator does not send what the platform would refuse.
public struct AdapterCapabilities: Sendable, Hashable {
    /// The unit a platform counts text in.
    public enum LengthUnit: Sendable, Hashable { case utf8Bytes, utf16Units, unicodeScalars, characters }

    /// What a failed send can mean for the reader.
    public enum DeliveryClass: Sendable, Hashable {
        /// The platform drops repeats (idempotency key or read-back): every message arrives exactly once.
        case exactlyOnce
        /// After a failure of unknown outcome a message may arrive twice.
        case atLeastOnce
    }

    /// The most text one message carries, in ``lengthUnit``; nil when the platform sets no limit. A longer one is sent as several messages
    /// (``MessageSplitter``), in order and each with a key of its own.
    public var textLimit: Int?
    /// What ``textLimit`` counts.
    public var lengthUnit: LengthUnit
    /// Whether a repeat can be seen by the reader.
    public var delivery: DeliveryClass
    /// Whether ``MessagingAdapter/show(_:in:)`` does anything.
    public var showsLiveUpdates: Bool
    /// Media kinds that can be sent, with the most bytes each. Others are sent as a line of text (``ContentPart/rendering``).
    public var media: [Media.Kind: Int]
    /// Whether a chat can hold several conversations. Otherwise messages come without ``ConversationID/thread``.
    public var hasThreads: Bool

    /// Describes a platform; the defaults promise nothing.
    public init(
        textLimit: Int? = nil, lengthUnit: LengthUnit = .characters, delivery: DeliveryClass = .atLeastOnce,
        showsLiveUpdates: Bool = false, media: [Media.Kind: Int] = [:], hasThreads: Bool = false
    ) {
        self.textLimit = textLimit
        self.lengthUnit = lengthUnit
        self.delivery = delivery
        self.showsLiveUpdates = showsLiveUpdates
        self.media = media
        self.hasThreads = hasThreads
    }
}
