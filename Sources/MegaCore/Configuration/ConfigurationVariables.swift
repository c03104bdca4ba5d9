// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Variables for `${NAME}` in the file: those of the process first, then those of the `.env` file.
struct ConfigurationVariables: Sendable {
    struct Missing: Error {
        let reason: String
        let suggestion: String
    }

    let process: [String: String]
    let file: [String: String]

    /// An empty variable counts as not set.
    subscript(name: String) -> String? {
        [process[name], file[name]].compactMap { $0 }.first { !$0.isEmpty }
    }

    /// The names a text refers to, without looking whether they are set.
    static func names(in text: String) -> Set<String> {
        var names: Set<String> = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            rest = rest[start.upperBound...]
            names.insert(String(rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }))
        }
        return names
    }

    /// Puts values in for `${NAME}` and `${NAME:-default}`; `$${` stands for `${`. A value is not looked through again.
    func substitute(_ text: String) throws(Missing) -> String {
        guard text.contains("${") else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            if after.hasPrefix("${") {
                result += "${"
                rest = after.dropFirst(2)
                continue
            }
            guard after.hasPrefix("{") else {
                result += "$"
                rest = after
                continue
            }
            guard let end = after.firstIndex(of: "}") else {
                throw Missing(reason: "\"${\" has no closing brace.", suggestion: "Write ${NAME}, or $${ for the characters themselves.")
            }
            result += try value(of: after[after.index(after: after.startIndex)..<end])
            rest = after[after.index(after: end)...]
        }
        return result + rest
    }

    private func value(of expression: Substring) throws(Missing) -> String {
        var name = expression
        var fallback: Substring?
        if let separator = expression.firstRange(of: ":-") {
            name = expression[..<separator.lowerBound]
            fallback = expression[separator.upperBound...]
        }
        guard let first = name.first, first.isLetter || first == "_", name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else {
            throw Missing(reason: "${\(name)} is no variable name.", suggestion: "Use letters, digits and underscores.")
        }
        if let value = self[String(name)] { return value }
        if let fallback { return String(fallback) }
        throw Missing(
            reason: "the variable \(name) is not set.", suggestion: "Set it in the environment or the .env file, or write ${\(name):-default}.")
    }
}

/// A `.env` file: `NAME=value` lines, `#` comments, `export` allowed, values in single or double quotes.
struct DotEnvironment {
    private(set) var values: [String: String] = [:]
    private(set) var lines: [String: Int] = [:]
    private(set) var problems: [ConfigurationProblem] = []

    init(text: String, source: String) {
        // Split on the scalar, since "\r\n" is one Character in Swift.
        for (index, rawLine) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var line = Self.trim(String(rawLine)[...])
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = Self.trim(line.dropFirst(7)) }
            guard let equals = line.firstIndex(of: "=") else {
                report(source, index, "this is not NAME=value.", "Begin comments with #.")
                continue
            }
            let name = Self.trim(line[..<equals])
            guard let first = name.first, !first.isNumber, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
            else {
                report(source, index, "the part before the = is no variable name.", "Use letters, digits and underscores.")
                continue
            }
            guard let value = Self.value(Self.trim(line[line.index(after: equals)...])) else {
                report(source, index, "the quotation mark of \(name) is not closed.", nil)
                continue
            }
            if lines[String(name)] != nil {
                report(source, index, "\(name) stands more than once.", "Keep one of them.")
            }
            values[String(name)] = value
            lines[String(name)] = index + 1
        }
    }

    private mutating func report(_ source: String, _ index: Int, _ message: String, _ suggestion: String?) {
        problems.append(.init(keyPath: "", source: source, line: index + 1, message: message, suggestion: suggestion))
    }

    private static func value(_ text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            // An unquoted value ends where a comment begins.
            guard let comment = text.firstRange(of: " #") else { return String(text) }
            return String(trim(text[..<comment.lowerBound]))
        }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\", quote == "\"" {
                isEscaped = true
            } else if character == quote {
                return result
            } else {
                result.append(character)
            }
        }
        return nil
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return text
    }
}
