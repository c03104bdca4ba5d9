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

    /// What a name promises.
    struct Promise: Sendable {
        var strength: Strength
        /// It ends in id: an identifier, which only some vendors treat as a secret.
        var isIdentifier: Bool
        /// It tells about a secret instead of being one.
        var isDescribing: Bool
    }

    static func promise(_ name: some Collection<UInt8>) -> Promise {
        let roles = NameLexicon.standard.roles(of: name)
        let isIdentifier = roles.contains(.identifier)
        guard roles.isDisjoint(with: [.harmless, .describing]), !contains(websocket, name) else {
            return Promise(strength: .none, isIdentifier: isIdentifier, isDescribing: true)
        }
        var strength = Strength.none
        if !roles.isDisjoint(with: [.password, .passwordPart]) {
            strength = .password
        } else if roles.contains(.strong) {
            strength = .strong
        } else if roles.contains(.weak) {
            strength = .weak
        }
        return Promise(strength: isIdentifier ? .none : strength, isIdentifier: isIdentifier, isDescribing: false)
    }

    /// Whether a value is itself a name with a word for secrets in it, as types and variables have: `CustomPrivateKeySource`.
    static func isName(_ value: some Collection<UInt8>) -> Bool {
        guard value.allSatisfy(ByteSet.words.union(ByteSet(".-:")).contains) else { return false }
        return !NameLexicon.standard.roles(of: value).isDisjoint(with: [.strong, .passwordPart, .key])
    }

    /// Whether a name says that the value is a password as people type it, words and all.
    static func isPlainPassword(_ name: some Collection<UInt8>) -> Bool {
        guard (13...24).contains(name.count) else { return false }
        let joined = name.filter(ByteSet.letters.contains).map(ByteSearch.lower)
        return plain.contains { $0 == joined }
    }

    private static let plain = ["cleartextpassword", "plaintextpassword", "plainpassword"].map { Array($0.utf8) }
    /// The nonce of the WebSocket handshake (RFC 6455), in every example of it.
    private static let websocket = Array("websocket".utf8)

    private static func contains(_ word: [UInt8], _ name: some Collection<UInt8>) -> Bool {
        guard name.count >= word.count else { return false }
        var matched = 0
        for byte in name {
            let lower = ByteSearch.lower(byte)
            matched = lower == word[matched] ? matched + 1 : lower == word[0] ? 1 : 0
            if matched == word.count { return true }
        }
        return false
    }
}
