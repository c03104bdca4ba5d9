// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Testing

/// Synthetic secrets, made at run time so that no key-like text stands in the source.
struct SecretSamples {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    static let lower = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    static let hex = Array("0123456789abcdef")
    static let mixed = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    static let upper = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    mutating func random(_ count: Int, _ alphabet: [Character] = SecretSamples.mixed) -> String {
        String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }

    mutating func uuid() -> String { [8, 4, 4, 4, 12].map { random($0, Self.hex) }.joined(separator: "-") }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

    /// A value assigned to a name in the ways of many kinds of files.
    static func templates(_ name: String, _ value: String) -> [String] {
        let upper = name.uppercased()
        return [
            "\(upper)=\(value)", "export \(upper)=\"\(value)\"", "\(name): \(value)", "\(name): '\(value)'", "{\n  \"\(name)\": \"\(value)\",\n  \"a\": 1\n}",
            "\(name) = \"\(value)\"", "\(name) := `\(value)`", "const \(name): string = \"\(value)\";", "var \(name) string = \"\(value)\"",
            "\"\(name)\" => \"\(value)\",", "System.setProperty(\"\(upper)\", \"\(value)\");", "<\(name)>\n    \(value)\n</\(name)>",
            "<add key=\"\(name)\" value=\"\(value)\"/>", "- name: \(upper)\n  value: \"\(value)\"", "os.environ.get('\(upper)', '\(value)')",
            "{\"env\": \"\(upper)=\(value)\\nNEXT=1\"}", "{\"body\": \"{\\\"\(name)\\\": \\\"\(value)\\\"}\"}", "https://api.test.dev/v1?a=1&\(name)=\(value)&b=2",
            "tool --\(name.replacing("_", with: "-")) \(value) run", "tool --\(name.replacing("_", with: "-"))=\(value)", "\(upper) ?= \(value)",
            "#define \(upper) \"\(value)\"", "\(name): |\n  \(value)\n", "\(upper)=${\(upper):-\(value)}",
        ]
    }
}
