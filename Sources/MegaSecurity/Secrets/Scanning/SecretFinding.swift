// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A secret and where it stands.
public struct SecretFinding: Sendable, Hashable {
    /// What it is, for machines: `github-personal-token`, `generic-secret`, … An open set, see ``SecretScanner/types``.
    public var type: String
    /// What it is, for people: "GitHub token".
    public var title: String
    /// Its place, in bytes of UTF-8 from the beginning of the text (of the whole stream, when streaming).
    public var range: Range<Int>

    init(_ kind: SecretKind, _ range: Range<Int>) {
        type = kind.type
        title = kind.title
        self.range = range
    }
}

/// A finding before overlaps are settled.
struct SecretCandidate: Sendable, Hashable {
    /// How much is known: the higher one names what overlaps.
    enum Certainty: Int, Sendable, Comparable {
        case generic, named, structure, token
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    var kind: SecretKind
    var range: Range<Int>
    var certainty: Certainty
    /// Among equals the longer mark wins.
    var markLength = 0
}
