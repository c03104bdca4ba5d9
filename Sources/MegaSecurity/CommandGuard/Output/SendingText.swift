// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Texts that make a reader send data away: an instruction to read a secret and send it, or an address that would carry it.
enum SendingText {
    private static let secrets: [[UInt8]] = [
        "id_rsa", "id_ed25519", "~/.ssh", "/.ssh/", ".env", "/etc/passwd", "/etc/shadow", "~/.aws", "/.aws/", "credential", "api key", "api_key",
        "apikey", "environment variable", "private key", "password", "secret", "access token", "auth token", "ssh key", "conversation",
        "chat history", "system prompt", "cookies", "session token", "wallet", "seed phrase", "~/.kube", "~/.netrc",
    ].map { Array($0.utf8) }

    private static let reading: [[UInt8]] = [
        "read", "cat", "open", "get", "fetch", "take", "collect", "dump", "extract", "find", "copy", "include", "append", "gather", "grab", "list",
        "retrieve", "search", "load", "print", "encode",
    ].map { Array($0.utf8) }

    private static let sending: [[UInt8]] = [
        "send", "post", "upload", "exfiltrate", "email", "mail", "forward", "transmit", "submit", "curl", "wget", "report", "deliver", "leak", "put",
        "append", "include", "embed",
    ].map { Array($0.utf8) }

    private static let reach = 320

    static func check(_ bytes: [UInt8], into found: inout TextFindings) {
        var index = 0
        var hits = 0
        while hits < 64, let at = destination(bytes, index) {
            index = at.upperBound
            hits += 1
            if carriesData(bytes, at) { found.add(.outputDataExfiltration, at) }
            if let start = orders(bytes, before: at) { found.add(.outputDataExfiltration, start..<at.upperBound) }
        }
    }

    /// The next address or mail address of somebody.
    private static func destination(_ bytes: [UInt8], _ start: Int) -> Range<Int>? {
        var index = start
        return bytes.withUnsafeBufferPointer { buffer in
            while index < buffer.count {
                if buffer[index] == UInt8(ascii: ":"), index + 3 < buffer.count, buffer[index + 1] == UInt8(ascii: "/"), buffer[index + 2] == UInt8(ascii: "/") {
                    var first = index
                    while first > start, (buffer[first - 1] | 0x20) &- 0x61 < 26 { first -= 1 }
                    var end = index + 3
                    while end < buffer.count, end - first < 4_096, !endsAddress(buffer[end]) { end += 1 }
                    if first < index { return first..<end }
                    index = end
                    continue
                }
                if buffer[index] == UInt8(ascii: "@"), index > start, ByteScan.isAlphanumeric(buffer[index - 1]) {
                    var end = index + 1
                    var hasDot = false
                    while end < buffer.count, end - index < 128,
                        ByteScan.isAlphanumeric(buffer[end]) || buffer[end] == UInt8(ascii: "-") || buffer[end] == UInt8(ascii: ".")
                    {
                        hasDot = hasDot || buffer[end] == UInt8(ascii: ".")
                        end += 1
                    }
                    if hasDot { return index - 1..<end }
                    index = end
                    continue
                }
                index += 1
            }
            return nil
        }
    }

    private static func endsAddress(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "`") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "]")
    }

    // MARK: - Orders

    /// Where an order starts that reads something secret and sends it to the address behind it.
    private static func orders(_ bytes: [UInt8], before destination: Range<Int>) -> Int? {
        let start = max(0, destination.lowerBound - reach)
        let text = bytes[start..<destination.lowerBound].map(ByteScan.lower)
        guard let send = lastWord(text, sending), let secret = secrets.compactMap({ ByteScan.first($0, in: text, from: 0) }).min(),
            secret < text.count
        else { return nil }
        // `read X and send it to Y`, or `send X to Y`: the sending comes last or right before what is secret.
        guard text.count - send < 120 else { return nil }
        if let read = firstWord(text, reading, before: secret), read < send, secret - read < 60, secret < send { return start + read }
        let isDirect = send < secret && secret - send < 60 && leadsTo(text[secret...])
        return isDirect && isImperative(text, send) ? start + send : nil
    }

    /// ` to `, ` at `, ` via ` right before the address.
    private static func leadsTo(_ text: ArraySlice<UInt8>) -> Bool {
        let tail = Array(text.suffix(24))
        return ["to ", "at ", "via ", "into "].contains { ByteScan.first(Array($0.utf8), in: tail, from: 0) != nil }
    }

    /// At the start of a sentence or behind a word that asks: a manual that says what a program sends is no order.
    private static func isImperative(_ text: [UInt8], _ place: Int) -> Bool {
        var index = place - 1
        while index >= 0, text[index] == 0x20 || text[index] == UInt8(ascii: "*") || text[index] == UInt8(ascii: "-") { index -= 1 }
        guard index >= 0 else { return true }
        if [0x0A, 0x2E, 0x3A, 0x21, 0x3B, 0x2C].contains(text[index]) { return true }
        let tail = String(decoding: text[...index].suffix(12), as: UTF8.self)
        return ["please", "must", "now", "then", "and", "should", "to"].contains { tail.hasSuffix($0) }
    }

    private static func firstWord(_ text: [UInt8], _ words: [[UInt8]], before limit: Int) -> Int? {
        var best: Int?
        for word in words {
            var from = 0
            while let at = ByteScan.first(word, in: text, from: from), at < limit {
                if isWhole(text, at, word.count) { best = max(best ?? 0, at) }
                from = at + 1
            }
        }
        return best
    }

    private static func lastWord(_ text: [UInt8], _ words: [[UInt8]]) -> Int? { firstWord(text, words, before: text.count) }

    private static func isWhole(_ text: [UInt8], _ at: Int, _ count: Int) -> Bool {
        let isFree = { (index: Int) in index < 0 || index >= text.count || !(ByteScan.isAlphanumeric(text[index]) || text[index] == UInt8(ascii: "_")) }
        return isFree(at - 1) && isFree(at + count)
    }

    // MARK: - Addresses that carry

    private static let names: Set<String> = [
        "data", "d", "exfil", "exfiltrate", "secret", "secrets", "leak", "payload", "stolen", "cookie", "cookies", "env", "dump", "password", "passwd",
        "conversation", "history", "chat", "content", "prompt", "keys", "creds", "credentials", "loot", "b64", "base64", "info", "msg", "message",
    ]

    /// Whether a query is made to be filled with what the reader knows, or is full already.
    private static func carriesData(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard let query = bytes[range].firstIndex(of: UInt8(ascii: "?")) else { return false }
        let isImage = isImage(bytes, range)
        for part in bytes[(query + 1)..<range.upperBound].split(separator: UInt8(ascii: "&")).prefix(32) {
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            let name = String(decoding: sides[0].prefix(32), as: UTF8.self).lowercased()
            let isNamed = names.contains(name)
            let value = sides[1]
            var shapes = TextFindings()
            CredentialRules.shaped(Array(value), into: &shapes)
            if !shapes.items.isEmpty { return true }
            let isPlaceholder = value.first.map { [0x7B, 0x24, 0x5B].contains($0) } ?? false || value.starts(with: Array("%7B".utf8))
            // Badges have short tokens of their own.
            if isImage, value.count >= 24, ["token", "key", "api_key", "apikey", "session", "auth"].contains(name), isEncoded(value) { return true }
            if isNamed, isPlaceholder || (isImage && value.count >= 8) || (value.count >= 24 && isEncoded(value)) { return true }
        }
        return false
    }

    /// `![…](address)` or `src="address"`: loaded without anybody asking.
    private static func isImage(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let before = bytes[max(0, range.lowerBound - 200)..<range.lowerBound]
        if before.suffix(2).elementsEqual(Array("](".utf8)), let open = before.lastIndex(of: UInt8(ascii: "[")), open > before.startIndex {
            return before[open - 1] == UInt8(ascii: "!")
        }
        return before.suffix(5).elementsEqual(Array("src=\"".utf8)) || before.suffix(5).elementsEqual(Array("src='".utf8))
    }

    private static func isEncoded(_ value: ArraySlice<UInt8>) -> Bool {
        value.allSatisfy { ByteScan.isAlphanumeric($0) || "+/=-_%".utf8.contains($0) } && value.contains { $0 &- 0x30 < 10 }
            && value.contains { ($0 | 0x20) &- 0x61 < 26 }
    }
}
