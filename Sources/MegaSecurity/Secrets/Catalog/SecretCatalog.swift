// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Everything the scanner knows, as data, and the automaton that finds where to look.
struct SecretCatalog: Sendable {
    /// A token that shows by itself what it is.
    struct Token: Sendable {
        let kind: SecretKind
        let pattern: TokenPattern
        /// Least entropy of the whole token in bits a character.
        let floor: Double
    }

    /// A vendor whose keys are known by the name they are assigned to.
    struct Vendor: Sendable {
        let kind: SecretKind
        let forms: [TokenPattern]
    }

    /// What a keyword announces.
    enum Meaning: Sendable {
        case token(Int)
        /// - Parameter isEveryday: Counts only beside a word for secrets.
        case vendor(Int, isEveryday: Bool)
        /// Part of a name that may be a secret's.
        case name
        case structure(SecretStructures.Kind)
    }

    let tokens: [Token]
    let vendors: [Vendor]
    /// Per keyword of the automaton.
    let meanings: [[Meaning]]
    /// Bytes of each keyword.
    let lengths: [Int]
    let automaton: KeywordAutomaton
    /// Lines of the tables that could not be read. Empty, as a test checks.
    let unreadable: [String]

    /// The built-in one, made when first used.
    static let standard = SecretCatalog(tokens: tokenLines, vendors: vendorLines)

    init(tokens tokenText: String, vendors vendorText: String) {
        var unreadable: [String] = []
        var tokens: [Token] = []
        var vendors: [Vendor] = []
        var meanings: [String: [Meaning]] = [:]
        for line in tokenText.split(separator: "\n") {
            let fields = Self.fields(line)
            let patterns = fields.count >= 3 ? Self.patterns(fields[2]) : nil
            guard let patterns, (3...4).contains(fields.count), let floor = fields.count == 4 ? Double(fields[3]) : 2.6 else {
                unreadable.append(String(line))
                continue
            }
            for pattern in patterns {
                guard let keyword = pattern.keyword else {
                    unreadable.append(String(line))
                    continue
                }
                meanings[String(decoding: keyword, as: UTF8.self), default: []].append(.token(tokens.count))
                tokens.append(Token(kind: SecretKind(type: fields[0], title: fields[1]), pattern: pattern, floor: floor))
            }
        }
        for line in vendorText.split(separator: "\n") {
            let fields = Self.fields(line)
            guard fields.count == 4, let forms = Self.patterns(fields[3]) else {
                unreadable.append(String(line))
                continue
            }
            for word in fields[2].split(separator: " ") {
                let isEveryday = word.first == "~"
                let parts = (isEveryday ? word.dropFirst() : word).split(separator: "+")
                // Names are written with and without separators.
                for separator in parts.count > 1 ? ["", "-", "_", "."] : [""] {
                    meanings[parts.joined(separator: separator), default: []].append(.vendor(vendors.count, isEveryday: isEveryday))
                }
            }
            vendors.append(Vendor(kind: SecretKind(type: fields[0], title: fields[1]), forms: forms))
        }
        for word in SecretNames.hints { meanings[word, default: []].append(.name) }
        for kind in SecretStructures.Kind.allCases { for keyword in kind.keywords { meanings[keyword, default: []].append(.structure(kind)) } }

        let keywords = meanings.keys.sorted()
        self.tokens = tokens
        self.vendors = vendors
        self.meanings = keywords.map { meanings[$0] ?? [] }
        lengths = keywords.map(\.utf8.count)
        self.unreadable = unreadable
        automaton = KeywordAutomaton(keywords.map { Array($0.utf8) })
    }

    private static func fields(_ line: Substring) -> [String] {
        // Columns are set apart by blanks, because a pattern may contain the bar.
        var fields: [String] = [""]
        for word in line.split(separator: " ") {
            if word == "|" {
                fields.append("")
            } else {
                fields[fields.count - 1] += (fields[fields.count - 1].isEmpty ? "" : " ") + word
            }
        }
        return fields
    }

    private static func patterns(_ text: String) -> [TokenPattern]? {
        let texts = text.split(separator: " ")
        let patterns = texts.compactMap { TokenPattern(String($0)) }
        return patterns.count == texts.count && !patterns.isEmpty ? patterns : nil
    }
}

/// A kind of secret: its name for machines and for people.
struct SecretKind: Sendable, Hashable {
    let type: String
    let title: String
}
