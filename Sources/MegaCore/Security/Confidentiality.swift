// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Who may read something.
public enum Confidentiality: Sendable, Hashable, Codable {
    /// Anybody may.
    case open
    /// Only these people may; nobody when the set is empty.
    case limited(to: Set<PersonID>)

    /// Whether this person may read it.
    public func admits(_ person: PersonID) -> Bool {
        switch self {
        case .open: true
        case .limited(let readers): readers.contains(person)
        }
    }

    /// Whether it is not for everybody.
    public var isPrivate: Bool { self != .open }

    /// Who may read what is made from both: those who may read either part.
    public func joined(_ other: Confidentiality) -> Confidentiality {
        switch (self, other) {
        case (.open, let other): other
        case (let own, .open): own
        case (.limited(let own), .limited(let others)): .limited(to: own.intersection(others))
        }
    }
}

/// Where a piece of text comes from and who may read it. Given by code that knows the source, never taken from the text itself.
public struct FlowLabel: Sendable, Hashable, Codable {
    /// Who wrote it: how far it may be believed.
    public var integrity: TrustLabel
    /// Who may read it.
    public var confidentiality: Confidentiality

    /// Makes a label.
    public init(_ integrity: TrustLabel, _ confidentiality: Confidentiality = .open) {
        self.integrity = integrity
        self.confidentiality = confidentiality
    }

    /// The label of what is made from both: believed no more than the worse, read by no more than the fewer.
    public func joined(_ other: FlowLabel) -> FlowLabel {
        FlowLabel(integrity.weaker(other.integrity), confidentiality.joined(other.confidentiality))
    }
}

extension InboundMessage {
    /// The label every part of the message carries: written by its sender, for a person's eyes.
    public func label(of person: PersonID) -> FlowLabel { FlowLabel(trust, .limited(to: [person])) }
}

extension Memory {
    /// The label the memory carries when it is recalled: that of what it was made from, readable by its person.
    public var label: FlowLabel { FlowLabel(trust, .limited(to: [person])) }
}
