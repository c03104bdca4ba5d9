// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Finds what leads somewhere in a text: mail addresses, host names and links, account numbers.
enum AddressScan {
    /// Mail addresses in order, in lower case, each once.
    static func mails(in text: String) -> [String] {
        let bytes = ReadText.plain(text).map(\.asciiLower)
        var found: [String] = []
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "@") {
            var start = index
            while start > 0, bytes[start - 1].isWordByte || "._%+-".utf8.contains(bytes[start - 1]) { start -= 1 }
            var end = index + 1
            while end < bytes.count, bytes[end].isWordByte || ".-".utf8.contains(bytes[end]) { end += 1 }
            while end > index + 1, ".-".utf8.contains(bytes[end - 1]) { end -= 1 }
            guard start < index, bytes[index + 1..<end].contains(UInt8(ascii: ".")) else { continue }
            let mail = String(decoding: bytes[start..<end], as: UTF8.self)
            if !found.contains(mail) { found.append(mail) }
        }
        return found
    }

    /// Links and bare host names in order, each once, without scheme and closing slash, the host in lower case.
    static func links(in text: String) -> [String] {
        let bytes = ReadText.plain(text)
        var found: [String] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index].isWordByte || bytes[index] == UInt8(ascii: "/") else {
                index += 1
                continue
            }
            let start = index
            while index < bytes.count, !bytes[index].isBlank, !"<>\"'`()[]{},;|".utf8.contains(bytes[index]) { index += 1 }
            var end = index
            while end > start, !bytes[end - 1].isWordByte, bytes[end - 1] != UInt8(ascii: "/") { end -= 1 }
            let piece = String(decoding: bytes[start..<end], as: UTF8.self)
            guard !piece.contains("@"), isLink(piece) else { continue }
            let link = normalised(piece)
            if !found.contains(link) { found.append(link) }
        }
        return found
    }

    /// A link without scheme and closing slash, its host in lower case: for comparing.
    static func normalised(_ link: String) -> String {
        var rest = Substring(link)
        if let scheme = rest.range(of: "://") { rest = rest[scheme.upperBound...] }
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return host.lowercased() + rest.dropFirst(host.count)
    }

    /// Whether a text could send somebody somewhere or name an account: anything of a link, a mail address, an international account
    /// number or a long row of digits.
    static func holdsAddress(_ text: String) -> Bool {
        text.contains("@") || !links(in: text).isEmpty || ReadText(text).words.contains { isNumberLike($0.lower) }
    }

    /// Five digits or more: an account, card, telephone or other number, not a word.
    static func isNumberLike(_ word: String) -> Bool { word.utf8.count(where: \.isDigitByte) >= 5 }

    private static func isLink(_ piece: String) -> Bool {
        if piece.contains("://") { return true }
        let host = piece.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != ":" }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, labels.allSatisfy({ !$0.isEmpty }) else { return false }
        // Any name with a dot may be a host, a file's name too: when in doubt it counts.
        guard last.utf8.count >= 2, last.utf8.allSatisfy(\.isLetterByte) else { return labels.count == 4 && labels.allSatisfy { Int($0) != nil } }
        return true
    }
}

private extension Substring {
    func range(of text: String) -> Range<Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
