// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What an argument of a tool decides. Open: a tool may name a kind of its own, which is then matched as strictly as any.
public struct ArgumentKind: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral {
    /// The raw value.
    public let rawValue: String
    /// Wraps a raw value.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Wraps a literal.
    public init(stringLiteral value: String) { rawValue = value }

    /// Who gets something: a mail address, a number.
    public static let recipient: ArgumentKind = "recipient"
    /// Where on the network something goes to or comes from.
    public static let destination: ArgumentKind = "url"
    /// A file or folder.
    public static let path: ArgumentKind = "path"
    /// How much.
    public static let amount: ArgumentKind = "amount"
    /// A password, key or token that would be set.
    public static let credential: ArgumentKind = "credential"
    /// The id of a thing that is acted on.
    public static let identifier: ArgumentKind = "identifier"
    /// Something that is run: a command, a script, a query.
    public static let code: ArgumentKind = "code"
    /// A person, account, channel, merchant or place by its name.
    public static let name: ArgumentKind = "name"

    /// What an undeclared argument most likely is, by the words of its name and description. The guess decides only how a value is
    /// matched; whatever the guess, the argument counts as sensitive.
    public static func guess(name: String, description: String) -> ArgumentKind {
        let words = Set((name + " " + description).split { !$0.isLetter }.map { $0.lowercased() })
        func has(_ candidates: String...) -> Bool { !words.isDisjoint(with: candidates) }
        if has("command", "script", "code", "query", "expression", "program") { return .code }
        if has("password", "passphrase", "credential", "token", "secret") { return .credential }
        if has("url", "uri", "link", "href", "host", "endpoint", "webhook") { return .destination }
        if has("email", "emails", "recipient", "recipients", "participants", "cc", "bcc", "phone", "iban") { return .recipient }
        if has("path", "folder", "directory") { return .path }
        if has("id", "ids", "identifier") { return .identifier }
        if has("amount", "price", "quantity", "sum") { return .amount }
        return .name
    }
}
