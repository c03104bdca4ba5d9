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
