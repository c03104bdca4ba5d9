// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

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
