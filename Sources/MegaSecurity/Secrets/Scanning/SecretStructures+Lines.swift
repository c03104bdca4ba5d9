// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension SecretStructures {
    /// Hosts and paths after which everything is secret.
    static let webhooks = [
        "hooks.slack.com/", "webhook.office.com/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/", "hooks.zapier.com/hooks/",
        "maker.ifttt.com/trigger/", "hook.eu1.make.com/", "hook.us1.make.com/", "open.feishu.cn/open-apis/bot/", "oapi.dingtalk.com/robot/send?",
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?", "chat.googleapis.com/v1/spaces/", "api.telegram.org/bot",
    ]

    private static let linkBytes = ByteSet.words.union(ByteSet("-.~:/?#[]@!$&*+,;=%"))

    static func webhook(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        let end = run(linkBytes, bytes, from: keyword.upperBound, to: min(bounds.upperBound, keyword.upperBound + 512))
        let path = keyword.upperBound..<end
        guard path.count >= 24, !Placeholders.isEmptyForm(bytes, path) else { return nil }
        // The part that authorises is long and drawn.
        let parts = bytes[path].split { !ByteSet.words.contains($0) && $0 != UInt8(ascii: "-") }
        guard parts.contains(where: { $0.count >= 16 && Randomness.isRandom($0, floor: 4.9) }) else { return nil }
        var start = keyword.lowerBound
        while start > bounds.lowerBound, keyword.lowerBound - start < 128, ByteSet.names.union(ByteSet("/:")).contains(bytes[start - 1]) { start -= 1 }
        return candidate(webhook, start..<end, markLength: keyword.count)
    }

    /// `scheme://user:password@host`, `scheme://token@host`
    static func link(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        let limit = min(bounds.upperBound, keyword.upperBound + 384)
        var index = keyword.upperBound
        var colon: Int?
        while index < limit, bytes[index] > 0x20, !ByteSet("@/\"'`<>\\?#(),").contains(bytes[index]) {
            if bytes[index] == UInt8(ascii: ":"), colon == nil { colon = index }
            index += 1
        }
        guard index < limit, bytes[index] == UInt8(ascii: "@"), index + 1 < bounds.upperBound, ByteSet.words.union(ByteSet("[.{$")).contains(bytes[index + 1]) else {
            return nil
        }
        guard let colon else {
            let token = keyword.upperBound..<index
            return token.count >= 20 && Randomness.isRandom(bytes[token]) ? candidate(linkToken, token) : nil
        }
        let password = (colon + 1)..<index
        guard password.count >= 3, !Placeholders.isTemplate(bytes, password), !isCommonWord(bytes, password) else { return nil }
        return candidate(linkPassword, password)
    }

    private static let commonWords: Set<String> = [
        "pass", "passw", "password", "passwd", "pwd", "secret", "token", "user", "username", "test", "guest", "foo", "bar", "baz", "pw", "mypassword", "mypass",
        "yourpassword", "your_password", "your-password", "changeme", "example", "xxx", "xxxx", "yyy", "login", "key", "pass123", "password123", "redacted",
        "passphrase", "postgres", "root", "admin", "mysql", "host", "port", "basic", "apikey", "api_key", "api-key", "null", "none", "todo", "some-password",
    ]

    static func isCommonWord(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        let word = String(decoding: bytes[range].map(ByteSearch.lower), as: UTF8.self)
        return commonWords.contains(word) || word.allSatisfy { $0 == "*" || $0 == "x" || $0 == "." } || word.hasPrefix("%") && word.hasSuffix("%")
    }

    /// `Bearer …` and `Basic …` (RFC 6750, RFC 7617).
    static func authorization(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        if keyword.lowerBound > bounds.lowerBound, ByteSet.words.contains(bytes[keyword.lowerBound - 1]) { return nil }
        let start = run(ByteSet(" "), bytes, from: keyword.upperBound, to: min(bounds.upperBound, keyword.upperBound + 4))
        let end = run(ByteSet.base64.union(ByteSet("-._~")), bytes, from: start, to: min(bounds.upperBound, start + 4096))
        let value = start..<end
        guard value.count >= 8, !Placeholders.isEmptyForm(bytes, value) else { return nil }
        if bytes[keyword.lowerBound] | 0x20 == UInt8(ascii: "b"), bytes[keyword.lowerBound + 1] | 0x20 == UInt8(ascii: "a") {
            return isUserAndPassword(bytes, value) ? candidate(authorization, value) : nil
        }
        guard value.count >= 16, bytes[value].contains(where: ByteSet.digits.contains), ByteSearch.entropy(bytes[value]) > 3,
            !Placeholders.isPlaceholder(bytes, value), Randomness.isRandom(bytes[value], floor: 4.7) || SecretAssignments.isUUID(bytes, value)
        else { return nil }
        return candidate(authorization, value)
    }

    /// Whether Base64 hides `user:password`.
    static func isUserAndPassword(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= 8, range.count <= 1024, let decoded = Base64.decode(bytes[range]), let colon = decoded.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return colon >= 0 && decoded.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// `curl -u user:password`
    static func commandLine(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        if keyword.lowerBound > bounds.lowerBound, ByteSet.words.contains(bytes[keyword.lowerBound - 1]) { return nil }
        let limit = min(bounds.upperBound, keyword.upperBound + 1024)
        var index = keyword.upperBound - 1
        while index < limit {
            let byte = bytes[index]
            // The command goes on after a line that ends in a backslash.
            if byte == UInt8(ascii: "\n"), bytes[index - 1] != UInt8(ascii: "\\"), bytes[index - 1] != UInt8(ascii: "\r") { return nil }
            if byte == UInt8(ascii: "c"), index >= keyword.upperBound, ByteSearch.matches(Array("curl ".utf8), bytes, index) { return nil }
            if byte == UInt8(ascii: "-"), ByteSet(" \t").contains(bytes[index - 1]), let value = userOption(bytes, index, limit) {
                return credentials(bytes, value)
            }
            index += 1
        }
        return nil
    }

    /// The value of `-u` or `--user` at `place`.
    private static func userOption(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ limit: Int) -> Range<Int>? {
        var index = place
        if ByteSearch.matches(Array("--user".utf8), bytes, place) {
            index = place + 6
            guard index < limit, ByteSet(" =\t").contains(bytes[index]) else { return nil }
            index += 1
        } else {
            // Short options may be bundled: -su
            index += 1
            while index < limit, index - place < 6, ByteSet.letters.contains(bytes[index]), bytes[index] != UInt8(ascii: "u") { index += 1 }
            guard index < limit, bytes[index] == UInt8(ascii: "u"), bytes[place + 1] != UInt8(ascii: "-") else { return nil }
            index += 1
        }
        index = run(ByteSet(" \t"), bytes, from: index, to: limit)
        guard index < limit else { return nil }
        let quote: UInt8? = ByteSet("\"'").contains(bytes[index]) ? bytes[index] : nil
        if quote != nil { index += 1 }
        let start = index
        while index < limit, bytes[index] != UInt8(ascii: "\n"), quote.map({ bytes[index] != $0 }) ?? !ByteSet(" \t\"'\\").contains(bytes[index]) { index += 1 }
        return start..<index
    }

    private static func credentials(_ bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>) -> SecretCandidate? {
        guard let colon = value.first(where: { bytes[$0] == UInt8(ascii: ":") }) else { return nil }
        let (user, password) = (value.lowerBound..<colon, (colon + 1)..<value.upperBound)
        guard !user.isEmpty || !password.isEmpty, !Placeholders.isTemplate(bytes, value), !bytes[value].contains(UInt8(ascii: "$")) else { return nil }
        if password.isEmpty {
            // Some services take the key as the user, with nothing after the colon.
            return user.count >= 12 && Randomness.isRandom(bytes[user], floor: 4.9) ? candidate(commandLine, user) : nil
        }
        guard password.count >= 3, !Placeholders.isTemplate(bytes, password), !isCommonWord(bytes, password) else { return nil }
        return candidate(commandLine, password)
    }

    /// The signature of an Azure shared access URL.
    static func sharedAccess(_ bytes: UnsafeBufferPointer<UInt8>, _ keyword: Range<Int>, _ bounds: Range<Int>) -> SecretCandidate? {
        let end = run(ByteSet.base64.union(ByteSet("%-_")), bytes, from: keyword.upperBound, to: min(bounds.upperBound, keyword.upperBound + 160))
        let value = keyword.upperBound..<end
        guard value.count >= 40, Randomness.isRandom(bytes[value], floor: 4.9) else { return nil }
        return candidate(sharedAccess, value)
    }
}
