// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Variables set in the same text, as far as their values are known.
struct ShellVariables: Sendable {
    struct Value: Sendable {
        var text: String
        /// False when another assignment, a branch or a loop may have changed it.
        var isCertain: Bool
    }

    private var values: [String: Value] = [:]
    /// A command that can set any variable has been read.
    private var isShaken = false
    /// `IFS` has been set: where values break into words is not known.
    private(set) var splitsOddly = false

    subscript(name: String) -> Value? {
        guard !values.isEmpty, var value = values[name] else { return nil }
        if isShaken { value.isCertain = false }
        return value
    }

    /// `NAME=value` on its own.
    mutating func assign(_ name: String, _ word: ShellWord, isConditional: Bool) {
        guard !name.isEmpty, name.utf8.count <= 128 else { return }
        if name == "IFS" {
            splitsOddly = true
            return
        }
        guard !word.dynamics.contains(.unknown), word.text.utf8.count <= 4096 else {
            values[name] = nil
            return
        }
        var name = name
        var text = word.text
        if name.hasSuffix("+") {
            name.removeLast()
            guard let old = values[name] else { return }
            text = old.text + text
            guard text.utf8.count <= 4096 else {
                values[name] = nil
                return
            }
            values[name] = Value(text: text, isCertain: old.isCertain && !isConditional)
            return
        }
        guard values.count < 256 || values[name] != nil else { return }
        let isNew = values[name] == nil || values[name]?.text == text
        values[name] = Value(text: text, isCertain: !isConditional && isNew)
    }

    /// Commands that set variables: export, declare, local, read, unset and the like.
    mutating func declare(_ words: [ShellWord], isConditional: Bool) {
        guard let first = words.first, first.text.utf8.count <= 8 else { return }
        switch first.text {
        case "eval", "source", ".", "let", "trap", "alias", "enable", "command", "builtin":
            isShaken = true
        case "export", "declare", "typeset", "local", "readonly":
            for word in words.dropFirst() {
                guard let equals = word.text.utf8.firstIndex(of: 0x3D) else { continue }
                var value = word
                value.text = String(word.text[word.text.index(after: equals)...])
                assign(String(word.text[..<equals]), value, isConditional: isConditional)
            }
        case "read", "unset", "mapfile", "getopts":
            if words.contains(where: { $0.text == "IFS" }) { splitsOddly = true }
            guard !values.isEmpty else { return }
            isShaken = true
            for word in words.dropFirst() { values[word.text] = nil }
        case "printf":
            guard !values.isEmpty, words.count > 2, words[1].text == "-v" else { return }
            values[words[2].text] = nil
        case "set":
            // fish: set NAME value
            guard words.count == 3, !words[1].text.hasPrefix("-"), !words[1].text.hasPrefix("+") else { return }
            assign(words[1].text, words[2], isConditional: isConditional)
        default: return
        }
    }

    /// A loop's variable: the value is one of several.
    mutating func loop(_ name: String, _ words: [ShellWord]) {
        guard words.count == 1, let only = words.first, only.dynamics == [] else {
            values[name] = nil
            return
        }
        assign(name, only, isConditional: false)
    }
}
