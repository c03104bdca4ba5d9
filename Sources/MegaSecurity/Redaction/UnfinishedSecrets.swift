// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Tells how much of a text can be shown while more of it is still to come.
///
/// A text may be cut where both sides, looked at apart, show the same secrets as the whole, and go on doing so whatever comes next. What
/// may come next is tried out: a handful of continuations that would complete each kind of secret that reaches over a blank or a line.
/// So a cut never falls into a secret, nor between a secret and the words by which it is recognised.
struct UnfinishedSecrets: Sendable {
    /// Bytes around a cut that are looked at.
    private static let reach = 9 << 10
    /// A word longer than this may be cut within; no other word is.
    private static let longestWord = 2 << 10
    /// Places tried before everything within reach is held back.
    private static let mostPlaces = 16

    /// The replacements that would be made in a text.
    let replacements: @Sendable (UnsafeBufferPointer<UInt8>) -> [Replacement]
    /// Values that are secret wherever they stand.
    let values: [[UInt8]]
    let recognisesShapes: Bool

    /// The greatest place up to which the bytes may be shown.
    func lastCut(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var limit = bytes.count - longestBeginning(in: bytes)
        if recognisesShapes, let open = SecretStructures.openKeyBlock(bytes) { limit = min(limit, open) }
        guard limit > 0 else { return 0 }
        let base = max(0, limit - Self.reach)
        let end = min(bytes.count, limit + Self.reach)
        let window = Array(bytes[base..<end])
        let whole = find(window)
        // Where text is known behind the window, nothing else can come. Futures that change nothing need no second look.
        let continuations = end == bytes.count && recognisesShapes ? Self.continuations : []
        let futures = [(future: [], whole: whole)] + continuations.map { (future: $0, whole: find(window + $0)) }.filter { $0.whole != whole }
        for cut in places(in: window, upTo: limit - base) where !whole.contains(where: { $0.range.lowerBound < cut && cut < $0.range.upperBound }) {
            let left = find(Array(window[..<cut]))
            let isClean = futures.allSatisfy { left + find(Array(window[cut...]) + $0.future).map { $0.moved(by: cut) } == $0.whole }
            if isClean { return base + cut }
        }
        return base
    }

    private func find(_ bytes: [UInt8]) -> [Replacement] {
        bytes.withUnsafeBufferPointer { replacements($0) }.sorted { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    }

    /// Where the bytes may be cut, the last place first: behind blanks, closer together at the end.
    private func places(in bytes: [UInt8], upTo limit: Int) -> [Int] {
        var places: [Int] = []
        var skipped = 0
        var blanks = 0
        var at = limit
        while at > 0, places.count < Self.mostPlaces {
            let isBlank = bytes[at - 1] == 0x20 || bytes[at - 1] == 0x09 || bytes[at - 1] == 0x0A || bytes[at - 1] == 0x0D
            if isBlank {
                // 1, 2, 3, 4, 6, 9, 13 … blanks from the end.
                if skipped >= blanks / 2 {
                    places.append(at)
                    blanks += 1
                    skipped = 0
                } else {
                    skipped += 1
                }
            } else if places.isEmpty, limit - at == Self.longestWord {
                places.append(limit - Self.longestWord / 2)
            }
            at -= 1
        }
        return places
    }

    /// How many bytes at the end may be the beginning of a secret value.
    func longestBeginning(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var longest = 0
        for value in values {
            var count = min(bytes.count, value.count - 1)
            while count > longest {
                if ByteSearch.matches(Array(value[..<count]), bytes, bytes.count - count) { longest = count }
                count -= 1
            }
        }
        return longest
    }

    /// Drawn once; nobody's.
    private static let drawn = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY"
    private static let drawnHex = "3f9a7c51e04d8b26a1c7f35e9d0b4826"
    private static let drawnBase64 = "YUIzZEU1Zkc3aEo5a0wxbU4ycFE0clM2"

    private static let continuations: [[UInt8]] = [
        "\(drawn)\n", "\n  \(drawn)\n", "\"\(drawn)\"\n", "= \"\(drawn)\"\n", ": \(drawn)\n", "value: \"\(drawn)\"\n", "\(drawnHex)\n", "\"\(drawnHex)\"\n",
        "\n  x: \(drawnBase64)\n", "data:\n  x: \(drawnBase64)\n", "\(drawn)\(drawn)\n", "Tr0ub4dor&3\n", "Secret\ndata:\n  x: \(drawnBase64)\n", "PRIVATE KEY-----\n\(drawnBase64)\n",
    ].map { Array($0.utf8) }
}
