// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Finds what somebody probably meant.
enum Spelling {
    /// The closest candidate, if it is close enough to be meant.
    static func closest(to word: String, among candidates: [String]) -> String? {
        let word = word.lowercased()
        let allowed = max(1, word.count / 3)
        return candidates.map { ($0, EditDistance.between(word, $0.lowercased())) }.filter { $0.1 <= allowed }.min { $0.1 < $1.1 }?.0
    }
}
