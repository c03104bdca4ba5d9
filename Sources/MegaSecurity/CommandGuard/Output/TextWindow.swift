// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The last stretch of a text without its escape sequences, looked at whenever it is full.
///
/// Where it is cut depends on the text alone, so the same text gives the same findings however it arrives. Consecutive stretches share
/// their ends, so what is shorter than the overlap is never cut.
struct TextWindow: Sendable {
    static let size = 65_536
    static let overlap = 4_096

    private var bytes: [UInt8] = []
    /// Places in `bytes` from which the offsets go on at another number.
    private var marks: [(place: Int, offset: Int)] = []
    private var isFresh = true
    /// Whether the stretch begins where a line begins.
    private var isStart = true
    private var budget = InjectionScanner.Budget()

    mutating func append(_ text: ArraySlice<UInt8>, at offset: Int, secrets: SecretScanner?, into found: inout TextFindings) {
        var rest = text
        var offset = offset
        while !rest.isEmpty {
            if marks.isEmpty || self.offset(bytes.count) != offset { marks.append((place: bytes.count, offset: offset)) }
            let part = rest.prefix(Self.size - bytes.count)
            bytes += part
            offset += part.count
            rest = rest.dropFirst(part.count)
            isFresh = true
            if bytes.count == Self.size {
                look(secrets, isLast: false, into: &found)
                let cut = Self.size - Self.overlap
                let from = self.offset(cut)
                isStart = bytes[cut - 1] == 0x0A
                bytes.removeFirst(cut)
                var kept: [(place: Int, offset: Int)] = [(place: 0, offset: from)]
                for mark in marks where mark.place > cut { kept.append((place: mark.place - cut, offset: mark.offset)) }
                marks = kept
                isFresh = false
            }
        }
    }

    mutating func finish(secrets: SecretScanner?, into found: inout TextFindings) {
        if isFresh, !bytes.isEmpty { look(secrets, isLast: true, into: &found) }
    }

    /// The offset of a place in the stream.
    private func offset(_ place: Int) -> Int {
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low + high) >> 1
            if marks[middle].place <= place { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return place }
        return marks[low - 1].offset + place - marks[low - 1].place
    }

    private func span(_ range: Range<Int>) -> Range<Int> {
        guard !range.isEmpty else { return offset(range.lowerBound)..<offset(range.lowerBound) }
        return offset(range.lowerBound)..<offset(range.upperBound - 1) + 1
    }

    private mutating func look(_ secrets: SecretScanner?, isLast: Bool, into found: inout TextFindings) {
        let profile = TextProfile(bytes)
        var local = TextFindings()
        InjectionScanner.check(bytes, hasNonASCII: profile.hasNonASCII, budget: &budget, into: &local)
        PromptLines.check(bytes, isStart: isStart, into: &local)
        SendingText.check(bytes, into: &local)
        if profile.hasNonASCII { HiddenCharacters.check(bytes, into: &local) }
        if let secrets { CredentialRules.report(secrets.findings(in: bytes), into: &local) }
        for item in local.items {
            guard let rule = TextRule(rawValue: item.rule) else { continue }
            found.add(rule, span(item.span), item.action)
        }
    }
}
