// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension SecretStructures {
    private static let blockMark = Array("-----".utf8)
    private static let keyLabel = Array("private key".utf8)

    /// A PEM block (RFC 7468) with a private key, whole or cut off: half a key is a key.
    static func keyBlock(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        guard bytes[keyword.lowerBound] == UInt8(ascii: "-") else { return puttyKey(bytes, keyword, bounds) }
        // The label, up to the dashes on the same line.
        guard let label = find(keyLabel, bytes, from: keyword.upperBound, to: min(bounds.upperBound, keyword.upperBound + 40)) else { return nil }
        var index = label + keyLabel.count
        while index < bounds.upperBound, index - label < 40, bytes[index] != UInt8(ascii: "-") { index += 1 }
        let dashes = index
        while index < bounds.upperBound, index - dashes < 5, bytes[index] == UInt8(ascii: "-") { index += 1 }
        let body = index
        while index < bounds.upperBound, !ByteSearch.matches(blockMark, bytes, index) { index += 1 }
        let content = bytes[body..<index]
        // A key is Base64 or, in PGP's headers, more; "..." and an empty block are none.
        guard content.contains(where: ByteSet.digits.union(.upperLetters).contains), !isTemplateBody(content) else { return nil }
        if index < bounds.upperBound {
            // "-----END … PRIVATE KEY-----"
            while index < bounds.upperBound, bytes[index] == UInt8(ascii: "-") { index += 1 }
            while index < bounds.upperBound, bytes[index] != UInt8(ascii: "-"), bytes[index] != UInt8(ascii: "\n") { index += 1 }
            while index < bounds.upperBound, bytes[index] == UInt8(ascii: "-") { index += 1 }
        }
        return candidate(privateKey, keyword.lowerBound..<index, markLength: 1)
    }

    /// Where a block with a private key begins that has no end in the bytes.
    static func openKeyBlock(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let begin = Array("-----BEGIN ".utf8)
        var last: Int?
        ByteSearch.all(of: begin, in: bytes) { last = $0.lowerBound }
        guard let last, bytes.count - last <= SecretScanner.lookAhead else { return nil }
        guard let label = find(keyLabel, bytes, from: last, to: min(bytes.count, last + 56)) else {
            // The label itself may not have come yet.
            return bytes[last...].contains(UInt8(ascii: "\n")) ? nil : last
        }
        return find(Array("-----end ".utf8), bytes, from: label, to: bytes.count) == nil ? last : nil
    }

    private static func isTemplateBody(_ content: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let trimmed = content.drop { ByteSet(" \t\r\n").contains($0) }
        return trimmed.starts(with: Array("{{".utf8)) || trimmed.starts(with: Array("${".utf8)) || trimmed.starts(with: Array("...".utf8))
    }

    /// PuTTY's private part: Base64 lines after the count.
    private static func puttyKey(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        var index = keyword.upperBound
        while index < bounds.upperBound, ByteSet(" 0123456789\r\n").contains(bytes[index]) { index += 1 }
        let start = index
        while index < bounds.upperBound, ByteSet.base64.union(ByteSet("\r\n")).contains(bytes[index]) { index += 1 }
        guard index - start >= 40 else { return nil }
        return candidate(privateKey, start..<index)
    }

    /// A token that may contain marks begins after none of them, or every mark would begin one.
    private static func begins(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ bounds: Range<Int>, after marks: ByteSet) -> Bool {
        guard TokenPattern.begins(bytes, start, bounds) else { return false }
        return start == bounds.lowerBound || !marks.contains(bytes[start - 1])
    }

    /// Header, payload and signature (RFC 7519), or the five parts of an encrypted one.
    static func webToken(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        let start = keyword.lowerBound
        guard bytes[start] == UInt8(ascii: "e"), bytes[start + 2] == UInt8(ascii: "J"), begins(bytes, start, bounds, after: ByteSet("-")) else { return nil }
        var index = start
        var dots: [Int] = []
        let end = min(bounds.upperBound, start + 8192)
        while index < end, ByteSet.base64URL.contains(bytes[index]) || bytes[index] == UInt8(ascii: ".") && dots.count < 4 {
            if bytes[index] == UInt8(ascii: ".") { dots.append(index) }
            index += 1
        }
        guard dots.count >= 2, dots[0] - start >= 10, dots[1] - dots[0] > 10 || dots.count == 4 else { return nil }
        let signature = index - dots[1] - 1
        // Without a signature it is still one when the payload is JSON too.
        let payloadIsJSON = bytes[dots[0] + 1] == UInt8(ascii: "e") && bytes[dots[0] + 2] == UInt8(ascii: "y")
        guard signature >= 8 || payloadIsJSON, ByteProfile(bytes[start..<index]).distinct >= 12 else { return nil }
        return candidate(webToken, start..<index, markLength: 3)
    }

    /// A web token that was encoded in Base64 once more.
    static func encodedWebToken(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        let start = keyword.lowerBound
        guard ByteSearch.matches(Array("ZXlK".utf8), bytes, start), begins(bytes, start, bounds, after: ByteSet("-/+")) else { return nil }
        let end = run(.base64URL.union(ByteSet("+/")), bytes, from: start, to: min(bounds.upperBound, start + 8192))
        guard end - start >= 40, let decoded = Base64.decode(bytes[start..<end]) else { return nil }
        let parts = decoded.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count >= 2, decoded.starts(with: Array("eyJ".utf8)), parts[0].count >= 10, parts[1].count >= 4,
            parts.prefix(2).allSatisfy({ $0.allSatisfy(ByteSet.base64URL.contains) })
        else { return nil }
        return candidate(encodedWebToken, start..<end, markLength: 4)
    }

    /// The mark of a Google key file.
    static func serviceAccount(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        var index = keyword.lowerBound
        while index > bounds.lowerBound, keyword.lowerBound - index < 8, ByteSet(" \t:").contains(bytes[index - 1]) { index -= 1 }
        let type = Array("\"type\"".utf8)
        guard index - type.count >= bounds.lowerBound, ByteSearch.matches(type, bytes, index - type.count) else { return nil }
        return candidate(serviceAccount, keyword)
    }

    /// `$id$salt$hash` of crypt(5), bcrypt and Argon2.
    static func passwordHash(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        let start = keyword.lowerBound
        guard start == bounds.lowerBound || !ByteSet.words.contains(bytes[start - 1]) else { return nil }
        let alphabet = ByteSet.base64.union(ByteSet("./$,"))
        let end = run(alphabet, bytes, from: keyword.upperBound, to: min(bounds.upperBound, start + 200))
        let isBcrypt = bytes[start + 1] == UInt8(ascii: "2")
        let content = bytes[keyword.upperBound..<end]
        guard end - keyword.upperBound >= (isBcrypt ? 56 : 24), content.contains(UInt8(ascii: "$")), ByteSearch.entropy(content) > 4 else { return nil }
        return candidate(passwordHash, start..<end)
    }

    static func run(_ set: ByteSet, _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, set.contains(bytes[index]) { index += 1 }
        return index
    }

    // MARK: Kubernetes

    /// A value under `data` or `stringData` of a manifest of kind Secret, in YAML or JSON.
    static func kubernetes(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        var index = run(ByteSet(" \t\"'"), bytes, from: keyword.upperBound, to: min(bounds.upperBound, keyword.upperBound + 8))
        let word = Array("Secret".utf8)
        guard ByteSearch.matches(word, bytes, index), index + word.count <= bounds.upperBound else { return nil }
        index += word.count
        guard index == bounds.upperBound || !ByteSet.names.contains(bytes[index]) else { return nil }
        // The manifest reaches from one document mark or "kind" to the next.
        let (low, high) = (max(bounds.lowerBound, keyword.lowerBound - 3072), min(bounds.upperBound, index + 3072))
        let start = documentStart(bytes, keyword.lowerBound, low)
        let end = documentEnd(bytes, index, high)
        for section in ["stringdata", "data"].map({ Array($0.utf8) }) {
            var from = start
            while let place = find(section, bytes, from: from, to: end) {
                from = place + section.count
                guard place == start || !ByteSet.words.contains(bytes[place - 1]) else { continue }
                if let range = sectionValue(bytes, from, end) { return candidate(kubernetes, range) }
            }
        }
        return nil
    }

    private static let documentMark = Array("\n---".utf8)
    private static let kindMark = Array("kind".utf8)

    private static func isKind(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        guard bytes[place] == kindMark[0], ByteSearch.matches(kindMark, bytes, place), place + kindMark.count < bytes.count else { return false }
        return ByteSet(":\"").contains(bytes[place + kindMark.count])
    }

    private static func documentStart(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ low: Int) -> Int {
        var index = place
        while index > low {
            index -= 1
            if bytes[index] == UInt8(ascii: "\n") ? ByteSearch.matches(documentMark, bytes, index) : isKind(bytes, index) { return index }
        }
        return low
    }

    private static func documentEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ high: Int) -> Int {
        var index = place
        while index < high {
            if bytes[index] == UInt8(ascii: "\n") ? ByteSearch.matches(documentMark, bytes, index) : isKind(bytes, index) { return index }
            index += 1
        }
        return high
    }

    /// The first value of a mapping that is no template and no placeholder.
    private static func sectionValue(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
        var index = run(ByteSet("\"' \t"), bytes, from: start, to: end)
        guard index < end, bytes[index] == UInt8(ascii: ":") else { return nil }
        index = run(ByteSet(" \t\r\n{"), bytes, from: index + 1, to: end)
        for _ in 0..<16 where index < end {
            // name: value
            let name = index
            index = run(ByteSet.names.union(ByteSet("\"'/")), bytes, from: index, to: end)
            guard index > name, index < end, bytes[index] == UInt8(ascii: ":") else { return nil }
            index = run(ByteSet(" \t"), bytes, from: index + 1, to: end)
            if index < end, bytes[index] == UInt8(ascii: "|") || bytes[index] == UInt8(ascii: ">") { index = run(ByteSet("|>-+ \t\r\n"), bytes, from: index, to: end) }
            index = run(ByteSet("\"'"), bytes, from: index, to: end)
            let first = index
            while index < end, !ByteSet("\"'\r\n,}").contains(bytes[index]) { index += 1 }
            let value = first..<index
            if value.count >= 8, !Placeholders.isTemplate(bytes, value), !Placeholders.isEmptyForm(bytes, value), ByteProfile(bytes[value]).distinct >= 5 { return value }
            index = run(ByteSet("\"', \t\r\n"), bytes, from: index, to: end)
        }
        return nil
    }
}
