// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Finds addresses in words and takes them apart. It is lenient where programs are: what a client would try to reach is a reference.
enum HostExtractor {
    /// Addresses looked at in one word; more are of no use to a rule.
    private static let mostPerWord = 32

    /// The addresses with a scheme in a word.
    static func references(in word: ShellWord) -> [HostReference] {
        let bytes = Array(word.text.utf8)
        guard bytes.count >= 4, var at = separator(bytes, from: 0) else { return [] }
        var found: [HostReference] = []
        while found.count < mostPerWord {
            var start = at
            while start > 0, isSchemePart(bytes[start - 1]) { start -= 1 }
            while start < at, !isLetter(bytes[start]) { start += 1 }
            if start < at {
                let scheme = String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
                found.append(reference(bytes, start, at + 3, scheme, word))
            }
            guard let next = separator(bytes, from: at + 3) else { break }
            at = next
        }
        return found
    }

    /// A word that is an address without a scheme, such as `example.com/x` given to a downloader; nil when it cannot be one.
    static func schemeless(_ word: ShellWord) -> HostReference? {
        let bytes = Array(word.text.utf8)
        guard let first = bytes.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "/"), first != UInt8(ascii: "."),
            first != UInt8(ascii: "@"), separator(bytes, from: 0) == nil
        else { return nil }
        var reference = Self.reference(bytes, 0, 0, nil, word)
        guard !reference.host.isEmpty else { return nil }
        reference.scheme = nil
        return reference
    }

    /// `user@host:path`, as scp, rsync and git take it; nil when the word is no such address.
    static func remotePath(_ word: ShellWord) -> HostReference? {
        let bytes = Array(word.text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, separator(bytes, from: 0) == nil else { return nil }
        let front = bytes[..<colon]
        guard !front.contains(UInt8(ascii: "/")), front.first != UInt8(ascii: "-"), !front.contains(0x20) else { return nil }
        var host = front
        var userinfo: String?
        if let at = front.lastIndex(of: UInt8(ascii: "@")) {
            userinfo = String(decoding: front[..<at], as: UTF8.self)
            host = front[(at + 1)...]
        }
        guard !host.isEmpty else { return nil }
        return HostReference(
            scheme: "ssh", userinfo: userinfo, host: String(decoding: host, as: UTF8.self).unicodeScalars.map(\.value), port: nil,
            path: String(decoding: bytes[(colon + 1)...], as: UTF8.self).unicodeScalars.map(\.value),
            span: span(word, 0, bytes.count, bytes.count), isLiteral: word.isLiteral)
    }

    // MARK: - Parts

    private static func reference(_ bytes: [UInt8], _ start: Int, _ authorityStart: Int, _ scheme: String?, _ word: ShellWord) -> HostReference {
        let isWholeWord = start == 0
        var authorityEnd = authorityStart
        while authorityEnd < bytes.count, !endsAuthority(bytes[authorityEnd], isWholeWord) { authorityEnd += 1 }
        var end = authorityEnd
        while end < bytes.count, !endsAddress(bytes[end], isWholeWord) { end += 1 }
        var hostStart = authorityStart
        var userinfo: String?
        if let at = bytes[authorityStart..<authorityEnd].lastIndex(of: UInt8(ascii: "@")) {
            userinfo = String(decoding: bytes[authorityStart..<at], as: UTF8.self)
            hostStart = at + 1
        }
        var host = bytes[hostStart..<authorityEnd]
        var port: Int?
        // In brackets colons belong to the address.
        let closing = host.lastIndex(of: UInt8(ascii: "]")) ?? host.startIndex
        if let colon = host[closing...].lastIndex(of: UInt8(ascii: ":")) {
            let digits = host[(colon + 1)...]
            if digits.isEmpty || digits.allSatisfy({ (0x30...0x39).contains($0) }) {
                port = Int(String(decoding: digits, as: UTF8.self))
                host = host[..<colon]
            }
        }
        return HostReference(
            scheme: scheme, userinfo: userinfo, host: String(decoding: host, as: UTF8.self).unicodeScalars.map(\.value), port: port,
            path: String(decoding: bytes[authorityEnd..<end], as: UTF8.self).unicodeScalars.map(\.value),
            span: span(word, start, end, bytes.count), isLiteral: word.isLiteral)
    }

    /// Exact where the word stands in the text as it is read, the whole word where quotes or escapes are between.
    private static func span(_ word: ShellWord, _ start: Int, _ end: Int, _ count: Int) -> Range<Int> {
        guard word.span.count == count else { return word.span }
        return word.span.lowerBound + start..<word.span.lowerBound + max(start, end)
    }

    private static func separator(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= 3, start <= bytes.count - 3 else { return nil }
        var index = start
        while index <= bytes.count - 3 {
            if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/") { return index }
            index += 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func isSchemePart(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte &- 0x30 < 10 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private static func endsAuthority(_ byte: UInt8, _ isWholeWord: Bool) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") || endsAddress(byte, isWholeWord)
    }

    /// A word that starts with an address holds nothing else, so blanks in it are part of the address and wrong.
    private static func endsAddress(_ byte: UInt8, _ isWholeWord: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "`"), UInt8(ascii: "|"), 0x0A: true
        case UInt8(ascii: ")"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "}"), 0x20, 0x09: !isWholeWord
        default: false
        }
    }
}
