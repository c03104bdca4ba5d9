// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Who wrote something. Every message, memory and tool result carries one from the moment it enters.
///
/// The label is given by code that knows the source and is never taken from the content itself.
public enum TrustLabel: String, Sendable, Hashable, Codable, CaseIterable {
    /// The person this installation belongs to.
    case owner
    /// A sender on the allow list.
    case known
    /// A sender nobody vouched for.
    case unknown
    /// A tool on this machine.
    case tool
    /// Content from the network: pages, mails, remote tools.
    case web

    /// Where text with this label comes from, in words: "text from the network".
    public var source: String {
        switch self {
        case .owner: "the owner's own words"
        case .known: "the words of somebody on the list of people"
        case .unknown: "the words of somebody unknown"
        case .tool: "the output of a tool of this machine"
        case .web: "text from the network"
        }
    }

    /// Whether text with this label may instruct the assistant.
    public var mayInstruct: Bool {
        switch self {
        case .owner, .known: true
        case .unknown, .tool, .web: false
        }
    }
}

extension TrustLabel {
    /// Higher is less trusted.
    var weakness: Int {
        switch self {
        case .owner: 0
        case .known: 1
        case .tool: 2
        case .unknown: 3
        case .web: 4
        }
    }

    /// The less trusted of two labels: what is made from both deserves no more.
    public func weaker(_ other: TrustLabel) -> TrustLabel { other.weakness > weakness ? other : self }

    /// Whether anybody at all could have written text with this label: what is decided under it may have been told by an attacker.
    public var isUntrusted: Bool { self == .unknown || self == .web }
}
