// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What an unquoted value is by the core schema of YAML 1.2 (section 10.3.2): a truth value, a number, or a text.
enum YAMLScalar {
    /// `true` and `false` in their three spellings; nil for anything else.
    static func flag(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// What a truth value of YAML 1.1 is written as today; nil for anything else.
    static func formerFlag(_ text: String) -> String? {
        switch text.lowercased() {
        case "yes", "y", "on", "1", "true": "true"
        case "no", "n", "off", "0", "false": "false"
        default: nil
        }
    }

    /// What it is instead of a text, in words; nil for a text.
    static func type(_ text: String) -> String? {
        if flag(text) != nil { return "a truth value" }
        return isNumber(text) ? "a number" : nil
    }

    private static func isNumber(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        if bytes.starts(with: Array("0o".utf8)) { return bytes.count > 2 && bytes.dropFirst(2).allSatisfy { (0x30...0x37).contains($0) } }
        if bytes.starts(with: Array("0x".utf8)) {
            return bytes.count > 2 && bytes.dropFirst(2).allSatisfy { isDigit($0) || (0x61...0x66).contains($0 | 0x20) }
        }
        if [".nan", ".NaN", ".NAN"].contains(text) { return true }
        if let sign = bytes.first, sign == 0x2B || sign == 0x2D { bytes = bytes.dropFirst() }
        if [".inf", ".Inf", ".INF"].contains(String(decoding: bytes, as: UTF8.self)) { return true }
        let whole = bytes.prefix(while: isDigit)
        bytes = bytes.dropFirst(whole.count)
        var fraction = bytes.prefix(0)
        if bytes.first == 0x2E {
            fraction = bytes.dropFirst().prefix(while: isDigit)
            bytes = bytes.dropFirst(1 + fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return false }
        if let mark = bytes.first, mark | 0x20 == 0x65 {
            bytes = bytes.dropFirst()
            if let sign = bytes.first, sign == 0x2B || sign == 0x2D { bytes = bytes.dropFirst() }
            guard !bytes.isEmpty else { return false }
            bytes = bytes.drop(while: isDigit)
        }
        return bytes.isEmpty
    }
}
