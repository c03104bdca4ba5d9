// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// One pass over a text: where keywords stand the text is examined, and what is found is settled into findings.
struct SecretPass: Sendable {
    private let catalog: SecretCatalog
    private let assignments: SecretAssignments
    private var state = KeywordAutomaton.start
    /// Names before this place were examined already.
    private var examinedNames = 0
    private var candidates: [SecretCandidate] = []

    init(catalog: SecretCatalog) {
        self.catalog = catalog
        assignments = SecretAssignments(catalog: catalog)
    }

    /// Examines what keywords that end in `range` announce. Bytes around the range may be looked at.
    ///
    /// - Parameter offset: Where the first of `bytes` stands in the whole text.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, offset: Int) {
        var state = state
        var examined = examinedNames
        var found: [SecretCandidate] = []
        let (catalog, assignments) = (catalog, assignments)
        catalog.automaton.scan(bytes, range, from: &state) { keyword, end in
            let bounds = max(0, end - SecretScanner.lookBehind)..<min(bytes.count, end + SecretScanner.lookAhead)
            for meaning in catalog.meanings[keyword] {
                switch meaning {
                case .token(let index):
                    let place = end - catalog.lengths[keyword]
                    if let candidate = Self.token(catalog.tokens[index], bytes, place, bounds, catalog.lengths[keyword]) { found.append(candidate.moved(by: offset)) }
                case .vendor, .name:
                    guard offset + end > examined else { continue }
                    let name = SecretAssignments.name(bytes, around: end, in: bounds)
                    examined = offset + max(name.upperBound, end)
                    if let candidate = assignments.find(bytes, name: name, in: bounds) { found.append(candidate.moved(by: offset)) }
                case .structure(let kind):
                    if let candidate = kind.find(bytes, keyword: (end - catalog.lengths[keyword])..<end, in: bounds) {
                        found.append(candidate.moved(by: offset))
                    }
                }
            }
        }
        self.state = state
        examinedNames = examined
        candidates += found
    }

    private static func token(
        _ token: SecretCatalog.Token, _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ bounds: Range<Int>, _ length: Int
    ) -> SecretCandidate? {
        guard let range = token.pattern.match(bytes, anchorAt: place, in: bounds) else { return nil }
        if token.floor > 0 {
            guard !Self.isMasked(bytes, range.upperBound, bounds.upperBound) else { return nil }
            guard ByteSearch.entropy(bytes[range]) >= token.floor, !Placeholders.isEmptyForm(bytes, range) else { return nil }
            // The mark may be made of anything; what follows it must be drawn.
            let body = token.pattern.anchor == 0 ? (range.lowerBound + length)..<range.upperBound : range
            guard SecretPass.isDrawn(bytes, body) else { return nil }
        }
        return SecretCandidate(kind: token.kind, range: range, certainty: .token, markLength: length)
    }

    /// Whether the rest of a token was left out by somebody: `ghp_abc…`, `xoxp-123-####`
    private static func isMasked(_ bytes: UnsafeBufferPointer<UInt8>, _ end: Int, _ limit: Int) -> Bool {
        guard end < limit else { return false }
        if ByteSet("*#").contains(bytes[end]) { return true }
        return end + 2 < limit && (bytes[end] == 0x2E && bytes[end + 1] == 0x2E && bytes[end + 2] == 0x2E || bytes[end] == 0xE2 && bytes[end + 1] == 0x80 && bytes[end + 2] == 0xA6)
    }

    /// Whether a token's body may be random: no words joined by marks, no counting.
    private static func isDrawn(_ bytes: UnsafeBufferPointer<UInt8>, _ body: Range<Int>) -> Bool {
        let profile = ByteProfile(bytes[body])
        guard profile.distinct >= min(6, body.count / 3 + 1), !Placeholders.isEmptyForm(bytes, body) else { return false }
        return profile.digits >= 2 || Randomness.surprise(bytes[body]) >= 4.9
    }

    /// Takes out what stands before `place` and can change no more; overlapping candidates become one finding, named by the most certain.
    mutating func settle(before place: Int) -> [SecretFinding] {
        guard !candidates.isEmpty else { return [] }
        candidates.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        var findings: [SecretFinding] = []
        var index = 0
        while index < candidates.count {
            var best = candidates[index]
            var range = best.range
            var next = index + 1
            while next < candidates.count, candidates[next].range.lowerBound < range.upperBound {
                let other = candidates[next]
                range = range.lowerBound..<max(range.upperBound, other.range.upperBound)
                if (other.certainty, other.markLength) > (best.certainty, best.markLength) { best = other }
                next += 1
            }
            guard range.upperBound <= place else { break }
            findings.append(SecretFinding(best.kind, range))
            index = next
        }
        candidates.removeFirst(index)
        return findings
    }
}

extension SecretCandidate {
    func moved(by offset: Int) -> SecretCandidate {
        var moved = self
        moved.range = (range.lowerBound + offset)..<(range.upperBound + offset)
        return moved
    }
}
