// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The shape of a token, as data: literal characters and counted runs.
///
/// Written as text: `ghp_{a36}` is the four characters and 36 letters or digits; `{H32}-us{d1-2}` has its literal in the middle.
/// Alphabets: `d` digits, `h` lower hex, `H` hex, `l` lower case and digits, `U` upper case and digits, `a` letters and digits,
/// `w` and `_`, `t` and `_-`, `e` and `_-=`, `b` Base64, `s` and `_-.`, `x` what stands in passwords, `L` lower case letters,
/// `m` Base64 of both kinds.
/// Matching never goes back: its time is bounded by the pattern's longest match.
struct TokenPattern: Sendable {
    enum Segment: Sendable {
        case literal([UInt8])
        case run(ByteSet, ClosedRange<Int>)
    }

    let segments: [Segment]
    /// The index of the literal whose place is known when matching begins.
    let anchor: Int?

    /// The anchor without upper case, as a keyword.
    var keyword: [UInt8]? {
        guard let anchor, case .literal(let bytes) = segments[anchor] else { return nil }
        return bytes.map(ByteSearch.lower)
    }

    /// Nil when the text is no pattern.
    init?(_ text: String) {
        var segments: [Segment] = []
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "{") else {
                literal.append(byte)
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")), let run = Self.run(String(decoding: rest[..<end], as: UTF8.self)) else { return nil }
            if !literal.isEmpty { segments.append(.literal(literal)) }
            literal = []
            segments += run
            rest = rest[(end + 1)...]
        }
        if !literal.isEmpty { segments.append(.literal(literal)) }
        guard !segments.isEmpty else { return nil }
        self.segments = segments
        var best: (index: Int, length: Int)?
        for case (let index, .literal(let bytes)) in segments.enumerated() where bytes.count > best?.length ?? 0 {
            // The first literal stays the anchor, unless it is short.
            if best == nil || (best?.length ?? 0) < 3 { best = (index, bytes.count) }
        }
        anchor = best?.index
    }

    private static func run(_ text: String) -> [Segment]? {
        if text == "uuid" {
            return [8, 4, 4, 4, 12].flatMap { [.run(.hex, $0...$0), .literal([UInt8(ascii: "-")])] }.dropLast()
        }
        guard let first = text.first, let set = alphabets[first] else { return nil }
        let bounds = text.dropFirst().split(separator: "-").compactMap { Int($0) }
        guard let low = bounds.first, let high = bounds.last, bounds.count <= 2, low <= high, high <= 4096 else { return nil }
        return [.run(set, low...high)]
    }

    private static let alphabets: [Character: ByteSet] = [
        "d": .digits, "h": .lowerHex, "H": .hex, "l": .lowerLetters.union(.digits), "U": .upperLetters.union(.digits), "a": .alphanumerics,
        "w": .words, "t": .base64URL, "e": .base64URL.union(ByteSet("=")), "b": .base64, "s": .base64URL.union(ByteSet(".")),
        "x": .base64URL.union(ByteSet("~.!@#$%^&*+=?/|")), "L": .lowerLetters, "m": .base64URL.union(.base64),
    ]

    /// The token around the anchor that stands at `place`, within `bounds`.
    func match(_ bytes: UnsafeBufferPointer<UInt8>, anchorAt place: Int, in bounds: Range<Int>) -> Range<Int>? {
        guard let anchor else { return nil }
        var start = place
        for index in stride(from: anchor - 1, through: 0, by: -1) {
            switch segments[index] {
            case .literal(let literal):
                start -= literal.count
                guard start >= bounds.lowerBound, ByteSearch.matches(literal, bytes, start) else { return nil }
            case .run(let set, let count):
                var taken = 0
                while taken < count.upperBound, start > bounds.lowerBound, set.contains(bytes[start - 1]) {
                    start -= 1
                    taken += 1
                }
                guard taken >= count.lowerBound else { return nil }
            }
        }
        guard Self.begins(bytes, start, bounds) else { return nil }
        guard let end = forward(bytes, segments[anchor...], place, bounds.upperBound) else { return nil }
        return start..<end
    }

    /// Whether the whole of `range` is such a token.
    func matchesWhole(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        forward(bytes, segments[...], range.lowerBound, range.upperBound) == range.upperBound
    }

    private func forward(_ bytes: UnsafeBufferPointer<UInt8>, _ segments: ArraySlice<Segment>, _ start: Int, _ limit: Int) -> Int? {
        var index = start
        var last = ByteSet.alphanumerics
        for segment in segments {
            switch segment {
            case .literal(let literal):
                guard index + literal.count <= limit, ByteSearch.matches(literal, bytes, index) else { return nil }
                index += literal.count
                last = .alphanumerics
            case .run(let set, let count):
                let end = min(limit, index + count.upperBound)
                let first = index
                while index < end, set.contains(bytes[index]) { index += 1 }
                guard index - first >= count.lowerBound else { return nil }
                last = set.union(.alphanumerics)
            }
        }
        // A token that goes on is another one.
        if index < limit, last.contains(bytes[index]) { return nil }
        return index
    }

    /// Whether a token may begin here: after no letter or digit, unless those belong to an escape such as `\n`, `%3D` or `\u0022`.
    static func begins(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ bounds: Range<Int>) -> Bool {
        guard start > bounds.lowerBound else { return true }
        let before = bytes[start - 1]
        // What comes after "name." is a member or a file's extension.
        if before == UInt8(ascii: "."), start - 1 > bounds.lowerBound, ByteSet.words.contains(bytes[start - 2]) { return false }
        guard ByteSet.words.contains(before) || before == UInt8(ascii: "+") else { return true }
        let room = start - bounds.lowerBound
        if room >= 2, bytes[start - 2] == UInt8(ascii: "\\"), ByteSet("ntr").contains(before) { return true }
        if room >= 3, bytes[start - 3] == UInt8(ascii: "%"), ByteSet.hex.contains(before), ByteSet.hex.contains(bytes[start - 2]) { return true }
        return room >= 6 && bytes[start - 6] == UInt8(ascii: "\\") && bytes[start - 5] | 0x20 == UInt8(ascii: "u") && bytes[start - 4] == 0x30
    }
}
