// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Reads the name something is assigned to: is a secret expected there?
enum SecretNames {
    enum Strength: Int, Sendable, Comparable {
        case none, weak, strong, password
        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// What makes the scanner look at a name at all.
    static let hints = [
        "passw", "passphrase", "pwd", "pass", "secret", "token", "key", "auth", "cred", "bearer", "cookie", "session", "dsn", "salt", "hmac", "_pat", "-pat",
        "passcode", "jwt", "webhook",
    ]

    private static let passwords: Set<String> = ["password", "passwords", "passwd", "passphrase", "pwd", "pass", "passwort", "pw", "passcode", "userpass"]
    private static let strong = [
        "secret", "token", "apikey", "accesskey", "privatekey", "authkey", "encryptionkey", "credential", "bearer", "signingkey", "masterkey",
        "licensekey", "sharedkey", "accountkey", "subscriptionkey", "consumerkey", "appkey", "applicationkey", "clientkey", "servicekey", "sharedaccess",
        "userkey", "writekey", "deploykey", "sessionkey", "adminkey", "storagekey", "functionskey", "integrationkey", "restkey", "hmac", "keysecret",
        "webhooksecret", "jwt", "passkey", "rootkey", "aeskey", "cryptkey",
    ]
    private static let weak: Set<String> = [
        "key", "keys", "auth", "cred", "creds", "pat", "salt", "dsn", "cookie", "session", "sid", "authorization", "authentication",
    ]
    /// A name that ends so tells something about a secret.
    private static let describing: Set<String> = [
        "name", "names", "url", "urls", "uri", "path", "paths", "file", "files", "filename", "type", "version", "count", "size", "length", "limit",
        "limits", "prefix", "suffix", "header", "field", "label", "ttl", "expiry", "expires", "expiration", "expiring", "algorithm", "alg", "endpoint", "scope",
        "scopes", "hint", "policy", "format", "provider", "store", "ref", "arn", "regex", "pattern", "env", "var", "variable", "placeholder",
        "description", "title", "text", "message", "error", "errors", "usage", "index", "position", "location", "dir", "folder", "host", "port", "status",
        "state", "kind", "class", "min", "max", "budget", "estimate", "total", "rate", "age", "date", "time", "method", "mode", "source", "issuer",
        "domain", "fingerprint", "checksum", "digest", "sha", "etag", "commit", "rev", "revision", "hash", "enabled", "required", "exists", "valid",
        "code", "icon", "color", "style", "input", "output", "test", "spec", "schema", "model", "alias", "uid", "user", "username", "email", "server",
        "manager", "service", "handler", "selector", "press", "down", "up", "frame", "board", "word", "words", "config", "options", "settings",
        "thumbprint", "keyid", "kid", "signature",
    ]
    /// A name with one of these is of something public or of no worth.
    private static let harmless: Set<String> = [
        "public", "publishable", "foreign", "primary", "sort", "cache", "partition", "bucket", "csrf", "xsrf", "keyboard", "page", "pagination",
        "continuation", "cursor", "next", "mask", "idempotency", "dedupe", "translation", "i18n", "tokenizer", "tokenization", "tokenize", "keyword",
        "keywords", "keystone", "monkey", "hotkey", "shortcut", "sri", "integrity", "pubkey", "nonce", "etag", "unique", "composite", "lookup", "keychain",
        "registry", "keyframe", "keyframes", "author", "authors", "authority", "compass", "passenger", "bypass", "encompass", "secretary", "passive",
        "turkey", "whiskey", "donkey", "jockey", "hockey", "keynote", "query", "sequence", "schema", "object", "binding", "bindings", "keycode", "antiforgery",
    ]

    /// The words of a name in lower case: `myAPIKey-2` gives my, api, key, 2.
    static func words(_ name: some Collection<UInt8>) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var last: UInt8 = 0
        func flush() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        for byte in name {
            let isLetter = ByteSet.letters.contains(byte)
            let isUpper = ByteSet.upperLetters.contains(byte)
            if !isLetter, !ByteSet.digits.contains(byte) {
                flush()
            } else {
                if isUpper, ByteSet.lowerLetters.contains(last) || ByteSet.digits.contains(last) {
                    flush()
                } else if ByteSet.lowerLetters.contains(byte), ByteSet.upperLetters.contains(last), word.count > 1 {
                    // The last capital of a run begins the next word.
                    let first = word.removeLast()
                    flush()
                    word = [first]
                }
                word.append(ByteSearch.lower(byte))
            }
            last = byte
        }
        flush()
        return words
    }

    /// What a name promises.
    struct Promise: Sendable {
        var strength: Strength
        /// It ends in id: an identifier, which only some vendors treat as a secret.
        var isIdentifier: Bool
        /// It tells about a secret instead of being one.
        var isDescribing: Bool
    }

    static func promise(_ name: some Collection<UInt8>) -> Promise {
        let words = words(name)
        let last = words.last { !$0.utf8.allSatisfy(ByteSet.digits.contains) } ?? ""
        let isIdentifier = last == "id" || last == "ids" || last == "guid" || last == "uuid"
        guard !words.contains(where: harmless.contains), !describing.contains(last) else {
            return Promise(strength: .none, isIdentifier: isIdentifier, isDescribing: true)
        }
        let joined = words.joined()
        var strength = Strength.none
        if words.contains(where: passwords.contains) || joined.contains("password") || joined.contains("passwd") || joined.contains("passphrase") {
            strength = .password
        } else if strong.contains(where: { joined.contains($0) }) {
            strength = .strong
        } else if words.contains(where: weak.contains) {
            strength = .weak
        }
        return Promise(strength: isIdentifier ? .none : strength, isIdentifier: isIdentifier, isDescribing: false)
    }
}
